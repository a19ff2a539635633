/**
 * Tests who is invited to sign in with a passkey or to approve on their phone next time, and what the invitation offers. Guard:
 * `src/mfa/enrollment-plan.ts#helpfulInvitations`.
 */
import { describe, expect, it, test } from '@jest/globals';
import {
  helpfulInvitations,
  invitationPlan,
  taskPlan,
  type EnrollmentSituation,
} from '../../src/mfa/enrollment-plan.ts';
import type { Acr, Authenticator, Factor } from '../../src/mfa/factor.ts';
import { totp } from '../../src/mfa/factors/totp.ts';
import { passkeyType } from '../../src/mfa/passkeys/data.ts';
import { pushType } from '../../src/mfa/push/data.ts';
import { mint } from '../../src/mfa/proof.ts';

const proof = (factor: string, acr: Acr) => mint({ userId: 'ada', factor, amr: [], acr, at: 1 });
const password = proof('password', 'sfa');
const owned = (type: string): Authenticator => ({ id: type, type, label: type, data: { secret: 'x' }, createdAt: 1 });
const passkey: Factor = { ...totp, type: passkeyType, reaches: 'phr' };
const push: Factor = { ...totp, type: pushType, reaches: 'mfa' };

/** A sign-in of a person with an app and with a hardware token, so that a backup is not missing. */
const situation = (more: Partial<EnrollmentSituation> = {}): EnrollmentSituation => ({
  user: { authenticators: ['totp', 'token'], everHadMethodAt: 1 },
  stored: [owned('totp'), { ...owned('token'), type: 'totp', data: { secret: 'x', serial: '1' } }],
  methods: [],
  factors: [totp, passkey],
  policy: { requiredMethods: 0, grace: 0, invites: true },
  proofs: [password, proof('totp', 'aal2')],
  required: { acr: 'sfa', minimum: 'sfa' },
  now: 2,
  ...more,
});

describe('an invitation to a passkey', () => {
  it.each<[string, Partial<EnrollmentSituation>, readonly string[]]>([
    ['helps a person who signs in by password and another method', {}, ['passkey']],
    ['does not help a person who has one', { stored: [owned('totp'), owned(passkeyType)] }, []],
    ['does not help where passkeys are not in use', { factors: [totp] }, []],
    ['does not help a person without a method, who is asked for more than that', { stored: [] }, []],
    ['does not come after a recovery code', { proofs: [password, proof('recovery-code', 'aal2')] }, []],
    ['comes after the backup that is missing', { stored: [owned('totp')] }, ['backup', 'passkey']],
  ])('%s', (_, more, kinds) => {
    expect(helpfulInvitations(situation(more))).toEqual(kinds);
  });

  it('offers nothing else, and may be refused', () => {
    expect(invitationPlan('passkey', situation())).toMatchObject({
      next: 'passkey',
      offered: [{ type: passkeyType }],
      maySkip: true,
    });
  });
});

describe('an invitation to approve on the phone', () => {
  const called = (factor: string): Partial<EnrollmentSituation> => ({
    proofs: [password, proof(factor, 'mfa')],
    factors: [totp, push],
  });

  it.each<[string, Partial<EnrollmentSituation>, readonly string[]]>([
    ['helps a person who was called', called('call'), ['authenticator']],
    ['helps a person who got a text', called('sms'), ['authenticator']],
    ['helps a person who was called with a code', called('spoken'), ['authenticator']],
    ['does not help a person who typed a code of their app', called('totp'), []],
    ['does not help a person who has paired one', { ...called('call'), stored: [owned('totp'), owned(pushType)] }, []],
    ['does not help where it is not in use', { ...called('call'), factors: [totp] }, []],
    ['comes after a passkey', { ...called('call'), factors: [totp, push, passkey] }, ['passkey', 'authenticator']],
  ])('%s', (_, more, kinds) => {
    expect(helpfulInvitations(situation(more))).toEqual(kinds);
  });

  it('offers nothing else, and may be refused', () => {
    const plan = invitationPlan('authenticator', situation(called('call')));
    expect(plan).toMatchObject({ next: 'authenticator', offered: [{ type: pushType }], maySkip: true });
  });
});

const offered = (only?: string) =>
  taskPlan('add-method', situation({ proofs: [] }), only).offered.map(({ type }) => type);

test('a task that a person begins for a passkey offers only that', () => {
  expect(offered(passkeyType)).toEqual([passkeyType]);
  expect(offered()).toEqual(['totp', passkeyType]);
});
