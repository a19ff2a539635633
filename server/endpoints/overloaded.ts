/**
 * Answers requests that an overloaded node refuses: 503 with Retry-After, as a page or as JSON. A page is rendered once a second, so
 * that a refusal costs a tenth of a millisecond. The log has one line for many refusals, because lines cost time too.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { errorPage } from '../../web/pages/index.ts';
import { Problem } from '../../src/errors.ts';
import { securityHeaders } from '../../src/http/headers.ts';
import { chosenLanguage, wording } from '../../src/locales/wording.ts';
import type { Log } from '../../src/log.ts';
import { isForPrograms } from '../../src/oidc/http/endpoints.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** Seconds of Retry-After: random within a spread, so that refused browsers and clients do not return at the same moment. */
const soonest = 2;
const spread = 4;
/** A page shows the time. It may be out of date for this long. */
const freshFor: Millis = 1000;
/** At most one line of the log in this time. */
const quietFor: Millis = 10_000;
/** Characters of `Accept-Language` that are read. */
const longestHeader = 200;

export interface OverloadedDeps {
  readonly issuer: URL;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly random?: () => number;
}

/** Tags of `Accept-Language` in their order: weights are not worth their time here. */
const tagsIn = (header: string): readonly string[] =>
  header
    .slice(0, longestHeader)
    .split(',')
    .map(entry => entry.split(';', 1)[0]?.trim() ?? '');

/** Creates the listener for refused requests. */
export const createOverloaded = ({ issuer, clock, log, random = Math.random }: OverloadedDeps): RequestListener => {
  const { code, label, status, retryable } = new Problem(
    'overloaded',
    'got more requests than can be answered in time',
  );
  const pages = new Map<string, { readonly at: EpochMillis; readonly page: Buffer }>();
  const pageIn = (language: string): Buffer => {
    const [now, known] = [clock(), pages.get(language)];
    if (known !== undefined && Math.abs(now - known.at) < freshFor) return known.page;
    const page = Buffer.from(errorPage({ code, label, now, here: '/' }, wording(language)).text);
    pages.set(language, { at: now, page });
    return page;
  };
  const json = Buffer.from(JSON.stringify({ error: code, label, retryable }));
  const always = { ...securityHeaders(issuer), 'x-content-type-options': 'nosniff' };

  const silent = { until: 0, count: 0 };
  const note = (): void => {
    const now = clock();
    silent.count += 1;
    if (now < silent.until) return;
    log.warn('request.overloaded', { label, refused: silent.count });
    Object.assign(silent, { until: now + quietFor, count: 0 });
  };

  return ({ headers, method, url = '' }: IncomingMessage, response: ServerResponse) => {
    note();
    const wantsPage = !isForPrograms(url) && headers.accept?.includes('text/html') === true;
    const language = chosenLanguage(tagsIn(headers['accept-language'] ?? ''));
    const body = wantsPage ? pageIn(language) : json;
    response.writeHead(status, {
      ...always,
      'retry-after': `${soonest + Math.floor(random() * spread)}`,
      'content-length': body.length,
      ...(wantsPage
        ? { 'content-type': 'text/html; charset=utf-8', 'content-language': language }
        : { 'content-type': 'application/json; charset=utf-8' }),
    });
    response.end(method === 'HEAD' ? undefined : body);
  };
};
