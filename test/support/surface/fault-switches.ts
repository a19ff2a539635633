/** Makes stores and factors fail when the test says so. */
import type { Resources } from '../../../server/services.ts';

export interface FaultSwitches {
  /** The error that every call throws from now on; undefined: it works. */
  durable: Error | undefined;
  shortLived: Error | undefined;
  factor: Error | undefined;
  readonly wrap: (resources: Resources) => Resources;
}

/** The same object with methods that reject while `broken` returns an error. */
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

export const createFaultSwitches = (): FaultSwitches => {
  const faults: FaultSwitches = {
    durable: undefined,
    shortLived: undefined,
    factor: undefined,
    wrap: resources => ({
      ...resources,
      durable: {
        collection: kind => breakable(resources.durable.collection(kind), () => faults.durable),
        batch: async writes => (faults.durable ? Promise.reject(faults.durable) : resources.durable.batch(writes)),
        check: () => (faults.durable ? Promise.reject(faults.durable) : resources.durable.check()),
        close: () => resources.durable.close(),
      },
      shortLived: {
        ephemeral: breakable(resources.shortLived.ephemeral, () => faults.shortLived),
        notifier: breakable(resources.shortLived.notifier, () => faults.shortLived),
        check: () => (faults.shortLived ? Promise.reject(faults.shortLived) : resources.shortLived.check()),
        close: () => resources.shortLived.close(),
      },
      factors: resources.factors.map(factor => ({
        ...factor,
        challenge: breakable(factor.challenge, () => faults.factor),
      })),
    }),
  };
  return faults;
};
