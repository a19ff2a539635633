/** Instruments stores, carriers and the password hasher of one process with metrics. */
import type { Metrics } from '../../src/ports/metrics.ts';
import type { Resources } from '../services.ts';
import { measuredCallbacks, measuredSends } from './measured-carriers.ts';
import { measuredHasher } from './measured-hasher.ts';
import { timed, instrumentedDurable, instrumentedShortLived } from './measured-stores.ts';

/** Replacements for members of the resources, which measure each operation. */
export const measured = (resources: Resources, metrics: Metrics): Partial<Resources> => ({
  metrics,
  durable: instrumentedDurable(resources.durable, timed(metrics)),
  shortLived: instrumentedShortLived(resources.shortLived, timed(metrics)),
  passwords: measuredHasher(resources.passwords, metrics),
  carriers: resources.carriers.map(carrier => measuredCallbacks(carrier, metrics)),
  instrumentCarrier: carrier => measuredSends(carrier, metrics),
});
