/**
 * Refuses requests that a node cannot answer in time, at once and cheaply, so that admitted requests are answered within a second:
 *
 *   request ─ begin, page, machine ─ room in its class? ─ no ─> 503 with Retry-After (endpoints/overloaded.ts)
 *                                     └ yes ─> its turn, one for each round of the event loop ─> the application
 *
 * Without turns, a burst would run in one round of the loop, and the refusals after it would wait for all of it. Probes, callbacks
 * of carriers, documents in memory and event streams (which have limits of their own) are not counted and never refused.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { noMetrics, type Metrics } from '../src/ports/metrics.ts';
import type { Millis } from '../src/ports/time.ts';
import { routeClassOf, type RouteClass } from '../src/route-class.ts';

/** Classes of requests, each with a limit of its own. */
export type LoadClass = 'begin' | 'page' | 'machine';

/**
 * Most requests of a class that are admitted and not yet answered. A request takes 3 to 5 ms of processor time, so a full class is
 * answered within some 600 ms. The limit of `begin` is lower: a person who is refused there has lost no work.
 */
export const maxInFlight: Readonly<Record<LoadClass, number>> = { begin: 64, page: 128, machine: 128 };

/** Requests start at once in the first milliseconds of a round of the event loop. Later ones wait for their turn. */
const directStart: Millis = 10;

/** Most unanswered requests of one connection (HTTP/1.1 pipelining, RFC 9112 §9.3.2). Browsers and proxies send one. */
const maxPipelined = 8;

const machines: ReadonlySet<RouteClass> = new Set<RouteClass>([
  ...(['token', 'introspection', 'revocation', 'user-info', 'pushed-request', 'backchannel'] as const),
  'authenticator-api',
]);
const uncounted: ReadonlySet<RouteClass> = new Set<RouteClass>(['probe', 'callback', 'discovery', 'asset', 'stream']);

/** The class of a request target; undefined: it is never refused. */
const loadClassOf = (target: string): LoadClass | undefined => {
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
    // One in each round: between two rounds the loop reads sockets, and excess requests are refused.
    if (waiting.length > 0) setImmediate(turn);
  };
  const start = (run: () => void): void => {
    const begun = round;
    if (begun === undefined) {
      round = now();
      setImmediate(() => (round = undefined));
    }
    if (waiting.length === 0 && (begun === undefined || now() - begun < directStart)) return run();
    waiting.push(run);
    if (waiting.length === 1) setImmediate(turn);
  };

  const refuseAs = (request: IncomingMessage, response: ServerResponse): void => {
    metrics.count('sallyport_requests_refused_total', { reason: 'overload' });
    refuse(request, response);
  };

  const connections = new WeakMap<Socket, { unanswered: number }>();
  const connectionOf = (socket: Socket): { unanswered: number } => {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    const connection = { unanswered: 0 };
    connections.set(socket, connection);
    return connection;
  };
  return (request, response) => {
    const connection = connectionOf(request.socket);
    const loadClass = loadClassOf(request.url ?? '');
    const isPipelined = connection.unanswered >= maxPipelined;
    const isExcess = isPipelined || (loadClass !== undefined && inFlight[loadClass] >= maxInFlight[loadClass]);
    const counted = isExcess ? undefined : loadClass;
    connection.unanswered += 1;
    if (counted !== undefined) inFlight[counted] += 1;
    // 'close' comes once for each response. One listener costs less than two, and `on` less than `once`.
    response.on('close', () => {
      connection.unanswered -= 1;
      if (counted !== undefined) inFlight[counted] -= 1;
    });
    if (isPipelined) response.shouldKeepAlive = false;
    if (isExcess) return refuseAs(request, response);
    if (counted === undefined) return answer(request, response);
    start(() => {
      // The client may have left while it waited.
      if (!response.destroyed) answer(request, response);
    });
  };
};
