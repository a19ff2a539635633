/** Sends pushes as a server does, without a sign-in: rules, transport and guarded requests over one store, to the simulator. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { openWebPush } from '../../adapters/web-push.ts';
import { subscribeDevice } from '../../simulator/person.ts';
import { createOutbound, type OutboundDeps } from '../../src/http/outbound.ts';
import type { Log } from '../../src/log.ts';
import { pushChannel } from '../../src/mfa/push/channel.ts';
import { isDevice, pushType, type PushData } from '../../src/mfa/push/data.ts';
import { Subscriptions } from '../../src/mfa/push/subscriptions.ts';
import type { PushMessage, PushTarget } from '../../src/ports/carriers.ts';
import { createTestMfa } from './mfa.ts';
import { createClock } from './world/clock.ts';
import type { Node } from './world/stores.ts';
import { startTestSimulator } from '../simulator/support.ts';

export interface LoggedLine {
  readonly level: 'warn' | 'error';
  readonly event: string;
  readonly fields: object;
}

const newKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { privateKey, publicKey: point.toString('base64url') };
};

/**
 * Starts it over one node. The clock follows the simulator's, that of the machine. `network`: how names are resolved and connections
 * opened.
 */
export const startPushes = async (
  node: Node,
  {
    network = {},
    more = [],
  }: {
    readonly network?: Pick<OutboundDeps, 'resolve' | 'connect'>;
    /** Origins of push services beside the simulator. */
    readonly more?: readonly URL[];
  } = {},
) => {
  const clock = createClock(Date.now());
  const simulator = await startTestSimulator({
    timers: { now: clock, after: (ms, run) => clock.after(ms, async () => run()) },
  });
  const services = [new URL(simulator.url), ...more];
  const logged: LoggedLine[] = [];
  const write =
    (level: LoggedLine['level']) =>
    (event: string, fields: object = {}) =>
      void logged.push({ level, event, fields });
  const log: Log = { debug: () => {}, info: () => {}, warn: write('warn'), error: write('error'), child: () => log };
  const mfa = createTestMfa(node, { clock, factors: [], log });
  const key = newKey();
  const post = createOutbound({ allowed: services, schedule: clock.after, ...network });
  const transport = openWebPush({ key: async () => key, contact: 'mailto:login@example.com', clock, post });
  const subscriptions = new Subscriptions({ ...mfa, authenticators: mfa.stored });
  const channel = pushChannel({ transport, services, subscriptions, log });

  return {
    clock,
    simulator,
    logged,
    subscriptions,
    vapidKey: key.publicKey,
    /** A person with a phone, subscribed at the simulator or at `endpoint`. */
    async person(endpoint?: string) {
      const subscribed = await subscribeDevice(simulator.url, { applicationServerKey: key.publicKey });
      const target: PushTarget = { endpoint: endpoint ?? subscribed.endpoint, keys: subscribed.keys };
      const data: PushData = {
        key: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
        subscription: target,
        push: 'works',
        language: 'en',
        unlock: 'none',
        pairedAt: clock(),
      };
      const { user, bound } = await mfa.person(randomUUID(), [{ type: pushType, handle: randomUUID(), data }]);
      const id = bound[0]?.id ?? '';
      return {
        user,
        target,
        /** The device at the simulator. */
        subscribed,
        device: { userId: user.id, id },
        /** The stored data of the phone. */
        stored: async (): Promise<PushData | undefined> => {
          const found = (await mfa.stored.of(user)).find(each => each.id === id);
          return found !== undefined && isDevice(found) ? found.data : undefined;
        },
        /** Sends a push to it. Gives the reason of a refusal, or 'taken'. */
        push: async (differences: Partial<PushMessage> = {}): Promise<string> => {
          const message: PushMessage = {
            via: 'push',
            target,
            device: { userId: user.id, id },
            topic: 'a-topic',
            language: 'en',
            origin: 'https://login.example.com',
            lifetime: 60_000,
            ...differences,
          };
          return channel.send(message, new AbortController().signal).then(
            () => 'taken',
            (error: unknown) => (error instanceof Error && 'reason' in error ? String(error.reason) : String(error)),
          );
        },
      };
    },
    close: () => simulator.close(),
  };
};

export type Pushes = Awaited<ReturnType<typeof startPushes>>;
