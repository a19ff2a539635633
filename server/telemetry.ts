/** Opens what operators watch the process by, as the settings wish: metrics on the management port. Each part is loaded only then. */
import { readFileSync } from 'node:fs';
import type { Settings } from '../src/config.ts';
import { passkeyAlone, passwordStep } from '../src/metrics.ts';
import { factorsFor } from '../src/mfa/factors/index.ts';
import type { Listening } from './listen.ts';
import type { ProcessState } from './management.ts';
import type { GivenValues } from './metrics/registry.ts';
import type { OpenResources } from './resources.ts';

/** What watches one process. */
export interface Telemetry {
  /** Resources of which each use is measured. */
  watch(resources: OpenResources): OpenResources;
  /** Opens the management port, where there is one. @throws Problem as `listen` */
  listen(state: ProcessState): Promise<Listening | undefined>;
}

/** Opens the parts that the settings name. */
export const openTelemetry = async (settings: Settings): Promise<Telemetry> => {
  const { managementListen } = settings;
  if (managementListen === undefined) return { watch: resources => resources, listen: async () => undefined };
  const { createMetrics } = await import('./metrics/registry.ts');
  const { measured } = await import('./metrics/measured.ts');
  const { openManagement } = await import('./management.ts');
  const metrics = createMetrics(givenValues(settings));
  metrics.gauge('sallyport_build_info', () => [{ labels: { version, node: process.version }, value: 1 }]);
  return {
    watch: resources => measured(resources, metrics),
    listen: async state => openManagement(managementListen, state, metrics),
  };
};

const [, version = 'unknown'] =
  /"version": "([^"]+)"/.exec(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) ?? [];

/** Names of carriers: of the telephone network, and of the two that the services make. */
const carrierNames = ['twilio', 'mail', 'push'];

/** Values of labels that are known at the start. */
export const givenValues = (settings: Settings): GivenValues => ({
  factor: [passwordStep, passkeyAlone, ...factorsFor(settings).map(({ type }) => type)],
  carrier: carrierNames,
  version: [version],
  node: [process.version],
});
