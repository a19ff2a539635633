/** Serves every page of the catalogue with its assets under the policy that the real server sends. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wording, type Words } from '../../src/locales/wording.ts';
import { assets } from '../../web/assets.ts';
import { catalogue } from '../../web/pages/catalogue.ts';
import { pseudo } from '../support/pseudo-locale.ts';

/** Allows no inline code, no other origin, and no string that becomes markup. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const drawnIn = (words: Words, prefix = ''): ReadonlyMap<string, string> =>
  new Map(catalogue.map(({ name, draw }) => [prefix + name, draw(words).text]));

/** Every page as the server would send it, by name. */
export const drawn = drawnIn(wording('en'));

/** Languages with longer words, or written from right to left. */
export const translations = { de: wording('de'), fr: wording('fr'), rtl: pseudo } as const;

/** The same pages in each of them: `rtl/call/ringing`. */
export const translated: ReadonlyMap<string, string> = new Map(
  Object.entries(translations).flatMap(([language, words]) => [...drawnIn(words, `${language}/`)]),
);

export interface Gallery {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Paths that were asked for and are no page: where forms and scripts of the pages led. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** `answer` handles a request if it returns true. Other requests get their page, or 204, so that the browser stays on its page. */
export const openGallery = async (
  answer: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<Gallery> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const asset = assets.get(path);
    const page = drawn.get(path.slice(1)) ?? translated.get(path.slice(1));
    if (asset === undefined && page === undefined) asked.push(`${request.method ?? ''} ${path}`);
    if (answer(request, response)) return;
    const type = asset?.type ?? 'text/html; charset=utf-8';
    const found = asset?.body ?? page;
    response.writeHead(found === undefined ? 204 : 200, { 'content-type': type, 'content-security-policy': policy });
    response.end(found);
  });
  await new Promise<void>(listening => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise<void>(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
