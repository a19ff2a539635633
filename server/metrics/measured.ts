/** Measures the uses of stores, carriers and the password hasher of one process. */
import type { Metrics } from '../../src/ports/metrics.ts';
import type { Resources } from '../services.ts';
import { measuredCallbacks, measuredSends } from './measured-carriers.ts';
import { measuredHasher } from './measured-hasher.ts';
import { timed, watchedDurable, watchedShortLived } from './measured-stores.ts';

/** What takes the place of the resources, so that each use is measured. */
export const measured = (resources: Resources, metrics: Metrics): Partial<Resources> => ({
  metrics,
  durable: watchedDurable(resources.durable, timed(metrics)),
  shortLived: watchedShortLived(resources.shortLived, timed(metrics)),
  passwords: measuredHasher(resources.passwords, metrics),
  carriers: resources.carriers.map(carrier => measuredCallbacks(carrier, metrics)),
  watchCarrier: carrier => measuredSends(carrier, metrics),
});
