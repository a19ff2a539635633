/** Wraps the channels and callbacks of every carrier in the resources of an application. */
import type { Resources } from '../../../server/services.ts';
import type { CallbackRoute, CallMessage, Channel } from '../../../src/ports/carriers.ts';

export const withChannels = (resources: Resources, wrap: (channel: Channel) => Channel): Resources => ({
  ...resources,
  carriers: resources.carriers.map(carrier => ({ ...carrier, channels: carrier.channels.map(wrap) })),
});

export const withCallbacks = (resources: Resources, wrap: (route: CallbackRoute) => CallbackRoute): Resources => ({
  ...resources,
  carriers: resources.carriers.map(carrier => ({ ...carrier, callbacks: carrier.callbacks.map(wrap) })),
});

export const isCallChannel = (channel: Channel): channel is Channel<CallMessage> => channel.via === 'call';
