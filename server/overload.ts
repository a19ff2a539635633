/**
 * Refuses what a node cannot answer in time, at once and cheaply, so that what it admits is answered within a second:
 *
 *   request ─ begin, page, machine ─ room in its class? ─ no ─> 503 with Retry-After (endpoints/overloaded.ts)
 *                                     └ yes ─> its turn, one for each round of the event loop ─> the application
 *
 * Without turns, a burst would be worked off in one round, and the refusals behind it would wait for all of it. Probes, callbacks
 * of carriers, documents in memory and event streams (which have bounds of their own) are not counted and never refused.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { noMetrics, type Metrics } from '../src/ports/metrics.ts';
import type { Millis } from '../src/ports/time.ts';
import { routeClassOf, type RouteClass } from '../src/route-class.ts';

/** What a request is, for its bound. */
export type LoadClass = 'begin' | 'page' | 'machine';

/**
 * Most requests of a class that are admitted and not answered. A request takes 3 to 5 ms of processor time, so that all of a
 * class are answered within some 600 ms. Fewer sign-ins may begin than go on: who cannot begin has lost no work.
 */
export const mostInFlight: Readonly<Record<LoadClass, number>> = { begin: 64, page: 128, machine: 128 };

/** Requests of one round of the event loop are started directly for this long. The rest gets turns. */
const directly: Millis = 10;

/** Most unanswered requests of one connection (HTTP/1.1 pipelining, RFC 9112 §9.3.2). Browsers and proxies send one. */
const mostPipelined = 8;

const machines: ReadonlySet<RouteClass> = new Set<RouteClass>([
  ...(['token', 'introspection', 'revocation', 'user-info', 'pushed-request', 'backchannel'] as const),
  'authenticator-api',
]);
const uncounted: ReadonlySet<RouteClass> = new Set<RouteClass>(['probe', 'callback', 'discovery', 'asset', 'stream']);

/** The class of a request target; undefined: it is never refused. */
export const loadClassOf = (target: string): LoadClass | undefined => {
  const route = routeClassOf(target);
  if (uncounted.has(route)) return undefined;
  if (machines.has(route)) return 'machine';
  return /^\/auth(?:\?|$)/.test(target) ? 'begin' : 'page';
};

export interface OverloadDeps {
  readonly answer: RequestListener;
  readonly refuse: RequestListener;
  readonly metrics?: Metrics | undefined;
  readonly now?: () => Millis;
}

/** The listener of the public port. */
export const guardOverload = ({
  answer,
  refuse,
  metrics = noMetrics,
  now = () => performance.now(),
}: OverloadDeps): RequestListener => {
  const inFlight: Record<LoadClass, number> = { begin: 0, page: 0, machine: 0 };
  const waiting: (() => void)[] = [];
  /** When the first request of this round of the event loop came; undefined: none has. */
  let round: Millis | undefined;

  const turn = (): void => {
    waiting.shift()?.();
    // One for each round: the loop reads sockets in between, and refuses what is too much.
    if (waiting.length > 0) setImmediate(turn);
  };
  const start = (run: () => void): void => {
    const begun = round;
    if (begun === undefined) {
      round = now();
      setImmediate(() => (round = undefined));
    }
    if (waiting.length === 0 && (begun === undefined || now() - begun < directly)) return run();
    waiting.push(run);
    if (waiting.length === 1) setImmediate(turn);
  };

  const refuseAs = (request: IncomingMessage, response: ServerResponse): void => {
    metrics.count('sallyport_requests_refused_total', { reason: 'overload' });
    refuse(request, response);
  };

  const pipelined = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const unanswered = (pipelined.get(socket) ?? 0) + 1;
    pipelined.set(socket, unanswered);
    response.once('close', () => pipelined.set(socket, (pipelined.get(socket) ?? 1) - 1));
    if (unanswered > mostPipelined) {
      response.shouldKeepAlive = false;
      return refuseAs(request, response);
    }
    const loadClass = loadClassOf(request.url ?? '');
    if (loadClass === undefined) return answer(request, response);
    if (inFlight[loadClass] >= mostInFlight[loadClass]) return refuseAs(request, response);
    inFlight[loadClass] += 1;
    response.once('close', () => (inFlight[loadClass] -= 1));
    start(() => {
      // The client may have left while it waited.
      if (!response.destroyed) answer(request, response);
    });
  };
};
