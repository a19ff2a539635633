/** Tests the acr and amr that proofs give, and the method that is asked for first. */
import { describe, expect, it } from '@jest/globals';
import { preferred, reached, requiredLevel, usable, type Method } from '../../src/mfa/assurance.ts';
import type { Acr, Amr } from '../../src/mfa/factor.ts';
import { mint } from '../../src/mfa/proof.ts';

const proof = (factor: string, acr: Acr, ...amr: Amr[]) => mint({ userId: 'ada', factor, acr, amr, at: 1 });
const password = proof('password', 'sfa', 'pwd');

describe('the level reached by', () => {
  it.each([
    { desc: 'no proof', proofs: [], expected: undefined },
    { desc: 'a password', proofs: [password], expected: { acr: 'sfa', amr: ['pwd'] } },
    {
      desc: 'a call',
      proofs: [password, proof('call', 'mfa', 'tel')],
      expected: { acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] },
    },
    {
      desc: 'an app code',
      proofs: [password, proof('totp', 'aal2', 'otp')],
      expected: { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] },
    },
    {
      desc: 'a spoken code, which says tel like a bare call',
      proofs: [password, proof('spoken-code', 'aal2', 'tel')],
      expected: { acr: 'aal2', amr: ['pwd', 'tel', 'mfa'] },
    },
    {
      desc: 'a call and then a code',
      proofs: [password, proof('call', 'mfa', 'tel'), proof('totp', 'aal2', 'otp')],
      expected: { acr: 'aal2', amr: ['pwd', 'tel', 'otp', 'mfa'] },
    },
    { desc: 'a call without a first factor', proofs: [proof('call', 'mfa', 'tel')], expected: undefined },
    { desc: 'the password twice', proofs: [password, password], expected: { acr: 'sfa', amr: ['pwd'] } },
    {
      desc: 'a passkey, which is both steps',
      proofs: [proof('passkey', 'phr', 'hwk', 'user')],
      expected: { acr: 'phr', amr: ['hwk', 'user'] },
    },
  ])('$desc', ({ proofs, expected }) => {
    expect(reached(proofs)).toEqual(expected);
  });
});

const method = (factor: string, reaches: Acr, more: Partial<Method> = {}): Method => ({
  factor,
  reaches,
  label: factor,
  isDefault: false,
  ...more,
});

describe('the first method is', () => {
  const call = method('call', 'mfa');
  const totp = method('totp', 'aal2');
  const push = method('push', 'mfa', { chosen: 'pixel' });
  const codes = { ...totp, cameWith: ['pixel'], lastUsedAt: 9 };

  it.each([
    { desc: 'the approval, before codes of the same device', methods: [codes, push], need: 'mfa', expected: 'push' },
    {
      desc: 'the approval, before codes of several devices',
      methods: [{ ...codes, cameWith: ['tablet', 'pixel'] }, push],
      need: 'mfa',
      expected: 'push',
    },
    { desc: 'those codes, where an approval is too weak', methods: [codes, push], need: 'aal2', expected: 'totp' },
    {
      desc: 'those codes, where they are the default',
      methods: [{ ...codes, isDefault: true }, push],
      need: 'mfa',
      expected: 'totp',
    },
    {
      desc: 'the codes of another device',
      methods: [{ ...codes, cameWith: ['tablet'] }, push],
      need: 'mfa',
      expected: 'totp',
    },
    { desc: 'codes that came with no device', methods: [totp, push], need: 'mfa', expected: 'totp' },
    {
      desc: 'a passkey, before an approval',
      methods: [codes, push, method('passkey', 'phr')],
      need: 'mfa',
      expected: 'passkey',
    },
    { desc: 'the strongest, without an earlier choice', methods: [call, totp], need: 'mfa', expected: 'totp' },
    {
      desc: 'the last used in this browser, not one used elsewhere since',
      methods: [
        { ...call, lastUsedAt: 1 },
        { ...totp, lastUsedAt: 2 },
      ],
      lastHere: 'call',
      need: 'mfa',
      expected: 'call',
    },
    {
      desc: 'the default before the last used',
      methods: [
        { ...call, isDefault: true },
        { ...totp, lastUsedAt: 9 },
      ],
      lastHere: 'totp',
      need: 'mfa',
      expected: 'call',
    },
    {
      desc: 'never one that does not reach the need',
      methods: [{ ...call, isDefault: true, lastUsedAt: 9 }, totp],
      lastHere: 'call',
      need: 'aal2',
      expected: 'totp',
    },
    {
      desc: 'undefined, if no method reaches the required acr',
      methods: [call, totp],
      need: 'phr',
      expected: undefined,
    },
  ] as const)('$desc', ({ methods, need, expected, ...more }) => {
    expect(preferred(methods, need, 'lastHere' in more ? more.lastHere : undefined)?.factor).toBe(expected);
  });

  it('one of the methods that reach the level, strongest first', () => {
    expect(usable([call, totp], 'mfa').map(each => each.factor)).toEqual(['totp', 'call']);
    expect(usable([call, totp], 'aal2').map(each => each.factor)).toEqual(['totp']);
  });

  it('an approval, while the strongest level is still that of the codes', () => {
    expect(usable([call, codes, push], 'mfa').map(each => each.factor)).toEqual(['push', 'totp', 'call']);
    expect(requiredLevel({ acr: 'sfa', minimum: 'sfa', strongest: true }, true, [call, push, codes])).toBe('aal2');
  });
});
