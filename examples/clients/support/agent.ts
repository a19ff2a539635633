/** Acts as a browser without script at any number of sites: cookies, redirects, refreshes, and forms that submit themselves. */
import { request } from 'node:http';
import { Jar } from '../../../test/support/browser/jar.ts';
import { formTo, onward, type Answer } from '../../../test/support/browser/plain.ts';

export interface Page extends Answer {
  readonly url: URL;
}

type Form = Readonly<Record<string, string>>;

const mostHops = 20;

/** The form that a page submits at once, alone. A page that waits for a phone has such a form for later, to `/factor`. */
const submittedAtOnce = (page: Page): Page | undefined => {
  const [text] = /<form[^>]* action="(?![^"]*\/factor")[^"]*" data-autosubmit=""[^]*?<\/form>/.exec(page.text) ?? [];
  return text === undefined ? undefined : { ...page, text };
};

export class Agent {
  /** By host name without port: cookies of a host come to all its ports (RFC 6265 §8.5). */
  readonly #jars = new Map<string, Jar>();
  /** Each address so far, also those of redirects. */
  readonly visited: URL[] = [];

  /** Goes to an address, or posts a form to it, and on until a page stays. */
  async visit(to: string | URL, sent?: Form, from?: Page): Promise<Page> {
    let page = await this.#ask(new URL(to, from?.url), sent, from);
    for (let hop = 0; hop < mostHops; hop += 1) {
      const { status, headers } = page;
      const form = submittedAtOnce(page);
      const location = status >= 300 && status < 400 ? headers['location'] : onward(page);
      if (typeof location === 'string') {
        page = await this.#ask(new URL(location, page.url));
      } else if (form !== undefined) {
        const { action, hidden } = formTo(form, /./);
        page = await this.#ask(new URL(action, page.url), hidden, page);
      } else return page;
    }
    throw new Error(`more than ${mostHops} hops to ${page.url.href}`);
  }

  /** Submits the form to this address, with its hidden fields. */
  submit(page: Page, action: RegExp, fields: Form = {}): Promise<Page> {
    const form = formTo(page, action);
    return this.visit(form.action === '' ? page.url : form.action, { ...form.hidden, ...fields }, page);
  }

  async #ask(url: URL, form?: Form, from?: Page): Promise<Page> {
    this.visited.push(url);
    const jar = this.#jars.get(url.hostname) ?? new Jar(Date.now);
    this.#jars.set(url.hostname, jar);
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const cookie = jar.for(url.pathname);
    const headers = {
      accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      ...(cookie !== '' && { cookie }),
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
        origin: (from?.url ?? url).origin,
        'sec-fetch-site': (from?.url ?? url).origin === url.origin ? 'same-origin' : 'same-site',
      }),
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const asked = request(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false }, response => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
            path: url.pathname + url.search,
          }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });
    const cookies = answer.headers['set-cookie'];
    jar.take(Array.isArray(cookies) ? cookies : []);
    return { ...answer, url };
  }
}
