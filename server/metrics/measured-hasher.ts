/** Measures how long passwords wait and are hashed, and counts those that the full queue refused. */
import { isProblem } from '../../src/errors.ts';
import type { Labels, Metrics } from '../../src/ports/metrics.ts';
import type { PasswordHasher } from '../../src/users/passwords/password-hasher.ts';

type Operation = Labels<'sallyport_password_hash_seconds'>['operation'];

/** The hasher, with each hash measured. The gauge of waiting passwords includes those being hashed. */
export const measuredHasher = (hasher: PasswordHasher, metrics: Metrics): PasswordHasher => {
  let waiting = 0;
  const stop = metrics.gauge('sallyport_password_hash_waiting', () => [{ labels: {}, value: waiting }]);
  const measured = async <T>(operation: Operation, run: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    waiting += 1;
    try {
      const result = await run();
      metrics.observe('sallyport_password_hash_seconds', { operation }, (performance.now() - began) / 1000);
      return result;
    } catch (error) {
      const reason = isProblem(error, 'overloaded') ? 'overloaded' : 'unavailable';
      metrics.count('sallyport_password_hash_refused_total', { reason });
      throw error;
    } finally {
      waiting -= 1;
    }
  };
  return {
    hash: password => measured('hash', () => hasher.hash(password)),
    verify: (password, phc) => measured('verify', () => hasher.verify(password, phc)),
    async close() {
      stop();
      await hasher.close();
    },
  };
};
