/**
 * R11. The process is killed in the middle of a change of how somebody signs in: before it, right after it, or while it tells of it. A
 * change that was made without its notice would be the thief's best moment.
 * Guards: `src/notices/notices.ts#QueuedNotices`, which holds a notice in the outbox before the change; `src/outbox/outbox.ts#hold`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NoticeKind } from '../../src/notice.ts';
import type { Collection } from '../../src/ports/stores.ts';
import { userKind, type User } from '../../src/records.ts';
import { Freezes } from '../../src/users/freezes.ts';
import { Users } from '../../src/users/users.ts';
import { createTestNotices } from '../support/notices.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

const minute = 60_000;
const phone = { type: 'phone', data: { number: '+12025550143' } };
const mail = 'ada@example.com';
const administrator = 'security@example.com';

/** Resolves when a process is killed. */
let kill: PromiseWithResolvers<void>;
beforeEach(() => {
  kill = Promise.withResolvers();
});

/** A call that the process did not live to see the end of. */
const never = async (): Promise<never> => {
  kill.resolve();
  return new Promise<never>(() => {});
};

/** Resolves when the process that does this work has been killed. It never answers. */
const settle = async (work: Promise<unknown>): Promise<void> => {
  void work.catch(() => {});
  await kill.promise;
};

describe.each(stores.filter(({ name }) => name !== 'redis'))('R11 notices on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
  });
  afterEach(() => store.close());

  /** A process over the store. `killed`: it ends for good at its call of this name, and what waits for it waits forever. */
  const processOver = (killed?: 'change' | 'changed') => {
    const process = createTestNotices(store, clock, { mail: true, administrators: [administrator] });
    const stored = store.durable.collection(userKind);
    const users: Collection<User, 'signInNames'> = {
      get: async id => stored.get(id),
      find: async (where, page) => stored.find(where, page),
      insert: async user => stored.insert(user),
      insertMany: async added => stored.insertMany(added),
      remove: async id => stored.remove(id),
      async replace(next) {
        if (killed === 'change') return never();
        const replaced = await stored.replace(next);
        return killed === 'changed' ? never() : replaced;
      },
    };
    const { audit, notices } = process;
    const accounts = new Users({ ...unobserved, users, audit, clock, notices });
    const freezes = new Freezes({ users, audit, clock, notices, isBreakGlass: () => false });
    return { ...process, accounts, freezes };
  };
  const changes: readonly (readonly [NoticeKind, (accounts: Users, user: User) => Promise<unknown>])[] = [
    ['password-set', async (accounts, { id }) => accounts.setPassword(id, 'new hash', 'cli')],
    ['email-changed', async (accounts, { id }) => accounts.setEmail(id, 'thief@example.com', 'cli')],
    ['account-locked', async (accounts, { id }) => accounts.lock(id, 'cli')],
  ];

  const ada = async () => {
    const first = processOver();
    const { user } = await first.person('ada', [phone]);
    await first.giveMail(user.id, mail);
    return user;
  };
  /** Lets the killed process stand still, and gives what the next one sends within two minutes. */
  const sentAfterwards = async () => {
    const next = processOver();
    const sent: string[] = [];
    for (const wait of [0, minute - 1, minute]) {
      clock.advance(wait);
      await next.deliver();
    }
    sent.push(...next.mails.map(({ to, content }) => `${to}: ${content.subject}`));
    const told = (await next.audited('notice.sent')).map(({ facts }) => `${facts['notice']} ${facts['via']}`);
    return { sent, told, texts: next.texts.sent.length };
  };

  test.each(changes)('R11 %s: told once without a kill, and nothing more a minute later', async (kind, change) => {
    const user = await ada();
    const process = processOver();
    await change(process.accounts, user);
    const { sent, told } = await sentAfterwards();
    expect([sent.length, told]).toEqual([1, [`${kind} mail`]]);
    expect(sent[0]).toMatch(/^ada@example\.com: /u);
  });

  test.each(changes)('R11 %s: killed before the change, nothing is told', async (_kind, change) => {
    const user = await ada();
    await settle(change(processOver('change').accounts, user));
    expect(await sentAfterwards()).toEqual({ sent: [], told: [], texts: 0 });
  });

  test.each(changes)('R11 %s: killed after the change, the next process tells', async (kind, change) => {
    const user = await ada();
    const before = await store.durable.collection(userKind).get(user.id);
    await settle(change(processOver('changed').accounts, user));
    expect((await store.durable.collection(userKind).get(user.id))?.rev).not.toBe(before?.rev);
    const { sent, told } = await sentAfterwards();
    expect([sent.length, told]).toEqual([1, [`${kind} mail`]]);
    expect(sent[0]).toMatch(/^ada@example\.com: /u);
  });

  test('R11 "this wasn\'t me": killed after it, the next process tells person and administrators', async () => {
    const user = await ada();
    await settle(processOver('changed').freezes.freeze(user.id, clock(), 'browser'));
    const { sent, told } = await sentAfterwards();
    expect(sent.toSorted()).toEqual([
      `${mail}: “This wasn’t me” was used`,
      `${administrator}: A person used “This wasn’t me”`,
    ]);
    expect(told).toEqual(['changes-frozen mail', 'changes-frozen mail']);
  });
});
