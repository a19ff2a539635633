/**
 * Serves the requests that need no issuer host. Carriers call the public address configured for callbacks, and probes call the
 * process directly.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import type { Clock } from '../../src/ports/time.ts';
import { callbackRoutes, type CallbackDeps } from './callbacks.ts';
import { healthRoutes, type Readiness } from './health.ts';

/** True for requests to /callbacks/, /healthz and /readyz. Probes may send a query with the last two (`?verbose`). */
export const isForMachines = ({ url = '' }: IncomingMessage): boolean =>
  /^\/(?:callbacks\/|healthz(?:\?|$)|readyz(?:\?|$))/.test(url);

/** The checks and services that the machine endpoints use. */
export interface MachineEndpointsDeps extends CallbackDeps {
  readonly readiness: readonly Readiness[];
  readonly clock: Clock;
  readonly failures: Middleware;
  readonly onError: (error: unknown) => void;
}

/** Creates the application for machines. It does not check Host, because no answer contains an address made from it. */
export const createMachineEndpoints = ({
  readiness,
  clock,
  failures,
  onError,
  ...deps
}: MachineEndpointsDeps): RequestListener => {
  const app = new Koa();
  app.on('error', onError);
  app.use(failures);
  for (const router of [healthRoutes(readiness, clock), callbackRoutes(deps)]) {
    app.use(router.routes()).use(router.allowedMethods());
  }
  const answer = app.callback();
  return (request, response) => void answer(request, response);
};
