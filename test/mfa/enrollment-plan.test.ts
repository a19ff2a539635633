/**
 * Tests who may bind a method in a sign-in, what is needed next, and whether it may wait. Guards:
 * `src/mfa/enrollment-plan.ts#enrollmentRight`, `src/mfa/enrollment-plan.ts#enrollmentPlan`.
 */
import { describe, expect, it } from '@jest/globals';
import type { Method } from '../../src/mfa/assurance.ts';
import { openTo } from '../../src/mfa/enrollment-offers.ts';
import { enrollmentPlan, enrollmentRight, type EnrollmentSituation } from '../../src/mfa/enrollment-plan.ts';
import { authenticatorOf, type Acr, type Authenticator } from '../../src/mfa/factor.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { methodsOf } from '../../src/mfa/methods.ts';
import { isMethod } from '../../src/mfa/recovery-types.ts';
import { mint } from '../../src/mfa/proof.ts';

const now = 1_790_000_000_000;
const day = 86_400_000;
/** Those of a person without a verified address. */
const usual = openTo({}, [], factors).filter(factor => isMethod({ type: authenticatorOf(factor) }));
const withCodes = factors;

const password = mint({ userId: 'ada', factor: 'password', amr: ['pwd'], acr: 'sfa', at: now - 60_000 });
const proof = (factor: string, acr: Acr, more: { enrolled?: true } = {}) =>
  mint({ userId: 'ada', factor, amr: [], acr, at: now, ...more });
const authenticator = (id: string, type: string, data: Authenticator['data']): Authenticator => ({
  id,
  type,
  label: id,
  data,
  createdAt: now - day,
});
const mobile = authenticator('m', 'phone', { number: '+12025550143', kind: 'mobile' });
const office = authenticator('o', 'phone', { number: '+12025550150', kind: 'office' });
const app = authenticator('a', 'totp', { secret: 'x', lastStep: -1 });
const codes = authenticator('c', 'recovery-codes', { unused: ['x'] });

const situation = (
  stored: readonly Authenticator[],
  more: Partial<EnrollmentSituation> & { methods?: readonly Method[] } = {},
): EnrollmentSituation => {
  const user = { authenticators: stored.map(({ id }) => id), ...(stored.length > 0 && { everHadMethodAt: now - day }) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only these members are read
  const methods = methodsOf(user as never, stored, usual);
  return {
    user,
    stored,
    methods,
    factors: usual,
    policy: { requiredMethods: 2, grace: 14 * day },
    proofs: [password],
    required: { acr: 'sfa', minimum: 'sfa' },
    now,
    ...more,
  };
};

describe('a method may be bound', () => {
  it.each<[string, EnrollmentSituation, object]>([
    ['not before the password', situation([], { proofs: [] }), { open: false, because: 'password' }],
    ['by the password, where nothing was ever bound', situation([]), { open: true }],
    ['not by the password, where a method is bound', situation([mobile]), { open: false, because: 'prove' }],
    [
      'not by the password, where the last method was removed',
      situation([], { user: { authenticators: [], everHadMethodAt: now - day } }),
      { open: false, because: 'administrator' },
    ],
    [
      'not by the password, in the record of an earlier version',
      situation([mobile], { user: { authenticators: ['m'], firstMethodAt: now - day } }),
      { open: false, because: 'prove' },
    ],
    [
      'not by the password, where the method cannot be opened any more',
      situation([], { user: { authenticators: ['m'] } }),
      { open: false, because: 'administrator' },
    ],
    [
      'not where changes of the account are stopped, which only an administrator ends',
      situation([mobile], {
        user: { authenticators: ['m'], everHadMethodAt: now - day, changesFrozenUntil: now + 1 },
        proofs: [password, proof('call', 'mfa')],
      }),
      { open: false, because: 'administrator' },
    ],
    ['by a method', situation([mobile], { proofs: [password, proof('call', 'mfa')] }), { open: true }],
    ['by a recovery code', situation([mobile], { proofs: [password, proof('recovery-code', 'aal2')] }), { open: true }],
    [
      'by a temporary access pass',
      situation([], {
        user: { authenticators: [], everHadMethodAt: now },
        proofs: [password, proof('temporary-access-pass', 'mfa')],
      }),
      { open: true },
    ],
  ])('%s', (_, given, expected) => {
    expect(enrollmentRight(given)).toEqual(expected);
  });
});

const enrolled = proof('call', 'mfa', { enrolled: true });
const types = (given: EnrollmentSituation) => enrollmentPlan(given).offered.map(({ type }) => type);

describe('what is needed next', () => {
  it.each<[string, EnrollmentSituation, string, boolean]>([
    ['a first method', situation([]), 'first-method', true],
    ['nothing where nobody is led', situation([], { policy: { requiredMethods: 0, grace: day } }), 'nothing', true],
    ['a backup', situation([mobile], { proofs: [password, proof('call', 'mfa')] }), 'backup', true],
    ['a backup beside an app on the phone', situation([mobile, app], { proofs: [password, enrolled] }), 'backup', true],
    [
      'nothing beside an office',
      situation([mobile, office], { proofs: [password, proof('call', 'mfa')] }),
      'nothing',
      true,
    ],
    [
      'recovery codes at the end of an enrollment',
      situation([mobile, office], { factors: withCodes, proofs: [password, enrolled] }),
      'recovery-codes',
      true,
    ],
    [
      'no recovery codes at a usual sign-in',
      situation([mobile, office], { factors: withCodes, proofs: [password, proof('call', 'mfa')] }),
      'nothing',
      true,
    ],
    [
      'no second set of recovery codes',
      situation([mobile, office, codes], { factors: withCodes, proofs: [password, enrolled] }),
      'nothing',
      true,
    ],
    [
      'a first method for a required level, not to be put off',
      situation([], { required: { acr: 'mfa', minimum: 'mfa' }, policy: { requiredMethods: 0, grace: day } }),
      'first-method',
      false,
    ],
    [
      'a stronger method for a required level',
      situation([office], {
        methods: [{ factor: 'call', chosen: 'o', reaches: 'mfa', label: 'o', isDefault: false }],
        required: { acr: 'aal2', minimum: 'aal2' },
        proofs: [password, proof('call', 'mfa')],
      }),
      'level',
      false,
    ],
  ])('%s', (_, given, next, maySkip) => {
    expect(enrollmentPlan(given)).toMatchObject({ next, maySkip });
  });

  it('is offered by the factors that help: for a level those that reach it, for a backup what would be left', () => {
    const required = { acr: 'aal2', minimum: 'aal2' } as const;
    expect(types(situation([], { required }))).toEqual(['passkey', 'totp', 'sms', 'spoken']);
    expect(types(situation([], { required: { acr: 'phr', minimum: 'phr' } }))).toEqual(['passkey']);
    expect(types(situation([mobile]))).toEqual(['passkey', 'sms', 'spoken', 'call']);
    expect(types(situation([office]))).toEqual(['passkey', 'push', 'totp', 'sms', 'spoken', 'call']);
    const [, first] = enrollmentPlan(situation([app])).offered;
    expect(first).toEqual({ type: 'sms', phoneKinds: ['alternate', 'office'] });
  });

  it('is not an eleventh passkey', () => {
    const passkeys = Array.from({ length: 10 }, (_, at) => authenticator(`${at}`, 'passkey', {}));
    const offered = (count: number) => openTo({}, passkeys.slice(0, count), factors).map(({ type }) => type);
    expect([offered(9).includes('passkey'), offered(10).includes('passkey')]).toEqual([true, false]);
    expect(offered(10)).toContain('totp');
  });

  it('is nothing where no factor in use could give it', () => {
    const only = factors.filter(({ type }) => type === 'totp');
    expect(enrollmentPlan(situation([app], { factors: only }))).toMatchObject({ next: 'nothing', maySkip: true });
  });
});

describe('the grace', () => {
  const asked = (ago: number) => situation([], { user: { authenticators: [], enrollmentAskedAt: now - ago } });
  it.each([
    ['begins when the person is asked', situation([]), true],
    ['lasts fourteen days', asked(14 * day - 1), true],
    ['ends then', asked(14 * day), false],
    ['is none where it is zero', situation([], { policy: { requiredMethods: 1, grace: 0 } }), false],
  ])('%s', (_, given, maySkip) => {
    const plan = enrollmentPlan(given);
    expect(plan.maySkip).toBe(maySkip);
    expect(plan.graceUntil !== undefined).toBe(maySkip);
  });
});
