/** Counts the messages that a carrier took or refused, and its reports of them. */
import { isProblem, Undelivered } from '../../src/errors.ts';
import type { CallbackRoute, Carrier, CarrierEvent, Channel } from '../../src/ports/carriers.ts';
import type { Labels, Metrics } from '../../src/ports/metrics.ts';

type Report = Labels<'sallyport_message_reports_total'>['report'];

/** The carrier, each send measured. */
export const measuredSends = (carrier: Carrier, metrics: Metrics): Carrier => ({
  ...carrier,
  channels: carrier.channels.map(channel => measuredChannel(carrier.name, channel, metrics)),
});

/** The carrier, each callback counted. */
export const measuredCallbacks = (carrier: Carrier, metrics: Metrics): Carrier => ({
  ...carrier,
  callbacks: carrier.callbacks.map(route => measuredCallback(carrier.name, route, metrics)),
});

const measuredChannel = (carrier: string, channel: Channel, metrics: Metrics): Channel => {
  const about = { carrier, channel: channel.via };
  return {
    ...channel,
    async send(message, signal) {
      const began = performance.now();
      try {
        const taken = await channel.send(message, signal);
        metrics.count('sallyport_messages_total', { ...about, result: 'accepted' });
        return taken;
      } catch (error) {
        const result = error instanceof Undelivered ? error.reason : 'failed';
        metrics.count('sallyport_messages_total', { ...about, result });
        throw error;
      } finally {
        metrics.observe('sallyport_message_seconds', about, (performance.now() - began) / 1000);
      }
    },
  };
};

const measuredCallback = (carrier: string, route: CallbackRoute, metrics: Metrics): CallbackRoute => ({
  ...route,
  read(callback) {
    let report: Report | undefined;
    try {
      const event = route.read(callback);
      report = reportOf(event);
      return event;
    } catch (error) {
      if (isProblem(error, 'forged')) report = 'forged';
      throw error;
    } finally {
      if (report !== undefined) metrics.count('sallyport_message_reports_total', { carrier, report });
    }
  },
});

const reportOf = (event: CarrierEvent): Report => {
  if ('answerer' in event) return 'answerer';
  if (!('progress' in event)) return 'keys';
  return event.progress.step === 'ended' ? event.progress.reason : event.progress.step;
};
