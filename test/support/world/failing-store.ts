/** Holds chosen calls of a store, or makes them fail, as where one table or one command is out of order. */
import { Problem } from '../../../src/errors.ts';
import type { Ephemeral } from '../../../src/ports/stores.ts';
import type { Node } from './stores.ts';

/**
 * Awaits `before` ahead of each call, which it names: `get users` for a collection, `increment` for short-lived values. Several
 * writes in one call are named write by write. The call fails with what `before` throws.
 */
export const withHook = (node: Node, before: (call: string) => Promise<void>): Node => ({
  durable: {
    ...node.durable,
    collection: kind => hooked(node.durable.collection(kind), async method => before(`${method} ${kind.name}`)),
    async batch(writes) {
      for (const { method, kind } of writes) await before(`${method} ${kind.name}`);
      return node.durable.batch(writes);
    },
  },
  shortLived: { ...node.shortLived, ephemeral: hookedEphemeral(node.shortLived.ephemeral, before) },
});

/** `fails` is asked before each call, as `withHook` names it. */
export const withFailures = (node: Node, fails: (call: string) => boolean): Node =>
  withHook(node, async call => {
    if (fails(call)) throw new Problem('unavailable', `${call} is out of order`);
  });

const hookedEphemeral = (ephemeral: Ephemeral, before: (method: string) => Promise<void>): Ephemeral => ({
  ...hooked(ephemeral, before),
  async writeMany(writes, last = []) {
    for (const { method } of [...writes, ...last]) await before(method);
    return ephemeral.writeMany(writes, last);
  },
});

const hooked = <T extends object>(target: T, before: (method: string) => Promise<void>): T =>
  new Proxy(target, {
    get(of, member) {
      const value: unknown = Reflect.get(of, member);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        await before(String(member));
        return Reflect.apply(value, of, args);
      };
    },
  });
