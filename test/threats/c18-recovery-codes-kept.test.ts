/**
 * C18. Products kept recovery codes readable, let one code work for ever, or made as many as somebody asked for (CVE-2026-31875,
 * better-auth#10210).
 *
 * Guards: `src/mfa/factors/recovery-code.ts#recoveryCode`, which burns a code and keeps hashes; `src/mfa/recovery-codes.ts#RecoveryCodes`,
 * which makes ten and tells them once.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { isRecoveryCodeSet } from '../../src/mfa/factors/recovery-code.ts';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores)('C18 on $name', store => {
  let opened: OpenStore;
  const clock = createClock();
  beforeEach(async () => {
    opened = await store.open(clock);
  });
  afterEach(() => opened.close());

  test('C18 ten codes of 80 bits each work once, and neither store nor audit can be read for one', async () => {
    const mfa = createTestMfa(opened, { clock, factors });
    const { user } = await mfa.person('ada', []);
    const codes = await mfa.recoveryCodes.renew(user.id, 'cli');
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/u);
    const opens = async (boundTo: string, code: string) => {
      await mfa.challenges.begin({ userId: user.id, factor: 'recovery-code' }, boundTo, requestContextOf(user));
      return mfa.challenges.answer(boundTo, code);
    };

    const expectUnreadable = async (left: number) => {
      const kept = await mfa.collections.authenticators.find({ userId: user.id });
      const [account] = await mfa.users.find({ signInNames: 'ada' });
      const events = await mfa.collections.events.find({}, { limit: 1000 });
      const all = account === undefined ? [] : await mfa.stored.of(account);
      const unsealed = (all as readonly Authenticator[]).filter(isRecoveryCodeSet).map(({ data }) => data);
      expect(unsealed.map(({ unused }) => unused.length)).toEqual([left]);
      const written = JSON.stringify([kept, account, events, unsealed]);
      for (const code of codes) {
        expect(written).not.toContain(code);
        expect(written).not.toContain(code.replaceAll('-', ''));
      }
    };
    await expectUnreadable(10);

    for (const [at, code] of codes.slice(0, 9).entries()) {
      expect(await opens(`first ${at}`, code)).toEqual({ ok: true });
      expect(await opens(`again ${at}`, code)).toMatchObject({ ok: false, reason: 'wrong', reused: true });
    }
    await expectUnreadable(1);
  });

  test('C18 the last code signs in, and then none is offered or asked for', async () => {
    const mfa = createTestMfa(opened, { clock, factors });
    const { user } = await mfa.person('ada', []);
    const codes = await mfa.recoveryCodes.renew(user.id, 'cli');
    for (const [at, code] of codes.entries()) {
      await mfa.challenges.begin({ userId: user.id, factor: 'recovery-code' }, `${at}`, requestContextOf(user));
      expect(await mfa.challenges.answer(`${at}`, code)).toEqual({ ok: true });
    }
    const [account] = await mfa.users.find({ signInNames: 'ada' });
    expect(account && (await mfa.recoveryCodes.left(account))).toBe(0);
    expect(account && (await mfa.methods.of(account))).toEqual([]);
    const begun = mfa.challenges.begin({ userId: user.id, factor: 'recovery-code' }, 'more', requestContextOf(user));
    await expect(begun).rejects.toMatchObject({ code: 'bad-request' });
  });
});
