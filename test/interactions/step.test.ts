/** Tests which step follows from each state of a sign-in, without HTTP. */
import { describe, expect, test } from '@jest/globals';
import { firstMethod, methodsFor } from '../../interactions/required-level.ts';
import type { SignInState } from '../../interactions/sign-in-state.ts';
import { stepOf } from '../../interactions/step.ts';
import { requiredLevel, type Method } from '../../src/mfa/assurance.ts';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import type { Acr } from '../../src/mfa/factor.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { mint, type Proof } from '../../src/mfa/proof.ts';

const call: Method = { factor: 'call', chosen: 'phone', reaches: 'mfa', label: 'Phone', isDefault: true };
const totp: Method = { factor: 'totp', reaches: 'aal2', label: 'App', isDefault: false };
const password = mint({ userId: 'ada', factor: 'password', amr: ['pwd'], acr: 'sfa', at: 1 });
const called = mint({ userId: 'ada', factor: 'call', amr: ['tel'], acr: 'mfa', at: 2 });
const coded = mint({ userId: 'ada', factor: 'totp', amr: ['otp'], acr: 'aal2', at: 2 });
const view: ChallengeView = {
  factor: 'call',
  userId: 'ada',
  chosen: 'phone',
  prompt: { kind: 'wait', sentTo: '+1 ••• 43' },
  phase: 'pending',
  begunAt: 0,
  until: 60_000,
  attemptsLeft: 5,
};

interface Given {
  readonly prompt?: 'login' | 'mfa' | 'consent';
  readonly acr?: Acr;
  readonly minimum?: Acr;
  readonly session?: string;
  readonly userId?: string;
  readonly mustChangePassword?: boolean;
  readonly methods?: readonly Method[];
  readonly proofs?: readonly Proof[];
  readonly view?: ChallengeView;
}
const situation = ({
  prompt = 'login',
  acr = 'sfa',
  minimum = 'sfa',
  session,
  methods = [],
  proofs = [],
  ...rest
}: Given): SignInState => ({
  signIn: {
    prompt,
    required: { acr, minimum },
    ...(session !== undefined && { session: { id: 'digest', userId: session, amr: [] } }),
  },
  methods,
  proofs,
  ...rest,
});

describe('a sign-in', () => {
  test.each<[string, Given, string]>([
    ['no proof', {}, 'password'],
    ['a person without a proof', { userId: 'ada' }, 'password'],
    ['a second factor without the first', { userId: 'ada', proofs: [called], methods: [call] }, 'password'],
    ['a password, without a method', { userId: 'ada', proofs: [password] }, 'finish'],
    ['a password to change', { userId: 'ada', proofs: [password], mustChangePassword: true }, 'new-password'],
    [
      'a password to change, before the second step',
      { userId: 'ada', proofs: [password], methods: [call], mustChangePassword: true },
      'choose',
    ],
    [
      'a password to change, after the second step',
      { userId: 'ada', proofs: [password, called], methods: [call], mustChangePassword: true },
      'new-password',
    ],
    ['a password, with a method', { userId: 'ada', proofs: [password], methods: [call] }, 'choose'],
    ['its call is pending', { userId: 'ada', proofs: [password], methods: [call], view }, 'factor'],
    [
      'its call has ended',
      { userId: 'ada', proofs: [password], methods: [call], view: { ...view, phase: 'ended', reason: 'busy' } },
      'factor',
    ],
    [
      'the call is another person’s',
      { userId: 'ada', proofs: [password], methods: [call], view: { ...view, userId: 'eve' } },
      'choose',
    ],
    ['a password and a call', { userId: 'ada', proofs: [password, called], methods: [call, totp], view }, 'finish'],
    [
      'less than the voluntary acr, with a method that reaches it',
      { userId: 'ada', acr: 'aal2', proofs: [password, called], methods: [call, totp] },
      'choose',
    ],
    [
      'less than the voluntary acr, without a method that reaches it',
      { userId: 'ada', acr: 'aal2', proofs: [password, called], methods: [call] },
      'finish',
    ],
    [
      'a minimum that no method reaches',
      { userId: 'ada', acr: 'aal2', minimum: 'aal2', proofs: [password], methods: [call] },
      'unmet',
    ],
    ['a minimum, without a method', { userId: 'linus', acr: 'mfa', minimum: 'mfa', proofs: [password] }, 'unmet'],
    [
      'the session of another person',
      { userId: 'ada', session: 'linus', proofs: [password, coded], methods: [totp] },
      'switch',
    ],
    [
      'a session of the same person',
      { userId: 'ada', session: 'ada', proofs: [password, coded], methods: [totp] },
      'finish',
    ],
  ])('%s', (_name, given, at) => {
    expect(stepOf(situation(given)).at).toBe(at);
  });
});

describe('a step-up', () => {
  const stepUp: Given = {
    prompt: 'mfa',
    userId: 'ada',
    session: 'ada',
    acr: 'aal2',
    minimum: 'aal2',
    methods: [call, totp],
  };
  test.each<[string, Given, object]>([
    ['starts with a button and a method that reaches the acr', stepUp, { at: 'start', method: totp }],
    ['shows its challenge', { ...stepUp, view: { ...view, factor: 'totp' } }, { at: 'factor' }],
    ['cannot be met', { ...stepUp, methods: [call] }, { at: 'unmet' }],
    ['is not finished by earlier proofs', { ...stepUp, proofs: [password, coded] }, { at: 'start' }],
  ])('%s', (_name, given, step) => {
    expect(stepOf(situation(given))).toMatchObject(step);
  });
});

test('the name of the prompt decides before any proof', () => {
  expect(stepOf(situation({ prompt: 'consent', userId: 'ada', proofs: [password], methods: [call], view })).at).toBe(
    'consent',
  );
});

test.each<[string, Acr, Acr, readonly Method[], Acr | undefined]>([
  ['no acr, no method', 'sfa', 'sfa', [], 'sfa'],
  ['no acr, one method', 'sfa', 'sfa', [call], 'mfa'],
  ['a voluntary acr within reach', 'aal2', 'sfa', [call, totp], 'aal2'],
  ['a voluntary acr out of reach', 'phr', 'sfa', [call, totp], 'mfa'],
  ['a voluntary acr, no method', 'aal2', 'sfa', [], 'sfa'],
  ['a minimum out of reach', 'aal2', 'aal2', [call], undefined],
  ['a minimum, no method', 'mfa', 'mfa', [], undefined],
])('the required level for %s', (_name, acr, minimum, methods, level) => {
  expect(requiredLevel({ acr, minimum }, methods.length > 0, methods)).toBe(level);
});

test.each<[string, readonly Acr[], readonly Method[], Acr]>([
  ['the first one that is reached', ['phr', 'aal2', 'mfa'], [call, totp], 'aal2'],
  ['the first one, also below others that are reached', ['mfa', 'aal2'], [call, totp], 'mfa'],
  ['no less than a person with a method is asked for', ['phr', 'sfa'], [call], 'mfa'],
  ['the minimum where none is reached', ['phr', 'aal2'], [], 'sfa'],
])('of several levels in order of preference: %s', (_name, [acr = 'sfa', ...alternatives], methods, level) => {
  expect(requiredLevel({ acr, alternatives, minimum: 'sfa' }, methods.length > 0, methods)).toBe(level);
});

test('only methods that reach the level are offered, and the default of the person comes first', () => {
  const both: Given = { userId: 'ada', methods: [call, totp] };
  expect(methodsFor(situation(both))).toEqual([totp, call]);
  expect(firstMethod(situation(both))).toBe(call);
  expect(methodsFor(situation({ ...both, acr: 'aal2' }))).toEqual([totp]);
  expect(firstMethod(situation({ ...both, acr: 'aal2' }))).toBe(totp);
  expect(methodsFor(situation({ userId: 'linus' }))).toEqual([]);
});

describe('enrollment', () => {
  const now = 1_790_000_000_000;
  const noMethod = { authenticators: [] };
  const withPhone = { authenticators: ['phone'], everHadMethodAt: 1 };
  const phone = {
    id: 'phone',
    type: 'phone',
    label: 'Phone',
    data: { number: '+12025550143', kind: 'mobile' },
    createdAt: 1,
  };
  const pass: Method = {
    factor: 'temporary-access-pass',
    reaches: 'mfa',
    label: 'Pass',
    isDefault: false,
    recovers: true,
  };
  const passed = mint({ userId: 'ada', factor: pass.factor, amr: ['otp'], acr: 'mfa', at: 2 });
  const enrolling = (
    user: NonNullable<SignInState['enrolling']>['user'],
    requiredMethods: 0 | 1 | 2 = 0,
  ): NonNullable<SignInState['enrolling']> => ({
    user,
    stored: user.authenticators.length > 0 ? [phone] : [],
    factors: factors.filter(({ type }) => type !== 'passkey'),
    inUse: factors,
    policy: { requiredMethods, grace: 86_400_000 },
    now,
  });
  const ada = { userId: 'ada', proofs: [password] };
  const aal2 = { acr: 'aal2', minimum: 'aal2' } as const;
  const state = (given: Given, of: ReturnType<typeof enrolling>, more: Partial<SignInState> = {}): SignInState => ({
    ...situation(given),
    enrolling: of,
    hasMethod: of.user.authenticators.length > 0,
    ...more,
  });

  const invitable = (user: Parameters<typeof enrolling>[0]): SignInState => {
    const of = enrolling(user);
    const policy = { ...of.policy, invites: true };
    return state({ ...ada, proofs: [password, called], methods: [call] }, { ...of, policy });
  };

  test.each<[string, SignInState, object]>([
    ['nobody is led by default', state(ada, enrolling(noMethod)), { at: 'finish' }],
    [
      'a person without a method is led where two are required',
      state(ada, enrolling(noMethod, 2)),
      { at: 'enroll', plan: { next: 'first-method', maySkip: true } },
    ],
    ['and goes on without it', state(ada, enrolling(noMethod, 2), { hasSkipped: true }), { at: 'finish' }],
    [
      'and not where their grace is over',
      state(ada, enrolling({ ...noMethod, enrollmentAskedAt: 1 }, 2), { hasSkipped: true }),
      { at: 'enroll', plan: { maySkip: false } },
    ],
    [
      'a person with a method proves it before the wizard opens',
      state({ ...ada, methods: [call] }, enrolling(withPhone, 2)),
      { at: 'choose' },
    ],
    [
      'and is then led to a backup',
      state({ ...ada, proofs: [password, called], methods: [call] }, enrolling(withPhone, 2)),
      { at: 'enroll', plan: { next: 'backup' } },
    ],
    [
      'a level that no method reaches is reached by a new one, after a proof of what there is',
      state({ ...ada, ...aal2, methods: [call] }, enrolling(withPhone)),
      { at: 'choose', first: call },
    ],
    [
      'which cannot be put off',
      state({ ...ada, ...aal2, proofs: [password, called], methods: [call] }, enrolling(withPhone), {
        hasSkipped: true,
      }),
      { at: 'enroll', plan: { next: 'level', maySkip: false } },
    ],
    [
      'a level that no factor in use reaches cannot be met',
      state({ ...ada, acr: 'phr', minimum: 'phr', methods: [call] }, enrolling(withPhone)),
      { at: 'unmet' },
    ],
    [
      'nor one of a person whose methods were all removed',
      state({ ...ada, ...aal2 }, enrolling({ authenticators: [], everHadMethodAt: 1 })),
      { at: 'unmet' },
    ],
    [
      'a pass that does not reach the level leads to a method that does',
      state({ ...ada, ...aal2, proofs: [password, passed], methods: [totp, pass] }, enrolling(withPhone)),
      { at: 'enroll', plan: { next: 'level', maySkip: false } },
    ],
    [
      'a pass that reaches the level is enough',
      state({ ...ada, acr: 'aal2', proofs: [password, passed], methods: [totp, pass] }, enrolling(withPhone)),
      { at: 'finish' },
    ],
    [
      'a person whose changes are stopped is not led into what the store would refuse',
      state(
        { ...ada, proofs: [password, called], methods: [call] },
        enrolling({ ...withPhone, enrollmentAskedAt: 1, changesFrozenUntil: now + 1 }, 2),
      ),
      { at: 'finish' },
    ],
    [
      'a person with one method is invited to a backup',
      invitable({ ...withPhone }),
      { at: 'enroll', plan: { invitation: 'backup', maySkip: true } },
    ],
    ['not where changes are stopped', invitable({ ...withPhone, changesFrozenUntil: now + 1 }), { at: 'finish' }],
    [
      'not for a device',
      { ...invitable(withPhone), signIn: { ...invitable(withPhone).signIn, isForDevice: true } },
      { at: 'finish' },
    ],
    [
      'what was begun is finished first',
      state({ ...ada, proofs: [password, coded], methods: [totp] }, enrolling(withPhone), { isSettingUp: true }),
      { at: 'enroll' },
    ],
  ])('%s', (_, given, expected) => {
    expect(stepOf(given)).toMatchObject(expected);
  });

  test('a pass is never asked for first, and offered last', () => {
    const given = state({ ...ada, methods: [pass, call] }, enrolling(withPhone));
    expect(firstMethod(given)).toBe(call);
    expect(methodsFor(given)).toEqual([call, pass]);
    expect(stepOf(state({ ...ada, methods: [pass] }, enrolling(withPhone)))).toEqual({ at: 'choose' });
  });

  test('a task needs a fresh sign-in at each request', () => {
    const manage = (name: 'add-method' | 'test-method', more: Partial<SignInState> = {}): SignInState => ({
      ...state({ userId: 'ada', session: 'ada', methods: [call] }, enrolling(withPhone), more),
      signIn: { prompt: 'manage', required: { acr: 'sfa', minimum: 'sfa' }, task: { name, method: 'call:phone' } },
    });
    expect(stepOf(manage('add-method'))).toEqual({ at: 'stale' });
    expect(stepOf(manage('test-method'))).toEqual({ at: 'stale' });
    const enrolled = mint({ userId: 'ada', factor: 'totp', amr: ['otp'], acr: 'aal2', at: 2, enrolled: true });
    const late = { proofs: [enrolled] };
    expect(stepOf(manage('add-method', late))).toEqual({ at: 'finish' });
    expect(stepOf(manage('add-method', { ...late, isSettingUp: true }))).toMatchObject({
      at: 'enroll',
      plan: { right: { open: false }, offered: [] },
    });
    const isFresh = true;
    expect(stepOf(manage('add-method', { isFresh }))).toMatchObject({ at: 'enroll', plan: { next: 'another' } });
    expect(stepOf(manage('test-method', { isFresh }))).toEqual({ at: 'start', method: call });
    const bound = mint({ userId: 'ada', factor: 'totp', amr: ['otp'], acr: 'aal2', at: 2, enrolled: true });
    const after = manage('add-method', { isFresh, proofs: [bound] });
    expect(stepOf(after)).toMatchObject({ at: 'enroll', plan: { next: 'recovery-codes' } });
    const codes = { id: 'codes', type: 'recovery-codes', label: '', data: { unused: ['x'] }, createdAt: 1 };
    const { stored = [] } = after.enrolling ?? {};
    const withCodes = { ...enrolling(withPhone), stored: [...stored, codes] };
    expect(stepOf({ ...after, enrolling: withCodes })).toEqual({ at: 'finish' });
  });
});
