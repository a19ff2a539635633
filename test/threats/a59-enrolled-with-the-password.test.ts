/**
 * A59, A60, C10, C12. Somebody has only the password. They post to the forms that set up a method while the sign-in still waits
 * for the second step (miniOrange CVE-2026-111949), or first make every method unusable: by fifty wrong codes, or by `0#` in a call
 * of the owner. They name another account in a form or header (Zitadel CVE-2026-105209). They begin to set up a method, and let the
 * unfinished one count (goauthentik/authentik#2330); or count one phone twice (GHSA-wc43-73w7-x2f5). The wizard opens by the password alone
 * only where nothing else was ever bound, for the account of that password, and only what was proven counts.
 * Guards: `src/mfa/enrollment-plan.ts#enrollmentRight`; `src/mfa/listed-authenticators.ts#hasEverHadMethod`;
 * `src/http/body.ts#parseForm`; `src/mfa/independence.ts#independentCount`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from 'otplib';
import { person as atPhone, resetSimulator } from '../../simulator/person.ts';
import { heading, uidOf, type Answer } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { keyOn, newcomerAt } from '../support/human/newcomer.ts';
import { atClient, checkAgain, enterCode, enterPassword, pickUp } from '../support/world/relying-party.ts';
import { hasEverHadMethod } from '../../src/mfa/listed-authenticators.ts';
import { userKind } from '../../src/records.ts';
import { addAccount } from './support/newcomers.ts';
import { posts } from './support/routes.ts';
import {
  noApproval,
  startThreatWorld,
  wrongCodes,
  type RecordingBrowser,
  type ThreatWorld,
} from './support/threat-world.ts';

const office = '+12025550181';
const password = 'lilac-harbor-comet';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({
    env: {
      SALLYPORT_REQUIRED_METHODS: '2',
      SALLYPORT_ENROLL_GRACE: '0s',
      SALLYPORT_FACTORS: 'totp,sms,call',
      SALLYPORT_LONGEST_WAIT: '1m',
    },
    phones: [{ name: 'office', number: office }],
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(25 * 3_600_000);
  await resetSimulator(world.simulator);
});

/** What an attacker would send to each form of an enrollment. A new form joins with an empty one. */
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/enroll': { method: 'totp' },
  '/enroll/phone': { country: '', number: '+1 202 555 0199', extension: '', kind: 'alternate', by: 'call' },
  '/enroll/again': { by: 'call' },
  '/enroll/answer': { code: '123456' },
  '/enroll/name': { label: 'Mine' },
  '/enroll/saved': { saved: 'yes' },
};
const enrollPosts = posts.filter(step => step.startsWith('/enroll'));

/** Sends every form of an enrollment, and expects that nothing is begun, bound or opened. */
const expectClosed = async (browser: RecordingBrowser, uid: string, userId: string): Promise<void> => {
  const before = await world.services.users.get(userId);
  const bound = (await world.audited('authenticator.bound')).length;
  const codes = (await world.audited('recovery-codes.made')).length;
  expect(enrollPosts.length).toBeGreaterThan(7);
  for (const step of enrollPosts) {
    const answer = await browser.go(`/interaction/${uid}${step}`, { form: forms[step] ?? {} });
    expect([step, [303, 403, 422].includes(answer.status)]).toEqual([step, true]);
    expect(await world.services.challenges.current(`enrollment:${uid}`)).toBeUndefined();
  }
  const page = await browser.visit(`/interaction/${uid}/enroll`);
  expect(['More information required', 'Add a backup']).not.toContain(heading(page));
  expect((await world.services.users.get(userId))?.authenticators).toEqual(before?.authenticators);
  expect(await world.audited('authenticator.bound')).toHaveLength(bound);
  expect(await world.audited('recovery-codes.made')).toHaveLength(codes);
  expect(await world.outcome(browser, uid)).toEqual(noApproval);
};

let count = 0;
/** A new account with a password and nothing else, after its password. */
const newcomer = async () => {
  count += 1;
  const name = `newcomer${count}`;
  const passwordHash = await hashOf(world.services, password);
  const added = await world.services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(added.reason);
  const browser = world.recordingBrowser();
  const again = async (): Promise<Answer> => {
    const { page } = await world.begin(browser);
    return enterPassword(browser, page, { name, password });
  };
  return { id: added.user.id, browser, again, page: await again(), acting: newcomerAt(browser, world.clock) };
};
const typesOf = async (id: string) => {
  const user = await world.services.users.get(id);
  return user === undefined ? [] : (await world.services.authenticators.of(user)).map(({ type }) => type);
};

describe('A59 the password of an account that had a method', () => {
  test('A59 opens the wizard where nothing else was ever bound', async () => {
    const { id, page, acting } = await newcomer();
    expect(heading(page)).toBe('More information required');
    const scan = await acting.choose(page, 'totp');
    await acting.enterCode(scan, await acting.scanned(scan));
    expect(await typesOf(id)).toEqual(['totp']);
  });

  test('A59 opens nothing while the second step is pending', async () => {
    const { ada } = world.people;
    const browser = world.recordingBrowser();
    const { uid } = await world.beginAs(browser, ada);
    await expectClosed(browser, uid, ada.user.id);
  });

  test('A59 opens nothing after fifty wrong codes have disabled the only method', async () => {
    const { noor } = world.people;
    const browser = world.recordingBrowser();
    for (let round = 0; round < 10; round += 1) {
      const { page } = await world.beginAs(browser, noor);
      for (const code of wrongCodes(noor, world.clock(), 5)) {
        await enterCode(browser, page, code);
        world.clock.advance(61_000);
      }
    }
    expect(await world.failedAttempts(noor)).toBe(50);
    const { uid, page } = await world.beginAs(browser, noor);
    await expectClosed(browser, uid, noor.user.id);
    // Nor is it a dead end: the page says who can help.
    expect((await browser.visit(`/interaction/${uidOf(page)}`)).text).toMatch(/help desk/);
    await world.clearFailedAttempts(noor);
  });

  test('A59 opens nothing after the owner has paused calls by 0#', async () => {
    const { grace } = world.people;
    const browser = world.recordingBrowser();
    await world.beginAs(browser, grace);
    await pickUp(grace, '0#');
    expect((await world.services.users.get(grace.user.id))?.pausedUntil).toBeGreaterThan(world.clock());
    const { uid } = await world.beginAs(browser, grace);
    await expectClosed(browser, uid, grace.user.id);
  });

  test('A59 opens nothing after the last method was removed', async () => {
    const { id, browser, again, page, acting } = await newcomer();
    const scan = await acting.choose(page, 'totp');
    await acting.enterCode(scan, await acting.scanned(scan));
    const user = await world.services.users.get(id);
    if (user === undefined) throw new Error('gone');
    await world.services.methods.remove(user, user.authenticators[0] ?? '', 'cli');
    const bound = (await world.audited('authenticator.bound')).length;
    const later = await again();
    expect(heading(later)).not.toBe('More information required');
    await browser.go(`/interaction/${uidOf(later)}/enroll`, { form: { method: 'totp' } });
    expect(await typesOf(id)).toEqual([]);
    expect(await world.audited('authenticator.bound')).toHaveLength(bound);
  });
});

describe('A60 an enrollment is for the account of the sign-in', () => {
  test('A60 whatever a form or header says', async () => {
    const { ada } = world.people;
    const before = await world.services.users.get(ada.user.id);
    const { id, browser, page, acting } = await newcomer();
    const uid = uidOf(page);
    for (const named of ['userId', 'user', 'sub', 'org', 'account']) {
      const form = { method: 'totp', [named]: ada.user.id };
      expect((await browser.go(`/interaction/${uid}/enroll`, { form })).status).toBe(400);
    }
    const headers = { 'x-user-id': ada.user.id, 'remote-user': ada.name, 'x-forwarded-user': ada.name };
    await browser.go(`/interaction/${uid}/enroll`, { form: { method: 'totp' }, headers });
    const scan = await browser.visit(`/interaction/${uid}`);
    await acting.enterCode(scan, await acting.scanned(scan));
    expect(await typesOf(id)).toEqual(['totp']);
    expect((await world.services.users.get(ada.user.id))?.authenticators).toEqual(before?.authenticators);
  });

  test('A60 not of another sign-in that its address names', async () => {
    const mine = await newcomer();
    const theirs = await newcomer();
    const answer = await mine.browser.go(`/interaction/${uidOf(theirs.page)}/enroll`, { form: { method: 'totp' } });
    expect(answer.status).toBe(403);
    expect(await world.services.challenges.current(`enrollment:${uidOf(theirs.page)}`)).toBeUndefined();
  });
});

test('C12 a method that was not proven neither counts nor opens a sign-in', async () => {
  const { id, browser, again, page, acting } = await newcomer();
  const scan = await acting.choose(page, 'totp');
  const abandoned = keyOn(scan);
  const later = await again();
  // Asked to set one up, not for a code of it.
  expect(heading(later)).toBe('More information required');
  expect(await typesOf(id)).toEqual([]);
  expect((await world.services.users.get(id))?.everHadMethodAt).toBeUndefined();
  const anew = await acting.choose(later, 'totp');
  expect(keyOn(anew)).not.toBe(abandoned);
  const old = await generate({ secret: abandoned, epoch: Math.floor(world.clock() / 1000) });
  expect((await acting.enterCode(anew, old)).status).toBe(422);
  expect(await typesOf(id)).toEqual([]);
  expect(browser.codes).toEqual([]);
});

test('C10 one phone is one method: neither its texts nor an app on it are a backup', async () => {
  const { grace } = world.people;
  const browser = world.recordingBrowser();
  const acting = newcomerAt(browser, world.clock);
  const { page: calling, request } = await world.beginAs(browser, grace);
  await pickUp(grace, '#');
  const backup = await checkAgain(browser, calling);
  expect(heading(backup)).toBe('Add a backup');
  expect(backup.text).not.toContain('value="totp"');
  expect((await browser.go(`/interaction/${uidOf(backup)}/enroll`, { form: { method: 'totp' } })).status).toBe(403);
  const form = await acting.choose(backup, 'phone');
  for (const kind of ['mobile', 'alternate', 'office'] as const) {
    const same = await acting.enterPhone(form, { number: grace.number ?? '', kind, by: 'sms' });
    expect(same.status).toBe(422);
  }
  expect(await world.services.challenges.current(`enrollment:${uidOf(backup)}`)).toBeUndefined();

  const ringing = await acting.enterPhone(form, { number: office, kind: 'office', by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  const done = await acting.name(await acting.checkAgain(ringing));
  const tokens = await request.redeem(atClient(browser, done));
  expect(tokens.claims()?.['acr']).toBe('mfa');
});

test('A59 an account of an earlier version, which notes its first method only, keeps that it had one', async () => {
  const { services, store } = world;
  const account = await addAccount(world, 'vera');
  const { id } = await services.authenticators.bind(account.id, {
    type: 'phone',
    label: 'mobile',
    data: { number: '+12025550188' },
  });
  const users = store.durable.collection(userKind);
  const stored = await users.get(account.id);
  if (stored === undefined) throw new Error('the account is gone');
  const { everHadMethodAt: _ever, ...earlier } = stored;
  await users.replace(earlier);
  await services.authenticatorRemoval.remove(account.id, id);
  const user = await users.get(account.id);
  expect([user?.authenticators, user && hasEverHadMethod(user)]).toEqual([[], true]);
});
