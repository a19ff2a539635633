/**
 * Serves the requests that need no issuer host. Carriers call the public address configured for callbacks, and probes call the
 * process directly, unless they have a port of their own (`server/management.ts`).
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { noteReference } from '../../src/http/request-facts.ts';
import type { Readiness } from '../../src/readiness.ts';
import { callbackRoutes, type CallbackDeps } from './callbacks.ts';
import { healthRoutes } from './health.ts';

/** True for requests to /callbacks/, and to /healthz and /readyz where `hasProbes`. Probes may send a query (`?verbose`). */
export const isForMachines = ({ url = '' }: IncomingMessage, hasProbes: boolean): boolean =>
  url.startsWith('/callbacks/') || (hasProbes && /^\/(?:healthz|readyz)(?:\?|$)/.test(url));

/** The checks and services that the machine endpoints use. */
export interface MachineEndpointsDeps extends CallbackDeps {
  /** Absent: probes have a port of their own. */
  readonly readiness?: (() => Promise<Readiness>) | undefined;
  readonly failures: Middleware;
  readonly onError: (error: unknown) => void;
}

/** Creates the application for machines. It does not check Host, because no answer contains an address made from it. */
export const createMachineEndpoints = ({
  readiness,
  failures,
  onError,
  ...deps
}: MachineEndpointsDeps): RequestListener => {
  const app = new Koa();
  app.on('error', onError);
  app.use(noteReference);
  app.use(failures);
  for (const router of [...(readiness === undefined ? [] : [healthRoutes(readiness)]), callbackRoutes(deps)]) {
    app.use(router.routes()).use(router.allowedMethods());
  }
  const answer = app.callback();
  return (request, response) => void answer(request, response);
};
