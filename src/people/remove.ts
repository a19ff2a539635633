/**
 * Removes a person with everything that is stored for them. The account is locked first, which ends every sign-in, session and token;
 * an interrupted removal can be repeated. The account is removed last, which frees its name and address.
 * The audit keeps the id. Ids are never reused, so a later account with the same name inherits nothing.
 */
import type { Audit } from '../audit.ts';
import { isProblem } from '../errors.ts';
import type { Collection } from '../ports/stores.ts';
import type {
  SessionRecord,
  AuthenticatorRecord,
  ClientMember,
  FailedAttemptsRecord,
  NotMeLink,
  OidcDocument,
  PushRequests,
  RememberedBrowser,
  User,
} from '../records.ts';
import { removeAll } from '../remove-all.ts';
import type { Users } from '../users/users.ts';

export interface RemovalDeps {
  readonly accounts: Users;
  readonly users: Collection<User, 'signInNames'>;
  readonly records: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly failedAttempts: Collection<FailedAttemptsRecord>;
  readonly pushRequests: Collection<PushRequests>;
  readonly documents: Collection<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model'>;
  readonly sessions: Collection<SessionRecord, 'accountId'>;
  readonly links: Collection<NotMeLink, 'userId'>;
  readonly rememberedBrowsers: Collection<RememberedBrowser, 'userId'>;
  readonly clientMembers: Collection<ClientMember, 'userId' | 'clientId' | 'place'>;
  readonly audit: Audit;
  /** Types of authenticators and factors: the keys of failed attempts contain them. */
  readonly types: readonly string[];
}

/** Removes the account `id`. False: another process removed it first. `actor` as in the audit. */
export const removePerson = async (deps: RemovalDeps, id: string, actor: string): Promise<boolean> => {
  const { users, accounts, audit } = deps;
  try {
    await accounts.lock(id, actor);
  } catch (error) {
    if (isProblem(error, 'not-found')) return false;
    throw error;
  }
  await removeBelongings(deps, id);
  const isRemoved = await users.remove(id);
  // A request that began before the lock may have stored something since.
  await removeBelongings(deps, id);
  if (isRemoved) await audit({ event: 'user.removed', actor, subject: id, outcome: 'success' });
  return isRemoved;
};

const removeBelongings = async (deps: RemovalDeps, userId: string): Promise<void> => {
  const methods = await removeAll(deps.records, { userId });
  for (const name of [...methods, ...deps.types]) await deps.failedAttempts.remove(`${userId}:${name}`);
  await deps.pushRequests.remove(userId);
  await removeAll(deps.documents, { accountId: userId });
  await removeAll(deps.links, { userId });
  await removeAll(deps.rememberedBrowsers, { userId });
  // Their clients stay: other people sign in at them.
  await removeAll(deps.clientMembers, { userId });
  await removeAll(deps.sessions, { accountId: userId });
};
