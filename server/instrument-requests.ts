/**
 * Instruments the requests of the public port: writes one log line for each, counts it, and measures its duration. An address is
 * reduced to the class of its route, because it may contain tokens and ids of sign-ins.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { factsOf } from '../src/http/request-facts.ts';
import type { Log } from '../src/log.ts';
import type { Labels, Metrics } from '../src/ports/metrics.ts';
import { routeClassOf, type RouteClass } from '../src/route-class.ts';

/** Answers one request within a span. Returns the id of its trace; undefined: it is not recorded. */
export type AroundRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  route: RouteClass,
  answer: () => void,
) => string | undefined;

interface Deps {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Absent: requests are not traced. */
  readonly around?: AroundRequest | undefined;
}

/**
 * Probes come each second, assets with each page, and every client reads the same documents again: at level `info` their lines would
 * hide the others.
 */
const frequent: ReadonlySet<RouteClass> = new Set<RouteClass>(['probe', 'asset', 'discovery']);

/** The instrumented listener, and how to end its gauge. */
export interface InstrumentedRequests {
  readonly listener: RequestListener;
  /** Ends the gauge. Requests in flight are still logged. */
  close(): void;
}

/** Instruments a request listener. */
export const instrumentRequests = (answer: RequestListener, { log, metrics, around }: Deps): InstrumentedRequests => {
  const inFlight = { request: 0, stream: 0 };
  const close = metrics.gauge('sallyport_requests_in_flight', () =>
    (['request', 'stream'] as const).map(kind => ({ labels: { kind }, value: inFlight[kind] })),
  );
  const listener: RequestListener = (request, response) => {
    const began = performance.now();
    const route = routeClassOf(request.url ?? '');
    const kind = route === 'stream' ? 'stream' : 'request';
    inFlight[kind] += 1;
    let trace: string | undefined;
    // 'close' follows the end of every response, also of one that the client did not wait for.
    response.on('close', () => {
      inFlight[kind] -= 1;
      const isAborted = !response.writableFinished;
      const milliseconds = performance.now() - began;
      metrics.count('sallyport_requests_total', { route, status: statusClass(response.statusCode, isAborted) });
      metrics.observe('sallyport_request_seconds', { route }, milliseconds / 1000);
      log[frequent.has(route) ? 'debug' : 'info']('request', {
        method: request.method,
        route,
        status: response.statusCode,
        milliseconds: Math.round(milliseconds * 10) / 10,
        ...(isAborted && { aborted: true }),
        ...factsOf(request),
        ...(trace !== undefined && { trace }),
      });
    });
    if (around === undefined) answer(request, response);
    else trace = around(request, response, route, () => answer(request, response));
  };
  return { listener, close };
};

const statusClass = (status: number, isAborted: boolean): Labels<'sallyport_requests_total'>['status'] => {
  if (isAborted) return 'aborted';
  if (status < 200) return '1xx';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
};
