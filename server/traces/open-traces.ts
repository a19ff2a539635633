/** Sends spans to a collector by OTLP over HTTP, in the background. Spans that the collector does not accept are dropped. */
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Millis } from '../../src/ports/time.ts';

/** Where spans go, and which share of requests is recorded. */
export interface TraceSettings {
  /** Base address of the collector, such as `http://collector:4318`. */
  readonly endpoint: URL;
  /** 1 to 100. */
  readonly percent: number;
}

/** An open connection to a collector. */
export interface Traces {
  readonly tracer: Tracer;
  /** Sends the spans that wait now. */
  flush(): Promise<void>;
  /** Sends the spans that wait, for at most two seconds. */
  close(): Promise<void>;
}

/** Time limit of one attempt to send a batch. */
const exportTimeout: Millis = 2_000;
const longestAttribute = 256;

/** Opens the traces of one process. `version`: of Sallyport. */
export const openTraces = ({ endpoint, percent }: TraceSettings, version: string): Traces => {
  const url = `${endpoint.href.replace(/\/$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportTimeout, concurrencyLimit: 2 });
  const sampler = new TraceIdRatioBasedSampler(percent / 100);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'sallyport', 'service.version': version }),
    // Our own share decides, also where a proxy says that it records each request.
    sampler: new ParentBasedSampler({ root: sampler, remoteParentSampled: sampler }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: exportTimeout })],
    spanLimits: { attributeValueLengthLimit: longestAttribute },
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    tracer: provider.getTracer('sallyport', version),
    async flush() {
      await provider.forceFlush({ timeoutMillis: exportTimeout }).catch(() => undefined);
    },
    async close() {
      await provider.shutdown().catch(() => undefined);
      context.disable();
    },
  };
};
