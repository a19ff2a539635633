/** Serves the catalogue of the authenticator's screens, bundled as the app is, under the policy of the app. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const folder = 'web/client/authenticator';

/** As the server sends it with the app: no inline code, no other origin. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const shell =
  '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Screens</title><link rel="stylesheet" href="/style.css"></head><body><div id="app"></div><script type="module" src="/catalogue.js"></script></body></html>';

export interface AuthenticatorGallery {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** `restyle` changes the style sheet, for screenshots. */
export const openAuthenticatorGallery = async (
  restyle: (css: string) => string = css => css,
): Promise<AuthenticatorGallery> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { catalogue: `${folder}/catalogue/main.tsx`, style: `${folder}/style.css` },
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    outdir: root,
    write: false,
    logLevel: 'silent',
  });
  const files = new Map(outputFiles.map(({ path, text }) => [path.slice(root.length), text]));
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url);
    const type = url.endsWith('.css') ? 'text/css' : url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(url === '/' || file !== undefined ? 200 : 204, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
    });
    response.end(url.endsWith('.css') ? restyle(file ?? '') : (file ?? (url === '/' ? shell : '')));
  });
  await new Promise<void>(listening => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>(closed => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
