/**
 * Checks every answer of the issuer to a Chromium of any test: headers, cookies, policy violations, requests to other
 * hosts. In these tests the issuer is `localhost`, and other sites are 127.0.0.1.
 */
import type { BrowserContext, ConsoleMessage, Request, Response } from 'playwright-core';
import { cookieViolations } from './cookies.ts';
import { violations } from './rules.ts';

const issuer = 'localhost';
const loopback = new Set([issuer, '127.0.0.1']);
/** Names and numbers of people in the development world. No cookie may hold them. */
const personal = ['lovelace', 'hopper', 'inayat', 'torvalds', '@example.', '+1202555', '1202555'];

const urlOf = (address: string): URL | undefined => URL.parse(address) ?? undefined;
const isOurs = (address: string): boolean => urlOf(address)?.hostname === issuer;

export interface SurfaceCheck {
  /** Violations so far, each with its address. */
  readonly wrong: readonly string[];
  /** Set-Cookie lines. */
  readonly cookies: readonly string[];
  /** Number of checked answers of the issuer. */
  readonly answers: () => number;
  /** Resolves when every answer was checked. */
  settled(): Promise<void>;
}

/** Checks every page of the context from now on. */
export const checkSurface = (context: BrowserContext): SurfaceCheck => {
  const [wrong, cookies]: [string[], string[]] = [[], []];
  const pending: Promise<void>[] = [];
  let answers = 0;

  const look = async (response: Response): Promise<void> => {
    // The headers as they were sent, without changes by Chromium.
    const lines = await response.headersArray().catch(() => []);
    if (lines.length === 0) return;
    const headers = Object.fromEntries(lines.map(({ name, value }) => [name.toLowerCase(), value]));
    const { pathname, search } = new URL(response.url());
    const method = response.request().method();
    answers += 1;
    wrong.push(...violations({ method, path: pathname + search, status: response.status(), headers }, false));
    // Playwright joins several Set-Cookie lines by line feeds.
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
    // A navigation to a client's page is part of a sign-in; loading a resource from there is not.
    if (to === undefined || request.isNavigationRequest() || !to.protocol.startsWith('http')) return;
    const by = request.serviceWorker() ?? request.frame();
    if (isOurs(by.url()) && !isOurs(request.url())) wrong.push(`asked elsewhere: ${request.url()}`);
    if (!loopback.has(to.hostname)) wrong.push(`asked outside: ${request.url()}`);
  });
  return {
    wrong,
    cookies,
    answers: () => answers,
    async settled() {
      // A closed window sends no more events.
      const enough = Promise.withResolvers<void>();
      const timer = setTimeout(enough.resolve, 1000);
      await Promise.race([Promise.allSettled(pending), enough.promise]);
      clearTimeout(timer);
    },
  };
};
