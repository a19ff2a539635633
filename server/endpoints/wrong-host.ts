/**
 * Refuses requests for another host than the issuer's, or with an unreadable one (`src/oidc/http/host.ts`), in plain text: a page
 * would link to addresses of that host. The log says which host came, because a proxy that does not pass the Host header on
 * makes every request fail.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isProblem, Problem } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';

/** At most one line in this time: anyone can send any number of such requests. */
const quietFor: Millis = 10_000;

/** `isDevelopment`: the answer names both hosts. */
export const createHostRefusal = (deps: {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly isDevelopment: boolean;
}) => {
  const silent = { until: 0, count: 0 };
  const note = (problem: Problem, request: IncomingMessage): void => {
    const now = deps.clock();
    if (now < silent.until) return void (silent.count += 1);
    const { label, message: reason } = problem;
    deps.log.warn('request.wrong-host', {
      label,
      reason,
      address: request.socket.remoteAddress,
      ...(silent.count > 0 && { unlogged: silent.count }),
    });
    Object.assign(silent, { until: now + quietFor, count: 0 });
  };

  return (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    const problem = isProblem(error)
      ? error
      : new Problem('bad-request', 'got a request that cannot be read', { cause: error });
    note(problem, request);
    const { status, label, message } = problem;
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    const sentence = status === 421 ? 'This address is not served here.' : 'This request cannot be read.';
    response.end(`${label} ${sentence}${deps.isDevelopment ? ` For developers: ${message}.` : ''}\n`);
  };
};
