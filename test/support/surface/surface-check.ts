/**
 * Watches what a Chromium of the tests is answered by the issuer, whatever the test is about: headers, cookies, broken
 * policies, requests to somebody else. In every world the issuer is `localhost`, and what is not ours 127.0.0.1.
 */
import type { BrowserContext, ConsoleMessage, Request, Response } from 'playwright-core';
import { cookieViolations } from './cookies.ts';
import { violations } from './rules.ts';

const issuer = 'localhost';
const loopback = new Set([issuer, '127.0.0.1']);
/** People of the development world: neither they nor their numbers are to be read in a cookie. */
const personal = ['lovelace', 'hopper', 'inayat', 'torvalds', '@example.', '+1202555', '1202555'];

const urlOf = (address: string): URL | undefined => URL.parse(address) ?? undefined;
const isOurs = (address: string): boolean => urlOf(address)?.hostname === issuer;

export interface SurfaceCheck {
  /** What is wrong so far, each with its address. */
  readonly wrong: readonly string[];
  /** Lines that set a cookie. */
  readonly cookies: readonly string[];
  /** How many answers of the issuer were looked at. */
  readonly answers: () => number;
  /** Once everything that came was looked at. */
  settled(): Promise<void>;
}

/** From now on, for every page of the context. */
export const checkSurface = (context: BrowserContext): SurfaceCheck => {
  const [wrong, cookies]: [string[], string[]] = [[], []];
  const pending: Promise<void>[] = [];
  let answers = 0;

  const look = async (response: Response): Promise<void> => {
    // What Chromium itself added or left out stands apart from what it was sent.
    const lines = await response.headersArray().catch(() => []);
    if (lines.length === 0) return;
    const headers = Object.fromEntries(lines.map(({ name, value }) => [name.toLowerCase(), value]));
    const { pathname, search } = new URL(response.url());
    const method = response.request().method();
    answers += 1;
    wrong.push(...violations({ method, path: pathname + search, status: response.status(), headers }, false));
    // One header may hold several lines here.
    const set = lines
      .filter(({ name }) => name.toLowerCase() === 'set-cookie')
      .flatMap(({ value }) => value.split('\n'));
    cookies.push(...set);
    wrong.push(...set.flatMap(line => cookieViolations(line, false, personal)));
  };

  context.on('response', response => {
    if (isOurs(response.url())) pending.push(look(response));
  });
  context.on('console', (message: ConsoleMessage) => {
    const text = message.text();
    const isPolicy = /content security policy|trusted ?(?:type|html|script)|permissions.policy|cross-origin-/i.test(
      text,
    );
    if (isPolicy && isOurs(message.location().url)) wrong.push(`${message.type()}: ${text}`);
  });
  context.on('weberror', error => {
    if (isOurs(error.page()?.url() ?? '')) wrong.push(`thrown: ${error.error().message}`);
  });
  context.on('request', (request: Request) => {
    const to = urlOf(request.url());
    // Going on to a client's own pages is what a sign-in is for; loading something from there is not.
    if (to === undefined || request.isNavigationRequest() || !to.protocol.startsWith('http')) return;
    if (isOurs(request.frame().url()) && !isOurs(request.url())) wrong.push(`asked elsewhere: ${request.url()}`);
    if (!loopback.has(to.hostname)) wrong.push(`asked outside: ${request.url()}`);
  });
  return {
    wrong,
    cookies,
    answers: () => answers,
    async settled() {
      // Of a window that was closed meanwhile nothing more is heard.
      const enough = Promise.withResolvers<void>();
      const timer = setTimeout(enough.resolve, 1000);
      await Promise.race([Promise.allSettled(pending), enough.promise]);
      clearTimeout(timer);
    },
  };
};
