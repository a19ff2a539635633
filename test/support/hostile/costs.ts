/** Counts the work of requests: hashes, messages, and every call of a store with its arguments. */
import { withChannels } from '../carrier/wrap.ts';
import { createApp } from '../../../server/app.ts';
import type { Resources } from '../../../server/services.ts';
import { listen } from '../../../server/listen.ts';
import type { Collection, Doc, Ephemeral } from '../../../src/ports/stores.ts';
import { hold, portOf, release } from '../world/programs.ts';

/** One call of a store: `users.find`, `ephemeral.put`. */
export interface StoreCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface CostMeter {
  /** Passwords that were hashed or compared. */
  hashes: number;
  /** Messages that were sent. */
  sends: number;
  readonly calls: StoreCall[];
  readonly wrap: (resources: Resources) => Resources;
  /** The wrapped resources of the first application. */
  resources(): Resources;
  /** Sets all counters to zero. */
  reset(): void;
}

/** Methods of stores that change no state. Typed, so that a renamed method is noticed here. */
const reads: ReadonlySet<string> = new Set<keyof Collection<Doc> | keyof Ephemeral>(['get', 'getMany', 'find']);

/** Names of the calls that change state. */
export const writes = ({ calls }: CostMeter): readonly string[] =>
  calls.map(({ name }) => name).filter(name => !reads.has(name.split('.').at(-1) ?? ''));

/** Records every call of a method of `target` under `name`. */
const recordCalls = <T extends object>(target: T, name: string, calls: StoreCall[]): T =>
  new Proxy(target, {
    get(of, member) {
      const value: unknown = Reflect.get(of, member);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push({ name: `${name}.${String(member)}`, args });
        return Reflect.apply(value, of, args);
      };
    },
  });

export const createCostMeter = (): CostMeter => {
  const calls: StoreCall[] = [];
  let first: Resources | undefined;
  const watched: CostMeter = {
    hashes: 0,
    sends: 0,
    calls,
    wrap(resources) {
      const { passwords, durable, shortLived } = resources;
      const counted = withChannels(resources, channel => ({
        ...channel,
        async send(message, signal) {
          watched.sends += 1;
          return channel.send(message, signal);
        },
      }));
      const wrapped: Resources = {
        ...counted,
        passwords: {
          ...passwords,
          async hash(password) {
            watched.hashes += 1;
            return passwords.hash(password);
          },
          async verify(password, phc) {
            watched.hashes += 1;
            return passwords.verify(password, phc);
          },
        },
        durable: {
          check: () => durable.check(),
          close: () => durable.close(),
          async batch(all) {
            // Each write as if it was a call of its own.
            for (const write of all) {
              const args = [write.method === 'remove' ? write.id : write.doc];
              calls.push({ name: `${write.kind.name}.${write.method}`, args });
            }
            return durable.batch(all);
          },
          collection: kind => recordCalls(durable.collection(kind), kind.name, calls),
        },
        shortLived: {
          check: () => shortLived.check(),
          close: () => shortLived.close(),
          notifier: shortLived.notifier,
          ephemeral: recordCalls(shortLived.ephemeral, 'ephemeral', calls),
        },
      };
      first ??= wrapped;
      return wrapped;
    },
    resources() {
      if (first === undefined) throw new Error('nothing was started over these parts yet');
      return first;
    },
    reset() {
      watched.hashes = 0;
      watched.sends = 0;
      calls.length = 0;
    },
  };
  return watched;
};

/** Starts the application behind the listener of the product, with its limits, on a free port. */
export const listenAsServed = async (
  resources: Resources,
): Promise<{ readonly port: number; close(): Promise<void> }> => {
  const stored = await hold(0);
  const port = portOf(stored);
  await release(stored);
  const app = await createApp(resources);
  const listening = await listen(app.callback, { host: '127.0.0.1', port });
  return {
    port,
    async close() {
      await listening.close(0);
      await app.close();
    },
  };
};
