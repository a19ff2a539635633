/** Sends a push without a request, so that a person sees whether pushes arrive. A few in ten minutes. */
import { sha256 } from '../../crypto.ts';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { AuditEvent } from '../../audit.ts';
import type { PushMessage } from '../../ports/carriers.ts';
import type { ApiDevice } from './devices.ts';

/** not-subscribed: there is no subscription, or its push service does not know it any more. */
export type TestPushResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'not-subscribed' | 'not-sent' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

/** Most test pushes of a device in this time. */
const most = 3;
const window: Millis = 600_000;
/** The person looks at the screen: a later one would only confuse. */
const lifetime: Millis = 60_000;

/** What sends it (`delivery/sender.ts`). A text says why it was not sent. */
interface PushSender {
  send(push: {
    readonly message: PushMessage;
    readonly counted: undefined;
    readonly event: AuditEvent;
  }): Promise<object | string>;
}

interface TestPushesDeps {
  readonly sender: PushSender;
  readonly ephemeral: Ephemeral;
  /** The issuer's origin. */
  readonly origin: string;
}

export class TestPushes {
  readonly #deps: TestPushesDeps;

  constructor(deps: TestPushesDeps) {
    this.#deps = deps;
  }

  /** Sends one to this device. */
  async send({ userId, handle, authenticator, subscription, language }: ApiDevice): Promise<TestPushResult> {
    if (subscription === undefined) return { ok: false, reason: 'not-subscribed' };
    const { sender, ephemeral, origin } = this.#deps;
    const counter = key<number>('test-pushes', handle);
    const total = await ephemeral.increment(counter, window);
    if (total > most) {
      const [count] = await ephemeral.counts(counter);
      return { ok: false, reason: 'wait', until: count?.until ?? 0 };
    }
    const sent = await sender.send({
      message: {
        via: 'push',
        isTest: true,
        target: subscription,
        ...(authenticator !== undefined && { device: { userId, id: authenticator } }),
        topic: sha256(`test:${handle}`).slice(0, 32),
        language,
        origin,
        lifetime,
      },
      counted: undefined,
      event: { event: 'push.tested', actor: 'device', subject: userId, outcome: 'info', via: 'push' },
    });
    if (typeof sent !== 'string') return { ok: true };
    return { ok: false, reason: sent === 'unsubscribed' ? 'not-subscribed' : 'not-sent' };
  }
}
