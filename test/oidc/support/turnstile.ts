/** Makes a race certain: readers of one record wait until all of them have read it, and only then continue. */
import type { DurableStore } from '../../../src/ports/stores.ts';

export interface Turnstile {
  /** The next `many` reads of an id or key that contains `name` wait for one another. */
  hold(name: string, many: number): void;
  before<Port extends { get(id: string): Promise<unknown> }>(port: Port): Port;
  /** Wraps the batches of a store. Absent: they are left alone. */
  beforeBatch?(durable: Pick<DurableStore, 'batch'>): Pick<DurableStore, 'batch'>;
}

export const createTurnstile = (): Turnstile => {
  let held: { readonly name: string; readonly many: number; readonly waiting: (() => void)[] } | undefined;

  const pass = async (id: string): Promise<void> => {
    if (held === undefined || !id.includes(held.name)) return;
    const { waiting, many } = held;
    await new Promise<void>(go => {
      waiting.push(go);
      if (waiting.length < many) return;
      held = undefined;
      for (const each of waiting) each();
    });
  };

  return {
    hold: (name, many) => {
      held = { name, many, waiting: [] };
    },
    before: port =>
      new Proxy(port, {
        get: (target, member) => {
          if (member !== 'get') return Reflect.get(target, member) as unknown;
          return async (id: string) => {
            const found = await target.get(id);
            await pass(id);
            return found;
          };
        },
      }),
  };
};
