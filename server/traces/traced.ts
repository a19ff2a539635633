/** Instruments stores, carriers and the password hasher with spans. */
import type { Carrier } from '../../src/ports/carriers.ts';
import { instrumentedDurable, instrumentedShortLived, type Around } from '../metrics/measured-stores.ts';
import type { Resources } from '../services.ts';
import type { Spans } from './spans.ts';

/** Replacements for members of the resources: each operation gets a span within that of its request. */
export const traced = (resources: Resources, spans: Spans): Partial<Resources> => {
  const aroundStore: Around = async (store, operation, run) =>
    spans.within(`${store} ${operation}`, { store, operation }, run);
  const { instrumentCarrier = (carrier: Carrier) => carrier, passwords } = resources;
  return {
    aroundRequest: spans.aroundRequest,
    durable: instrumentedDurable(resources.durable, aroundStore),
    shortLived: instrumentedShortLived(resources.shortLived, aroundStore),
    passwords: {
      hash: password => spans.within('password hash', {}, () => passwords.hash(password)),
      verify: (password, phc) => spans.within('password verify', {}, () => passwords.verify(password, phc)),
      close: () => passwords.close(),
    },
    instrumentCarrier: carrier => tracedSends(instrumentCarrier(carrier), spans),
  };
};

const tracedSends = (carrier: Carrier, spans: Spans): Carrier => ({
  ...carrier,
  channels: carrier.channels.map(channel => ({
    ...channel,
    send: (message, signal) =>
      spans.within(`send ${channel.via}`, { carrier: carrier.name, channel: channel.via }, () =>
        channel.send(message, signal),
      ),
  })),
});
