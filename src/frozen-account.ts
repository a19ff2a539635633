/**
 * Stops changes of how a person signs in, after they used the page "This wasn't me". For 7 days no request to the server changes
 * methods, password or e-mail address of the account. Only an administrator's command can, or can allow changes sooner. A proof with
 * an older method does not: the thief who made the reported change may have that method too.
 */
import { Problem } from './errors.ts';
import { revised, type Collection, type DurableStore } from './ports/stores.ts';
import type { Clock, EpochMillis, Millis } from './ports/time.ts';
import { userKind, type User } from './records.ts';

/** How long changes are stopped. */
export const freezeFor: Millis = 7 * 86_400_000;

/** Whether changes of this account are stopped. */
export const isFrozen = ({ changesFrozenUntil }: Pick<User, 'changesFrozenUntil'>, now: EpochMillis): boolean =>
  changesFrozenUntil !== undefined && now < changesFrozenUntil;

/** @throws Problem 'changes-frozen' where changes of this account are stopped */
export const requireUnfrozen = (user: User, now: EpochMillis): void => {
  if (isFrozen(user, now)) throw frozen(user.id);
};

const frozen = (id: string): Problem =>
  new Problem(
    'changes-frozen',
    `got a change of how ${id} signs in, expected none: its owner reported "this wasn't me"`,
  );

/** Members that decide how a person signs in. */
const guarded = [
  'authenticators',
  'recoveryAuthenticators',
  'defaultMethod',
  'passwordHash',
  'signInNames',
  'email',
  'emailVerified',
  'minAcr',
] as const;

const changesSignIn = (before: User, next: User): boolean =>
  guarded.some(member => JSON.stringify(before[member]) !== JSON.stringify(next[member]));

/**
 * The store for a process that serves people. Any rule that changes through it how the owner of a frozen account signs in
 * gets Problem 'changes-frozen'. The command line, which only administrators have, uses the store itself.
 */
export const guardFrozenAccounts = (store: DurableStore, clock: Clock): DurableStore => ({
  collection(kind) {
    const collection = store.collection(kind);
    if (kind.name !== userKind.name) return collection;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the kind of this name has these documents
    return guardUsers(collection as unknown as Collection<User, 'signInNames'>, clock) as unknown as typeof collection;
  },
  async batch(writes) {
    const users = new Map<string, User>();
    for (const [lost, write] of writes.entries()) {
      if (write.method !== 'replace' || write.kind.name !== userKind.name) continue;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the kind of this name has these documents
      const next = write.doc as User;
      const before = users.get(next.id) ?? (await store.collection(userKind).get(next.id));
      if (!mayReplace(before, next, clock)) return { ok: false, lost, reason: 'gone' };
      users.set(next.id, revised(next));
    }
    return store.batch(writes);
  },
  check: async () => store.check(),
  close: async () => store.close(),
});

const guardUsers = (users: Collection<User, 'signInNames'>, clock: Clock): Collection<User, 'signInNames'> => ({
  get: async id => users.get(id),
  find: async (where, page) => users.find(where, page),
  insert: async user => users.insert(user),
  insertMany: async added => users.insertMany(added),
  remove: async id => users.remove(id),
  replace: async next => (mayReplace(await users.get(next.id), next, clock) ? users.replace(next) : undefined),
});

/** False: another writer was first. @throws Problem 'changes-frozen' */
const mayReplace = (before: User | undefined, next: User, clock: Clock): boolean => {
  // Comparing with the document of another writer could miss a freeze that `next` does not know of.
  if (before?.rev !== next.rev) return false;
  if (isFrozen(before, clock()) && changesSignIn(before, next)) throw frozen(next.id);
  return true;
};
