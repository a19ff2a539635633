/** Tests how recent and how strong a sign-in must be to change methods. Guard of A58: `src/mfa/fresh-sign-in.ts#isFresh`. */
import { describe, expect, it } from '@jest/globals';
import type { Method } from '../../src/mfa/assurance.ts';
import type { Acr } from '../../src/mfa/factor.ts';
import { isFresh, isFreshPassword, type SignInTimes } from '../../src/mfa/fresh-sign-in.ts';

const now = 1_790_000_000_000;
const seconds = now / 1000;
const method = (factor: string, reaches: Acr): Method => ({ factor, reaches, label: factor, isDefault: false });
const [call, totp] = [method('call', 'mfa'), method('totp', 'aal2')];

const signIn = (
  step: string | undefined,
  { acr = 'aal2', age = 0, stepAge = age }: { acr?: Acr; age?: number; stepAge?: number } = {},
): SignInTimes => ({
  acr,
  authTime: seconds - age,
  ...(step !== undefined && { secondStep: { method: step, ts: seconds - stepAge } }),
});

const passkey = method('passkey', 'phr');
/** In a session that was phishing-resistant before. */
const touched = (acr: Acr): SignInTimes => ({
  acr: 'phr',
  authTime: seconds,
  secondStep: { method: 'passkey', ts: seconds, acr },
});

describe('a sign-in may change methods', () => {
  it.each<[string, SignInTimes, readonly Method[], boolean]>([
    ['by the strongest method', signIn('totp'), [call, totp], true],
    ['at the age of five minutes', signIn('totp', { age: 300 }), [call, totp], true],
    ['not a second later', signIn('totp', { age: 301 }), [call, totp], false],
    ['not where the password is older', signIn('totp', { age: 301, stepAge: 0 }), [call, totp], false],
    ['not where the second step is older', signIn('totp', { age: 0, stepAge: 301 }), [call, totp], false],
    ['not by a weaker method', signIn('call', { acr: 'mfa' }), [call, totp], false],
    ['not by a weaker method in a session that was stronger before', signIn('call'), [call, totp], false],
    ['by the weaker method where it is the only one that can be used', signIn('call', { acr: 'mfa' }), [call], true],
    ['not by the password alone', signIn(undefined, { acr: 'sfa' }), [call], false],
    ['not by the password alone, without a method', signIn(undefined, { acr: 'sfa' }), [], false],
    ['not by a method that was removed since', signIn('totp'), [call], false],
    ['not by a method that was removed since, without another', signIn('totp'), [], false],
    ['not by a passkey that only noticed a touch', touched('mfa'), [passkey], false],
    ['by a passkey that checked who holds it', touched('phr'), [passkey], true],
    ['by a recovery code, whatever the methods reach', signIn('recovery-code'), [method('passkey', 'phr')], true],
    ['by a temporary access pass', signIn('temporary-access-pass', { acr: 'mfa' }), [totp], true],
    ['not by a recovery code of six minutes ago', signIn('recovery-code', { age: 360 }), [totp], false],
    ['not at a time ahead of the clock', signIn('totp', { age: -301 }), [totp], false],
  ])('%s', (_, times, methods, expected) => {
    expect(isFresh(times, methods, now)).toBe(expected);
  });
});

it('a password is fresh for five minutes', () => {
  expect(isFreshPassword({ authTime: seconds - 300 }, now + 999)).toBe(true);
  expect(isFreshPassword({ authTime: seconds - 301 }, now)).toBe(false);
});
