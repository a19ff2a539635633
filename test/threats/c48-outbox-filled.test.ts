/**
 * C48. A person who may register clients lets their servers hang, and ends session after session at them. The logout tokens wait for a day,
 * until the outbox takes no message more: then nobody gets a notice or a link to a new password.
 * Guards: `src/outbox/outbox.ts#Outbox`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { createSealer } from '../../src/crypto.ts';
import { resetKind } from '../../src/account/password-reset.ts';
import type { Log } from '../../src/log.ts';
import { mailKind } from '../../src/mail/mail.ts';
import { logoutKind } from '../../src/oidc/sign-out/back-channel-logout.ts';
import { Outbox, type NewMessage } from '../../src/outbox/outbox.ts';
import { outboxKind } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

const day = 86_400_000;
const write = (): void => {};
const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };

describe.each(everyStore)('C48 logout tokens that no client takes, on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let outbox: Outbox;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    outbox = new Outbox({
      messages: store.durable.collection(outboxKind),
      sealer: createSealer([{ id: 'a', key: createSecretKey(randomBytes(32)) }]),
      notifier: store.shortLived.notifier,
      clock,
      audit: async () => {},
      log,
    });
  });
  afterEach(() => store.close());

  const add = async (kind: string, recipient: string): Promise<'added' | 'full'> =>
    outbox.add({ kind, recipient, data: {} } satisfies NewMessage);

  /** Stores all but one of the messages that one client may leave waiting. */
  const leaveWaiting = async (recipient: string): Promise<void> => {
    const times = { createdAt: clock(), dueAt: clock() + day, giveUpAt: clock() + day };
    const common = { rev: 1, kind: logoutKind, state: 'waiting', sealed: '', attempts: 1, ...times } as const;
    const waiting = Array.from({ length: 999 }, (_, at) => ({ ...common, recipient, id: `${recipient}-${at}` }));
    await store.durable.collection(outboxKind).insertMany(waiting);
    clock.advance(15_000);
  };

  test('C48 leave room for mails and links', async () => {
    expect(await add(logoutKind, 'client:honest')).toBe('added');
    for (let at = 0; at < 20 && (await add(logoutKind, `client:${at}`)) === 'added'; at += 1) {
      await leaveWaiting(`client:${at}`);
    }
    expect(await add(logoutKind, 'client:honest')).toBe('full');
    expect([await add(mailKind, 'mail:ada'), await add(resetKind, 'password-resets')]).toEqual(['added', 'added']);
  });
});
