/** Tests TOTP codes with the vectors of RFC 6238, Appendix B (SHA-1), shortened to six digits as RFC 4226 §5.3 does. */
import { describe, expect, it } from '@jest/globals';
import { array, assert, asyncProperty, integer, record } from 'fast-check';
import { generateSync } from 'otplib';
import type { Authenticator, CeremonyContext } from '../../src/mfa/factor.ts';
import { totp } from '../../src/mfa/factors/totp.ts';
import type { Json } from '../../src/ports/stores.ts';

// "12345678901234567890", the RFC's shared secret, in base32.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number, millis = 0): CeremonyContext => ({
  now: seconds * 1000 + millis,
  language: 'en',
  client: 'Contoso Office',
  origin: 'https://login.example.com',
  person: { id: 'u1', name: 'ada' },
  token: '',
  binding: 'sign-in:1',
  code: () => '000000',
  challenge: '',
  nonce: () => '',
  keyedHash: text => text,
});
const app = (lastStep = -1): Authenticator<{ secret: string; lastStep: number }> => ({
  id: 'a1',
  type: 'totp',
  label: 'Authenticator app',
  createdAt: 0,
  data: { secret, lastStep },
});
const finish = async (answer: Json, ctx: CeremonyContext, ...apps: ReturnType<typeof app>[]) =>
  totp.challenge.finish(answer, null, apps.length > 0 ? apps : [app()], ctx);
const codeAt = (seconds: number): string => generateSync({ secret, epoch: seconds });

describe('totp', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('RFC 6238 Appendix B: at %i the code is %s', async (seconds, code) => {
    expect(await finish(code, at(seconds))).toMatchObject({
      ok: true,
      acr: 'aal2',
      amr: ['otp'],
      used: { data: { lastStep: Math.floor(seconds / 30) } },
    });
  });

  it.each([
    { step: -2, passes: false },
    { step: -1, passes: true },
    { step: 0, passes: true },
    { step: 1, passes: true },
    { step: 2, passes: false },
  ])('the code of step $step from now passes: $passes, at both edges of the step', async ({ step, passes }) => {
    const start = 1_700_000_010 - (1_700_000_010 % 30);
    const code = codeAt(start + step * 30);
    for (const ctx of [at(start), at(start + 29, 999)]) expect((await finish(code, ctx)).ok).toBe(passes);
    // One millisecond before and after the boundary of a time step.
    expect((await finish(code, at(start, -1))).ok).toBe(step <= 0);
    expect((await finish(code, at(start + 30))).ok).toBe(step >= 0);
  });

  it('a step passes once, and no earlier step passes after it', async () => {
    const now = 1_700_000_010;
    const step = Math.floor(now / 30);
    expect(await finish(codeAt(now), at(now), app(step))).toEqual({ ok: false, reason: 'wrong', reused: true });
    expect(await finish(codeAt(now - 30), at(now), app(step))).toEqual({ ok: false, reason: 'wrong', reused: true });
    expect(await finish(codeAt(now), at(now), app(step - 1))).toMatchObject({ ok: true });
  });

  it('a phone whose clock is fast signs in by the next step, and neither that step nor an earlier one passes after it', async () => {
    const now = 1_700_000_010;
    const step = Math.floor(now / 30);
    expect(await finish(codeAt(now + 10), at(now + 1), app())).toMatchObject({ ok: true });
    const passed = await finish(codeAt(now + 30), at(now), app(step));
    expect(passed).toMatchObject({ ok: true, used: { data: { lastStep: step + 1 } } });
    for (const seconds of [now, now + 30]) {
      expect(await finish(codeAt(seconds), at(now), app(step + 1))).toEqual({
        ok: false,
        reason: 'wrong',
        reused: true,
      });
    }
    expect(await finish(codeAt(now + 60), at(now + 30), app(step + 1))).toMatchObject({ ok: true });
  });

  it('a code passes exactly within one step of its own, at any time and drift', async () => {
    await assert(
      asyncProperty(
        integer({ min: 60, max: 4_000_000_000 }),
        integer({ min: -95, max: 95 }),
        async (seconds, drift) => {
          const apart = Math.floor((seconds + drift) / 30) - Math.floor(seconds / 30);
          const { ok } = await finish(codeAt(Math.max(0, seconds + drift)), at(seconds));
          expect(ok).toBe(Math.abs(apart) <= 1);
        },
      ),
      { seed: 6238, numRuns: 300 },
    );
  });

  it('whatever codes come in whatever order, the passed steps only rise, and each passes once', async () => {
    const moment = record({ wait: integer({ min: 0, max: 60 }), drift: integer({ min: -45, max: 45 }) });
    await assert(
      asyncProperty(array(moment, { minLength: 2, maxLength: 12 }), async moments => {
        let [now, last] = [1_700_000_010, -1];
        for (const { wait, drift } of moments) {
          now += wait;
          const step = Math.floor((now + drift) / 30);
          const result = await finish(codeAt(now + drift), at(now), app(last));
          expect(result.ok).toBe(step > last && Math.abs(step - Math.floor(now / 30)) <= 1);
          if (result.ok) last = step;
        }
      }),
      { seed: 6238, numRuns: 100 },
    );
  });

  it('a clock that was set back does not make a used step valid again', async () => {
    const now = 1_700_000_010;
    expect(await finish(codeAt(now - 3600), at(now - 3600), app(Math.floor(now / 30)))).toMatchObject({ ok: false });
  });

  it('finds the app that made the code among several apps', async () => {
    const other = { ...app(), id: 'a2', data: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', lastStep: -1 } };
    expect(await finish(codeAt(1_700_000_010), at(1_700_000_010), other, app())).toMatchObject({
      ok: true,
      used: { id: 'a1' },
    });
  });

  it('accepts spaces as apps show them, and the digits of every keyboard', async () => {
    for (const typed of ['287 082', ' 287082 ', '2 8 7 0 8 2', '２８７０８２', '٢٨٧٠٨٢'])
      expect((await finish(typed, at(59))).ok).toBe(true);
  });

  it.each<[string, Json]>([
    ['an empty text', ''],
    ['null', null],
    ['a number', 287082],
    ['a list', ['287082']],
    ['an object', { $ne: 1 }],
    ['five digits', '87082'],
    ['seven digits', '2870820'],
    ['circled digits', '②⑧⑦⓪⑧②'],
    ['a NUL after it', '287082\0'],
    ['a new line after it', '287082\n'],
    ['a sign', '+87082'],
    ['a hundred thousand digits', '287082'.repeat(16_667)],
  ])('%s is refused as a code', async (_desc, answer) => {
    expect(await finish(answer, at(59))).toEqual({ ok: false, reason: 'wrong' });
  });

  it.each([
    ['https://login.example.com', 'login.example.com'],
    ['https://login.example.com:8443', 'login.example.com'],
    ['http://localhost:3000', 'localhost'],
    ['http://[::1]:3000', '[--1]'],
  ])('the label of %s has one colon, between issuer and account', async (origin, issuer) => {
    const { prompt } = await totp.enroll.begin(undefined, [], { ...at(0), origin });
    const uri = new URL(prompt.kind === 'scan' ? prompt.uri : '');
    expect(decodeURIComponent(uri.pathname)).toBe(`/${issuer}:ada`);
    expect(uri.searchParams.get('issuer')).toBe(issuer);
  });

  it('enrols a new 160-bit seed each time, and the enrolment code cannot be used again', async () => {
    const ctx = at(1_700_000_010);
    const [first, second] = [await totp.enroll.begin(undefined, [], ctx), await totp.enroll.begin(undefined, [], ctx)];
    expect(first.state.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(first.state.secret).not.toBe(second.state.secret);
    expect(first.prompt).toMatchObject({ kind: 'scan', next: 'code' });
    const code = generateSync({ secret: first.state.secret, epoch: 1_700_000_010 });
    expect(await totp.enroll.finish('000000', { ...first.state, secret }, at(59))).toEqual({
      ok: false,
      reason: 'wrong',
    });
    const bound = await totp.enroll.finish(code, first.state, ctx);
    expect(bound).toMatchObject({
      ok: true,
      data: { secret: first.state.secret, lastStep: Math.floor(1_700_000_010 / 30) },
    });
    expect(first.prompt.kind === 'scan' ? new URL(first.prompt.uri) : undefined).toMatchObject({
      protocol: 'otpauth:',
      host: 'totp',
    });
  });
});
