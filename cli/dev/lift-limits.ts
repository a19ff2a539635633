/**
 * Lifts what trying things out has left in the durable store: failed attempts, pauses after "this was not me", and the
 * sends of a day. Counters of an hour need no lifting: their limits are generous in a development environment.
 */
import { Problem } from '../../src/errors.ts';
import { conflict, optimisticWrite } from '../../src/optimistic-write.ts';
import type { Collection, Doc, DurableStore } from '../../src/ports/stores.ts';
import { dailySendsKind, failedAttemptsKind, userKind, type User } from '../../src/records.ts';

/** Lifts the limits of all people in this store. @throws the store's errors */
export const liftLimits = async (durable: DurableStore): Promise<void> => {
  const users = durable.collection(userKind);
  await forEach(durable.collection(failedAttemptsKind), ({ id }, all) => all.remove(id));
  await forEach(durable.collection(dailySendsKind), ({ id }, all) => all.remove(id));
  await forEach(users, ({ id }) => endPause(users, id));
};

/** Visits every document, a page at a time. */
const forEach = async <D extends Doc, Index extends keyof D>(
  all: Collection<D, Index>,
  visit: (doc: D, all: Collection<D, Index>) => Promise<unknown>,
): Promise<void> => {
  let page = await all.find({});
  while (page.length > 0) {
    for (const doc of page) await visit(doc, all);
    page = await all.find({}, { after: page.at(-1)?.id ?? '' });
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
