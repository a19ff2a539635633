/** Drives the pages without script: cookies, forms, redirects and pages with a refresh, one request at a time. */
import { request as askHttp } from 'node:http';
import { request as askHttps } from 'node:https';
import type { Clock } from '../../../src/ports/time.ts';
import { Jar } from './jar.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The requested path. */
  readonly path: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form as a page of ours would post it. */
  readonly form?: Readonly<Record<string, string>>;
  /** Anything else, with its own content-type in `headers`. */
  readonly body?: string | Buffer;
  /** Which node answers. */
  readonly node?: number;
}

export interface Place {
  readonly issuer: URL;
  readonly ports: readonly number[];
  readonly clock: Clock;
  /** The certificate of a proxy in front that ends TLS, for an issuer with https. */
  readonly ca?: string;
}

const mostHops = 10;
const unescape = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The one heading of a page, as a person reads it. */
export const heading = ({ text }: Answer): string =>
  unescape((/<h1[^>]*>([^]*?)<\/h1>/.exec(text)?.[1] ?? '').replaceAll(/<[^>]*>/g, ''));

/** The address to which a page refreshes. */
export const onward = ({ text }: Answer): string | undefined => {
  const content = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(text)?.[1];
  return content === undefined ? undefined : unescape(content).replace(/^'|'$/g, '');
};

/** Id of the sign-in that a page belongs to, from its address; empty: the page is not part of a sign-in. */
export const uidOf = ({ path }: Answer): string => /^\/interaction\/([^/?]+)/.exec(path)?.[1] ?? '';

/** A form of a page: its address and its hidden fields. */
export const formTo = (
  { text }: Answer,
  action: RegExp,
): { readonly action: string; readonly hidden: Record<string, string> } => {
  for (const [, attributes = '', inside = ''] of text.matchAll(/<form([^>]*)>([^]*?)<\/form>/g)) {
    const to = unescape(/action="([^"]*)"/.exec(attributes)?.[1] ?? '');
    if (!action.test(to)) continue;
    const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    return {
      action: to,
      hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, unescape(value)])),
    };
  }
  throw new Error(`no form to ${action} on the page "${heading({ text, status: 0, headers: {}, path: '' })}"`);
};

export class Browser {
  readonly #place: Place;
  jar: Jar;
  /** Which node answers, unless a request says otherwise. */
  node = 0;
  /** Sent with each request, if it is set. */
  userAgent: string | undefined;

  constructor(place: Place, jar = new Jar(place.clock)) {
    this.#place = place;
    this.jar = jar;
  }

  /** Sends one request to the issuer and follows no redirect. */
  async go(to: string, { method, headers = {}, form, body, node = this.node }: Ask = {}): Promise<Answer> {
    const { pathname, search } = new URL(to, this.#place.issuer);
    const path = pathname + search;
    const sent = form === undefined ? body : new URLSearchParams(form).toString();
    const cookie = this.jar.for(pathname);
    const all = {
      host: this.#place.issuer.host,
      accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      ...(cookie !== '' && { cookie }),
      ...(this.userAgent !== undefined && { 'user-agent': this.userAgent }),
      // Headers of a browser for a form of ours.
      ...(form !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        origin: this.#place.issuer.origin,
      }),
      ...(sent !== undefined && { 'content-length': String(Buffer.byteLength(sent)) }),
      ...headers,
    };
    const { ca } = this.#place;
    const ask = ca === undefined ? askHttp : askHttps;
    const answer = await new Promise<Answer>((resolve, reject) => {
      const asked = ask(
        {
          ...(ca !== undefined && { ca, servername: this.#place.issuer.hostname }),
          host: '127.0.0.1',
          port: this.#place.ports[node],
          path,
          method: method ?? (form ? 'POST' : 'GET'),
          headers: all,
          agent: false,
        },
        response => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(parts).toString();
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text, path });
          });
        },
      );
      asked.on('error', reject);
      asked.end(sent);
    });
    const cookies = answer.headers['set-cookie'];
    this.jar.take(Array.isArray(cookies) ? cookies : []);
    return answer;
  }

  /** As `go`, then follows redirects and refreshes until a page stays or leads to another site. */
  async visit(to: string, how: Ask = {}): Promise<Answer> {
    let answer = await this.go(to, how);
    for (let hop = 0; hop < mostHops; hop += 1) {
      const next = this.next(answer);
      if (next === undefined || next.origin !== this.#place.issuer.origin) return answer;
      answer = await this.go(next.href, how.node === undefined ? {} : { node: how.node });
    }
    throw new Error(`more than ${mostHops} hops from ${to}`);
  }

  /** Where an answer leads. */
  next(answer: Answer): URL | undefined {
    const location = answer.headers['location'];
    const to = typeof location === 'string' ? location : onward(answer);
    return to === undefined ? undefined : new URL(to, this.#place.issuer);
  }
}
