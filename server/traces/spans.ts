/**
 * Creates the spans of a trace: one for each request of the public port, and within it one for each store operation, send and
 * password hash. Background work has no spans: timers would fill the traces.
 *
 *   spans.ts         creates spans and their attributes
 *   open-traces.ts   sets up the SDK, which sends spans to a collector
 *   traced.ts        instruments stores, carriers and the password hasher
 *
 * Attributes come from closed lists, beside the reference of a sign-in and the id of a registered client.
 */
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { IncomingMessage } from 'node:http';
import { isProblem } from '../../src/errors.ts';
import { factsOf } from '../../src/http/request-facts.ts';
import type { RouteClass } from '../../src/route-class.ts';
import type { AroundRequest } from '../instrument-requests.ts';

export interface Spans {
  readonly aroundRequest: AroundRequest;
  /** Runs an operation in a span of its own, where it belongs to a request that is recorded. */
  within<T>(name: string, attributes: Attributes, run: () => Promise<T>): Promise<T>;
}

/** Probes and assets are frequent and tell little; streams last for minutes. */
const untraced: ReadonlySet<RouteClass> = new Set<RouteClass>(['probe', 'asset', 'stream']);
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

/**
 * The parent span that the header `traceparent` names (W3C Trace Context §3.2). It is read behind a proxy only: otherwise a
 * stranger could put the requests of others into a trace of their own. The proxy must replace the header.
 */
const parentOf = ({ headers }: IncomingMessage, isBehindProxy: boolean): Context => {
  const { traceparent } = headers;
  if (!isBehindProxy || typeof traceparent !== 'string') return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '0'] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
};

/** Creates spans by this tracer. `isBehindProxy`: requests come from a proxy of the operator. */
export const createSpans = (tracer: Tracer, isBehindProxy: boolean): Spans => ({
  aroundRequest(request, response, route, answer) {
    if (untraced.has(route)) {
      answer();
      return undefined;
    }
    const method = methods.has(request.method ?? '') ? `${request.method}` : '_OTHER';
    const parent = parentOf(request, isBehindProxy);
    const attributes = { 'http.request.method': method, 'http.route': route };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    response.once('close', () => {
      const { reference, client, factor } = factsOf(request);
      span.setAttributes({
        'http.response.status_code': response.statusCode,
        ...(reference !== undefined && { 'sallyport.reference': reference }),
        ...(client !== undefined && { 'sallyport.client': client }),
        ...(factor !== undefined && { 'sallyport.factor': factor }),
      });
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(parent, span), answer);
    return span.isRecording() ? span.spanContext().traceId : undefined;
  },
  async within(name, attributes, run) {
    if (trace.getActiveSpan()?.isRecording() !== true) return run();
    return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async span => inSpan(span, run));
  },
});

const inSpan = async <T>(span: Span, run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    // No message: it may name what a person typed.
    span.setAttribute('error.type', isProblem(error) ? error.code : 'exception');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
};
