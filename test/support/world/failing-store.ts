/** Makes chosen calls of a store fail, as where one table or one command is out of order. */
import { Problem } from '../../../src/errors.ts';
import type { Node } from './stores.ts';

/** `fails` is asked before each call: `get users` for a collection, `increment` for short-lived values. */
export const withFailures = (node: Node, fails: (call: string) => boolean): Node => ({
  durable: {
    ...node.durable,
    collection: kind => guarding(node.durable.collection(kind), method => fails(`${method} ${kind.name}`)),
  },
  shortLived: { ...node.shortLived, ephemeral: guarding(node.shortLived.ephemeral, fails) },
});

const guarding = <T extends object>(target: T, fails: (method: string) => boolean): T =>
  new Proxy(target, {
    get(of, member) {
      const value: unknown = Reflect.get(of, member);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        if (fails(String(member))) throw new Problem('unavailable', `${String(member)} is out of order`);
        return Reflect.apply(value, of, args);
      };
    },
  });
