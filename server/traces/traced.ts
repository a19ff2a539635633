/** Puts the uses of stores, carriers and the password hasher into spans. */
import type { Carrier } from '../../src/ports/carriers.ts';
import { watchedDurable, watchedShortLived, type Around } from '../metrics/measured-stores.ts';
import type { Resources } from '../services.ts';
import type { Spans } from './spans.ts';

/** What takes the place of the resources, so that each use is in a span of its request. */
export const traced = (resources: Resources, spans: Spans): Partial<Resources> => {
  const aroundStore: Around = async (store, operation, run) =>
    spans.within(`${store} ${operation}`, { store, operation }, run);
  const { watchCarrier = (carrier: Carrier) => carrier, passwords } = resources;
  return {
    aroundRequest: spans.aroundRequest,
    durable: watchedDurable(resources.durable, aroundStore),
    shortLived: watchedShortLived(resources.shortLived, aroundStore),
    passwords: {
      hash: password => spans.within('password hash', {}, () => passwords.hash(password)),
      verify: (password, phc) => spans.within('password verify', {}, () => passwords.verify(password, phc)),
      close: () => passwords.close(),
    },
    watchCarrier: carrier => tracedSends(watchCarrier(carrier), spans),
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
