/** Sends requests over the wire, and simulates a browser that keeps cookies and follows redirects. */
import { request as httpRequest } from 'node:http';
import type { World } from './world.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request to one node, with the issuer's Host unless `headers` say otherwise. */
export const send = (
  world: World,
  method: string,
  path: string,
  more: {
    readonly headers?: Record<string, string>;
    readonly form?: Record<string, string>;
    readonly json?: unknown;
    readonly node?: number;
  } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const body = more.form ? new URLSearchParams(more.form).toString() : more.json && JSON.stringify(more.json);
    const type = more.form ? 'application/x-www-form-urlencoded' : 'application/json';
    const asked = httpRequest(
      {
        host: '127.0.0.1',
        port: world.ports[more.node ?? 0],
        method,
        path,
        agent: false,
        headers: { host: world.issuer.host, ...(body !== undefined && { 'content-type': type }), ...more.headers },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(typeof body === 'string' ? body : undefined);
  });

/** Where a browser stopped: at one of our pages, at an interaction, or at the redirect URI of a client. */
export interface Stop {
  readonly at: 'page' | 'interaction' | 'client';
  readonly url: URL;
  readonly answer: Answer;
  /** Parameters that the client received. */
  readonly params: Readonly<Record<string, string>>;
}

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly value: string;
}

/** A browser: sends cookies by path and follows redirects until it leaves for a client. */
export class Browser {
  cookies: Cookie[] = [];
  readonly world: World;
  readonly node: number;
  constructor(world: World, node = 0) {
    this.world = world;
    this.node = node;
  }

  async open(
    method: string,
    path: string,
    more: { form?: Record<string, string>; json?: unknown } = {},
  ): Promise<Stop> {
    const url = new URL(path, this.world.issuer);
    const answer = await send(this.world, method, url.pathname + url.search, {
      ...more,
      node: this.node,
      headers: { accept: 'text/html', ...(this.cookies.length > 0 && { cookie: this.#cookiesFor(url.pathname) }) },
    });
    this.#keep(answer);
    const to = answer.headers['location'];
    if (typeof to !== 'string') {
      return { at: url.pathname.startsWith('/interaction/') ? 'interaction' : 'page', url, answer, params: {} };
    }
    const next = new URL(to, url);
    if (next.origin === this.world.issuer.origin) return this.open('GET', next.pathname + next.search);
    return { at: 'client', url: next, answer, params: Object.fromEntries(next.searchParams) };
  }

  #cookiesFor(path: string): string {
    return this.cookies
      .filter(cookie => path.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep({ headers }: Answer): void {
    for (const line of headers['set-cookie'] ?? []) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = attributes.find(each => /^path=/i.test(each))?.slice(5) ?? '/';
      this.cookies = this.cookies.filter(cookie => cookie.name !== name || cookie.path !== path);
      if (value !== '' && !/expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.push({ name, path, value });
    }
  }
}
