/** Measures the uses of stores, carriers and the password hasher of one process. */
import type { Metrics } from '../../src/ports/metrics.ts';
import type { OpenResources } from '../resources.ts';
import { measuredCallbacks, measuredSends } from './measured-carriers.ts';
import { measuredHasher } from './measured-hasher.ts';
import { timed, watchedDurable, watchedShortLived } from './measured-stores.ts';

/** The same resources, each use measured. */
export const measured = (resources: OpenResources, metrics: Metrics): OpenResources => ({
  ...resources,
  metrics,
  durable: watchedDurable(resources.durable, timed(metrics)),
  shortLived: watchedShortLived(resources.shortLived, timed(metrics)),
  passwords: measuredHasher(resources.passwords, metrics),
  carriers: resources.carriers.map(carrier => measuredCallbacks(carrier, metrics)),
  watchCarrier: carrier => measuredSends(carrier, metrics),
});
