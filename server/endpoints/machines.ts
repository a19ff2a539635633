/** What is not asked at the issuer's host: carriers call their own public address of ours, probes the process itself. */
import type { IncomingMessage, RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import type { Clock } from '../../src/ports/time.ts';
import { callbackRoutes, type CallbackDeps } from './callbacks.ts';
import { healthRoutes, type Readiness } from './health.ts';

/** True for the requests that this application answers. */
export const isForMachines = ({ url = '' }: IncomingMessage): boolean =>
  /^\/(?:callbacks\/|healthz$|readyz$)/.test(url);

export interface OutsideDeps extends CallbackDeps {
  readonly readiness: readonly Readiness[];
  readonly clock: Clock;
  readonly failures: Middleware;
  readonly onError: (error: unknown) => void;
}

/** Answers without looking at Host: nothing here writes an address that would come from it. */
export const createMachineEndpoints = ({
  readiness,
  clock,
  failures,
  onError,
  ...deps
}: OutsideDeps): RequestListener => {
  const outside = new Koa();
  outside.on('error', onError);
  outside.use(failures);
  for (const router of [healthRoutes(readiness, clock), callbackRoutes(deps)]) {
    outside.use(router.routes()).use(router.allowedMethods());
  }
  const answer = outside.callback();
  return (request, response) => void answer(request, response);
};
