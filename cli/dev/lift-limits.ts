/**
 * Lifts what trying things out has left in the stores: failed attempts, pauses after "this was not me", the sends of a day,
 * the last requests to devices, and calls under way. Counters of an hour stay: their limits are generous in development.
 */
import { eachOf } from '../../src/all-pages.ts';
import { Problem } from '../../src/errors.ts';
import { keys } from '../../src/mfa/challenge-state/keys.ts';
import { conflict, optimisticWrite } from '../../src/optimistic-write.ts';
import type { Collection, DurableStore, ShortLivedStore } from '../../src/ports/stores.ts';
import { dailySendsKind, failedAttemptsKind, pushRequestsKind, userKind, type User } from '../../src/records.ts';
import { removeAll } from '../../src/remove-all.ts';

interface Stores {
  readonly durable: DurableStore;
  readonly shortLived: Pick<ShortLivedStore, 'ephemeral'>;
}

/** Lifts the limits of all people in these stores. @throws the stores' errors */
export const liftLimits = async ({ durable, shortLived }: Stores): Promise<void> => {
  const users = durable.collection(userKind);
  await removeAll(durable.collection(failedAttemptsKind), {});
  await removeAll(durable.collection(dailySendsKind), {});
  await removeAll(durable.collection(pushRequestsKind), {});
  for await (const { id } of eachOf(page => users.find({}, page))) {
    await endPause(users, id);
    // The simulator forgot its calls without a report, so the next sign-in would wait for one that no longer rings.
    await shortLived.ephemeral.getAndDelete(keys.ringing(id));
  }
};

const endPause = (users: Pick<Collection<User>, 'get' | 'replace'>, id: string): Promise<void> =>
  optimisticWrite<void>(
    async () => {
      const user = await users.get(id);
      if (user?.pausedUntil === undefined || user.pausedUntil === 0) return undefined;
      return (await users.replace({ ...user, pausedUntil: 0 })) === undefined ? conflict : undefined;
    },
    () => {
      throw new Problem('unavailable', `the pause of ${id} could not be lifted: its account kept changing`);
    },
  );
