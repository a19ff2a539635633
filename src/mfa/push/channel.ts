/**
 * Carries pushes: writes what a locked phone shows, checks the address once more, and forgets a subscription that its push service
 * does not know any more. The payload is a declarative push (`web_push: 8030`), which browsers show even where the worker of the
 * authenticator fails. It names no person, no number and no client: push service and lock screen may be read by others.
 */
import { Undelivered } from '../../errors.ts';
import { wording } from '../../locales/wording.ts';
import type { Log } from '../../log.ts';
import type { Carrier, Channel, PushMessage } from '../../ports/carriers.ts';
import type { PushTransport } from '../../ports/push.ts';
import type { Subscriptions } from './subscriptions.ts';
import { isPushEndpoint } from './subscription.ts';

interface PushCarrierDeps {
  readonly transport: PushTransport;
  /** Origins of more push services (`SALLYPORT_PUSH_SERVICES`). */
  readonly services: readonly URL[];
  readonly subscriptions: Subscriptions;
  readonly log: Log;
}

/** The payload: what the device shows, and where a tap leads. */
const payloadOf = ({ language, origin, topic, isTest }: PushMessage): string => {
  const words = wording(language);
  const { title, body } = words.pushes[isTest === true ? 'test' : 'request'];
  const navigate = `${origin}/authenticator/`;
  const shown = { title, body, navigate, lang: words.language, dir: words.direction, tag: topic };
  return JSON.stringify({ web_push: 8030, notification: shown });
};

/** The channel over a transport. */
export const pushChannel = ({ transport, services, subscriptions, log }: PushCarrierDeps): Channel<PushMessage> => ({
  via: 'push',
  backsOff: true,
  async send(message, signal) {
    const { target, topic, lifetime, device } = message;
    if (target === undefined || !isPushEndpoint(target.endpoint, services)) {
      throw new Undelivered('refused', 'got no subscription at an allowed push service, expected one');
    }
    try {
      await transport.send({ target, topic, lifetime, payload: payloadOf(message) }, signal);
    } catch (error) {
      const reason = error instanceof Undelivered ? error.reason : undefined;
      if (reason === 'gone' && device !== undefined) await subscriptions.forget(device, target);
      // A push service that does not accept what we send: nobody's phone is woken until this is mended.
      if (reason === 'misconfigured') log.error('push.not-accepted', { error });
      throw error;
    }
    return { reference: topic };
  },
});

/** The carrier of pushes. Nothing calls it back: a device that was woken fetches its request. */
export const createPushCarrier = (deps: PushCarrierDeps): Carrier => ({
  name: 'push',
  channels: [pushChannel(deps)],
  callbacks: [],
});
