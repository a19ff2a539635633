/** Things that fail when the test says so: a store that is gone, a factor that throws. */
import type { Resources } from '../../../server/services.ts';

export interface Breaking {
  /** What every call of it throws from now on; undefined: it works. */
  durable: Error | undefined;
  shortLived: Error | undefined;
  factor: Error | undefined;
  readonly wrap: (parts: Resources) => Resources;
}

/** The same thing, whose every method first asks whether it still works. */
const breakable = <T extends object>(target: T, broken: () => Error | undefined): T =>
  new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        const error = broken();
        if (error !== undefined) return Promise.reject(error);
        return Reflect.apply(value, of, given);
      };
    },
  });

export const createBreaking = (): Breaking => {
  const breaking: Breaking = {
    durable: undefined,
    shortLived: undefined,
    factor: undefined,
    wrap: parts => ({
      ...parts,
      durable: {
        collection: kind => breakable(parts.durable.collection(kind), () => breaking.durable),
        check: () => (breaking.durable ? Promise.reject(breaking.durable) : parts.durable.check()),
        close: () => parts.durable.close(),
      },
      shortLived: {
        ephemeral: breakable(parts.shortLived.ephemeral, () => breaking.shortLived),
        notifier: breakable(parts.shortLived.notifier, () => breaking.shortLived),
        check: () => (breaking.shortLived ? Promise.reject(breaking.shortLived) : parts.shortLived.check()),
        close: () => parts.shortLived.close(),
      },
      factors: parts.factors.map(factor => ({
        ...factor,
        challenge: breakable(factor.challenge, () => breaking.factor),
      })),
    }),
  };
  return breaking;
};
