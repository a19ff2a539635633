/**
 * Opens the telemetry of the process: metrics on the management port, and traces. A part is loaded, and stores and carriers are
 * instrumented for it, only if its setting is set.
 */
import { readFileSync } from 'node:fs';
import type { Settings } from '../src/config.ts';
import { passkeyAlone, passwordStep } from '../src/metrics.ts';
import { factorsFor } from '../src/mfa/factors/index.ts';
import type { Listening } from './listen.ts';
import type { ProcessState } from './management.ts';
import type { GivenValues } from './metrics/registry.ts';
import type { OpenResources } from './resources.ts';

/** Telemetry of one process. */
export interface Telemetry {
  /** The same resources, with their operations measured and traced. Closing them sends the spans that wait. */
  instrument(resources: OpenResources): OpenResources;
  /** Opens the management port. undefined: none is configured. @throws Problem as `listen` */
  listen(state: ProcessState): Promise<Listening | undefined>;
}

type Part = Partial<Telemetry>;

/** Opens the parts that the settings name. */
export const openTelemetry = async (settings: Settings): Promise<Telemetry> => {
  const [metrics, traces] = await Promise.all([openMetrics(settings), openTracing(settings)]);
  return {
    instrument: resources =>
      [metrics, traces].reduce((instrumented, part) => part.instrument?.(instrumented) ?? instrumented, resources),
    listen: async state => metrics.listen?.(state),
  };
};

const openMetrics = async (settings: Settings): Promise<Part> => {
  const { managementListen } = settings;
  if (managementListen === undefined) return {};
  const { createMetrics } = await import('./metrics/registry.ts');
  const { measured } = await import('./metrics/measured.ts');
  const { openManagement } = await import('./management.ts');
  const metrics = createMetrics(givenValues(settings));
  metrics.gauge('sallyport_build_info', () => [{ labels: { version, node: process.version }, value: 1 }]);
  return {
    instrument: resources => ({ ...resources, ...measured(resources, metrics) }),
    listen: async state => openManagement(managementListen, state, metrics),
  };
};

const openTracing = async ({ traces, proxyHops }: Settings): Promise<Part> => {
  if (traces === undefined) return {};
  const { openTraces } = await import('./traces/open-traces.ts');
  const { createSpans } = await import('./traces/spans.ts');
  const { traced } = await import('./traces/traced.ts');
  const opened = openTraces(traces, version);
  const spans = createSpans(opened.tracer, proxyHops > 0);
  return {
    instrument: resources => ({
      ...resources,
      ...traced(resources, spans),
      async close() {
        await resources.close();
        await opened.close();
      },
    }),
  };
};

const [, version = 'unknown'] =
  /"version": "([^"]+)"/.exec(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) ?? [];

/** Names of carriers: of the telephone network, and of the two that the services make. */
const carrierNames = ['twilio', 'mail', 'push'];

/** The values of labels that depend on settings and version. */
export const givenValues = (settings: Settings): GivenValues => ({
  factor: [passwordStep, passkeyAlone, ...factorsFor(settings).map(({ type }) => type)],
  carrier: carrierNames,
  version: [version],
  node: [process.version],
});
