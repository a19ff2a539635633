/**
 * R11. The process is killed (kill -9) while a person changes how they sign in: between two calls of the stores, at each of them. The
 * account must then be as before, or changed as a whole: never a new password with old sessions, a used link with the old password, an
 * address that is verified but does not sign in, or half a set of recovery codes. What was not done can be done again.
 * Guards: `src/change-account.ts#changeAccount`, `src/users/account-password.ts#withNewPassword`, `src/users/users.ts#proveAddress`,
 * `src/mfa/recovery-codes.ts#RecoveryCodes`.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { servicesOver, type CommandServices } from '../../cli/services.ts';
import type { Resources } from '../../server/services.ts';
import { changePassword } from '../../src/account/password-change.ts';
import { sha256 } from '../../src/crypto.ts';
import { userKind, type User } from '../../src/records.ts';
import { newToken } from '../../src/users/mailed-tokens.ts';
import { hashOf } from '../support/hash-of.ts';
import { startWorld, type World } from '../support/world/world.ts';

const old = 'copper-beacon-desert';
const next = 'quiet-otter-meadow';
const by = { actor: 'user:x', reference: 'AB12CD34', address: '198.18.0.1' };
const recoveryType = 'recovery-codes';

let world: World;
let living: Resources;
let id = '';
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_FACTORS: 'totp,call,recovery-code' },
    wrap: resources => (living = resources),
  });
  const added = await world.services.users.add({ name: 'kay', displayName: 'Kay', email: 'kay@example.com' }, 'system');
  if (!added.ok) throw new Error(added.reason);
  ({ id } = added.user);
});
afterAll(() => world.close());

const stored = async (): Promise<User> => {
  const user = await world.store.durable.collection(userKind).get(id);
  if (user === undefined) throw new Error('the account is gone');
  return user;
};

/** Services of a process that is killed after so many calls of its stores. `killed` resolves when it tries one more. */
const doomedAfter = async (calls: number) => {
  const { promise: killed, resolve: kill } = Promise.withResolvers<'killed'>();
  let done = -Infinity;
  const never = new Promise<never>(() => {});
  const cut = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, member) {
        const value: unknown = Reflect.get(of, member);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          done += 1;
          if (done <= calls) return Reflect.apply(value, of, given);
          kill('killed');
          return never;
        };
      },
    });
  const { durable, shortLived } = living;
  const services = await servicesOver({
    ...living,
    durable: { ...cut(durable), collection: kind => cut(durable.collection(kind)) },
    shortLived: { ...shortLived, ephemeral: cut(shortLived.ephemeral), notifier: cut(shortLived.notifier) },
  });
  // Counted from here: opening the services is not the change.
  done = 0;
  return { services, killed };
};

interface Change {
  readonly title: string;
  readonly begin: (services: CommandServices, user: User, token: string) => Promise<unknown>;
  /** What of the account belongs together. */
  readonly seen: (user: User) => Promise<unknown>;
}

const isPassword = async (user: User, password: string): Promise<boolean> => {
  const hash = user.passwordHash;
  return hash !== undefined && !(await world.services.passwords.hashNew(password, user, { replaces: hash })).ok;
};
const passwordSeen = async (user: User): Promise<unknown> => ({
  password: (await isPassword(user, next)) ? 'new' : (await isPassword(user, old)) ? 'old' : 'unknown',
  isSignedOut: (user.signedOutAt ?? 0) === world.clock() || user.othersSignedOut?.at === world.clock(),
  hasLink: user.passwordReset?.hash !== undefined,
  mustChange: user.passwordChangeRequiredAt !== undefined,
});

const changes: readonly Change[] = [
  {
    title: 'a password is reset by a mailed link',
    begin: async ({ passwordResets }, _user, token) => passwordResets.reset(token, next, by),
    seen: passwordSeen,
  },
  {
    title: 'a person changes the password',
    begin: async ({ passwords }, user) =>
      changePassword(passwords, user, { current: old, next }, { ...by, keep: 'session' }),
    seen: passwordSeen,
  },
  {
    title: 'a required password is chosen',
    begin: async ({ passwords }, user) => passwords.replace(user, next, { ...by, reason: 'required' }),
    seen: passwordSeen,
  },
  {
    title: 'an address is proven',
    begin: async ({ addressProofs }, user, token) => addressProofs.confirm(user, token, by),
    seen: async ({ email, emailVerified, signInNames, addressProof }) => ({
      email,
      emailVerified,
      signInNames,
      hasLink: addressProof?.hash !== undefined,
      found: await Promise.all(
        ['kay@example.com', 'kay@new.example'].map(async each => (await world.services.users.find(each))?.id === id),
      ),
    }),
  },
];

/** The account before each change. */
const prepare = async (): Promise<{ readonly user: User; readonly token: string }> => {
  world.clock.advance(3_600_000);
  const { users } = world.services;
  await users.setEmail(id, 'kay@example.com', 'cli', { verified: true });
  await users.setPassword(id, await hashOf(world.services, old), 'cli', { temporary: true });
  const token = newToken(id);
  const link = { hash: sha256(token), until: world.clock() + 1_800_000, sent: [world.clock()], request: 'r' };
  const addressProof = { ...link, address: 'kay@new.example' };
  await world.store.durable.collection(userKind).replace({ ...(await stored()), passwordReset: link, addressProof });
  world.clock.advance(1000);
  return { user: await stored(), token };
};

interface Killed {
  /** Whether the change had been made when the process was killed. */
  readonly wasMade: boolean;
  /** The account afterwards; where the change had not been made, after another process made it. */
  readonly whole: unknown;
}

/** Kills the process after each number of calls, until the change ends before it. */
const killAtEachCall = async ({ begin, seen }: Change): Promise<readonly Killed[]> => {
  const all: Killed[] = [];
  for (let calls = 0; calls < 60; calls += 1) {
    const { user, token } = await prepare();
    const before = await seen(user);
    const { services, killed } = await doomedAfter(calls);
    const ended = await Promise.race([killed, begin(services, user, token)]);
    const wasMade = !isDeepStrictEqual(await seen(await stored()), before);
    if (!wasMade) await begin(world.services, await stored(), token);
    all.push({ wasMade, whole: await seen(await stored()) });
    if (ended !== 'killed') return all;
  }
  throw new Error('the change never ended');
};

describe('R11 a process that is killed while', () => {
  test.each(changes)('R11 $title leaves the account as before or changed as a whole', async change => {
    const all = await killAtEachCall(change);
    expect(new Set(all.map(({ wasMade }) => wasMade))).toEqual(new Set([false, true]));
    for (const { whole } of all) expect(whole).toEqual(all.at(-1)?.whole);
    expect(all.at(-1)?.whole).toMatchObject({ hasLink: false });
  });

  test('R11 recovery codes are made leaves the old set or the new one, each whole', async () => {
    const { recoveryCodes, authenticators } = world.services;
    await recoveryCodes.renew(id, 'cli');
    const setOf = async () => {
      const sets = (await authenticators.of(await stored())).filter(({ type }) => type === recoveryType);
      expect(sets).toHaveLength(1);
      expect(await recoveryCodes.left(await stored())).toBe(10);
      return JSON.stringify(sets[0]?.data);
    };
    let before = await setOf();
    let renewed = 0;
    for (let calls = 0; calls < 60; calls += 1) {
      const { services, killed } = await doomedAfter(calls);
      const ended = await Promise.race([killed, services.recoveryCodes.renew(id, 'cli')]);
      const now = await setOf();
      if (now !== before) renewed += 1;
      before = now;
      if (ended !== 'killed') break;
    }
    expect(renewed).toBeGreaterThan(0);
  });
});
