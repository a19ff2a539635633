/**
 * Watches the requests of the public port: writes one line of the log for each, counts it, and measures its time. Addresses are
 * reduced to the class of their route, because they contain tokens and ids of people's sign-ins.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { factsOf } from '../src/http/request-facts.ts';
import type { Log } from '../src/log.ts';
import type { Labels, Metrics } from '../src/ports/metrics.ts';
import { routeClassOf, type RouteClass } from '../src/route-class.ts';

/** Runs the answer to one request. Tells the trace that it belongs to, where there is one. */
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

/** Machines ask for these all the time, and browsers with each page: their lines would hide the others. */
const isFrequent = (route: RouteClass): boolean => route === 'probe' || route === 'asset';

/** A listener with a part that ends with its application. */
export interface WatchedRequests {
  readonly listener: RequestListener;
  /** Ends the measuring. Requests under way are still logged. */
  close(): void;
}

/** Wraps a request listener. */
export const watchRequests = (answer: RequestListener, { log, metrics, around }: Deps): WatchedRequests => {
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
    response.once('close', () => {
      inFlight[kind] -= 1;
      const isAborted = !response.writableFinished;
      const milliseconds = performance.now() - began;
      metrics.count('sallyport_requests_total', { route, status: statusClass(response.statusCode, isAborted) });
      metrics.observe('sallyport_request_seconds', { route }, milliseconds / 1000);
      log[isFrequent(route) ? 'debug' : 'info']('request', {
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
