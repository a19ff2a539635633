/**
 * Tests what follows for a sign-in where its person chose to sign in no weaker than by a passkey, without HTTP. Guards:
 * `src/mfa/chosen-min-acr.ts#chosenMinAcr`, `interactions/required-level.ts#requiredOf`.
 */
import { describe, expect, test } from '@jest/globals';
import { firstMethod, methodsFor } from '../../interactions/required-level.ts';
import type { SignInState } from '../../interactions/sign-in-state.ts';
import { stepOf } from '../../interactions/step.ts';
import type { Method } from '../../src/mfa/assurance.ts';
import type { Acr, Factor } from '../../src/mfa/factor.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { mint } from '../../src/mfa/proof.ts';

const call: Method = { factor: 'call', chosen: 'phone', reaches: 'mfa', label: 'Phone', isDefault: true };
const passkey: Method = { factor: 'passkey', reaches: 'phr', label: 'Passkey', isDefault: false };
const code: Method = { factor: 'recovery-code', reaches: 'aal2', label: 'Codes', isDefault: false, recovers: true };
const proof = (factor: string, acr: Acr) => mint({ userId: 'ada', factor, amr: [], acr, at: 2 });
const password = proof('password', 'sfa');

const weaker = factors.filter(({ reaches }) => reaches !== 'phr');
const [any] = weaker;
if (any === undefined) throw new Error('expected a factor');
const phishingResistant: Factor = { ...any, type: 'passkey', reaches: 'phr' };

/** A sign-in after the password of a person with a phone, a passkey and recovery codes. */
const signIn = (
  more: Partial<SignInState> = {},
  inUse: readonly Factor[] = [...weaker, phishingResistant],
): SignInState => ({
  signIn: { prompt: 'login', required: { acr: 'sfa', minimum: 'sfa' } },
  userId: 'ada',
  hasMethod: true,
  methods: [call, passkey, code],
  proofs: [password],
  enrolling: {
    user: { authenticators: ['phone', 'passkey'], everHadMethodAt: 1, minAcr: 'phr' },
    stored: [{ id: 'phone', type: 'phone', label: 'Phone', data: null, createdAt: 1 }],
    factors: inUse,
    inUse,
    policy: { requiredMethods: 0, grace: 0 },
    now: 3,
  },
  ...more,
});

describe('no weaker than my passkey', () => {
  test('a weaker method is neither offered nor asked for first, also where it is the default', () => {
    expect(methodsFor(signIn())).toEqual([passkey, code]);
    expect(firstMethod(signIn())).toBe(passkey);
  });

  test.each<[string, Partial<SignInState>, object]>([
    ['a weaker proof does not end the sign-in', { proofs: [password, proof('call', 'mfa')] }, { at: 'choose' }],
    ['a proof of that level does', { proofs: [password, proof('passkey', 'phr')] }, { at: 'finish' }],
    ['so does a recovery code', { proofs: [password, proof('recovery-code', 'aal2')] }, { at: 'finish' }],
    ['so does a temporary pass', { proofs: [password, proof('temporary-access-pass', 'mfa')] }, { at: 'finish' }],
    [
      'a recovery code does not end what a client requires',
      {
        signIn: { prompt: 'login', required: { acr: 'phr', minimum: 'phr' } },
        proofs: [password, proof('recovery-code', 'aal2')],
      },
      { at: 'enroll', plan: { next: 'level' } },
    ],
    [
      'a step-up asks for the passkey too',
      { signIn: { prompt: 'mfa', required: { acr: 'mfa', minimum: 'mfa' } }, proofs: [] },
      { at: 'start', method: passkey },
    ],
  ])('%s', (_, more, expected) => {
    expect(stepOf(signIn(more))).toMatchObject(expected);
  });

  test('a passkey that cannot be used now is not replaced by a weaker method, only by a recovery code', () => {
    const given = signIn({ methods: [call, code] });
    expect(stepOf(given)).toEqual({ at: 'choose' });
    expect(methodsFor(given)).toEqual([code]);
  });

  test('C13 where nothing can be used now, the page says who can help: no empty list to choose from', () => {
    const given = signIn({ methods: [call] });
    expect(methodsFor(given)).toEqual([]);
    expect(stepOf(given)).toEqual({ at: 'unmet' });
  });

  test('with as many passkeys as a person may have, the choice holds, and a recovery code still passes by it', () => {
    const { enrolling } = signIn();
    const full = signIn({ ...(enrolling && { enrolling: { ...enrolling, factors: weaker } }) });
    expect(methodsFor(full)).toEqual([passkey, code]);
    expect(stepOf({ ...full, proofs: [password, proof('call', 'mfa')] })).toMatchObject({ at: 'choose' });
    expect(stepOf({ ...full, proofs: [password, proof('recovery-code', 'aal2')] })).toEqual({ at: 'finish' });
  });

  test('where no factor in use reaches the level, the choice shuts nobody out', () => {
    const withoutPasskeys = signIn({ methods: [call], proofs: [password, proof('call', 'mfa')] }, weaker);
    expect(stepOf(withoutPasskeys)).toEqual({ at: 'finish' });
  });
});
