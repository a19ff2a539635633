/**
 * C13. A person is led into an enrollment that they can neither finish nor leave: the only method that is allowed needs something
 * they do not have, or the last one is lost (zitadel/zitadel#7774, zitadel/zitadel#9035). A random walk between first sign-in, lost
 * phone and administrator finds no such state: the person can be signed in by what they have, or the page names who can help. Nor
 * does the password alone ever open the wizard of an account that had a method.
 * Guards: `interactions/step.ts#stepOf`, `src/mfa/enrollment-plan.ts#enrollmentRight`.
 */
import { expect, test } from '@jest/globals';
import {
  assert as check,
  commands,
  constant,
  constantFrom,
  modelRun,
  nat,
  property,
  record,
  type Command,
} from 'fast-check';
import { methodsFor } from '../../interactions/required-level.ts';
import type { SignInState } from '../../interactions/sign-in-state.ts';
import { stepOf, type Step } from '../../interactions/step.ts';
import { nameOf, type Method } from '../../src/mfa/assurance.ts';
import { isAskedAlways } from '../../src/mfa/enrollment-plan.ts';
import { hasEverHadMethod } from '../../src/mfa/listed-authenticators.ts';
import { authenticatorOf, type Acr, type Authenticator, type Factor } from '../../src/mfa/factor.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { isMethod } from '../../src/mfa/recovery-types.ts';
import { methodsOf } from '../../src/mfa/methods.ts';
import { mint, type Proof } from '../../src/mfa/proof.ts';
import type { User } from '../../src/records.ts';

const day = 86_400_000;
const usual = factorsFor({ callAnswer: 'key' }).filter(factor => isMethod({ type: authenticatorOf(factor) }));
/** Recovery codes and pass, as far as the rules read them. */
const fallback = (type: string, authenticator: string, reaches: Acr): Factor =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only these members are read
  ({ type, authenticator, reaches, asksFor: 'any' }) as unknown as Factor;
const recoveryCode = fallback('recovery-code', 'recovery-codes', 'aal2');
const pass = fallback('temporary-access-pass', 'temporary-access-pass', 'mfa');

interface Policy {
  readonly types: readonly string[];
  readonly requiredMethods: 0 | 1 | 2;
  readonly grace: number;
  readonly minimum: Acr;
}

/** One person, the installation, and their sign-in under way. */
interface Journey {
  readonly policy: Policy;
  readonly now: number;
  readonly user: Pick<User, 'id' | 'authenticators' | 'everHadMethodAt' | 'firstMethodAt' | 'enrollmentAskedAt'>;
  readonly stored: readonly Authenticator[];
  /** Names of methods that wrong answers have disabled. */
  readonly disabled: readonly string[];
  readonly proofs: readonly Proof[];
  readonly hasSkipped: boolean;
}

const factorsOf = ({ policy }: Journey): readonly Factor[] => [
  ...usual.filter(({ type }) => policy.types.includes(type)),
  recoveryCode,
  pass,
];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only these members are read
const methods = (at: Journey) => methodsOf(at.user as User, at.stored, factorsOf(at));
const stateOf = (at: Journey): SignInState => ({
  signIn: { prompt: 'login', required: { acr: at.policy.minimum, minimum: at.policy.minimum } },
  methods: methods(at),
  proofs: at.proofs,
  ...(at.proofs.length > 0 && { userId: 'ada' }),
  hasMethod: isAskedAlways(at.user, methods(at)),
  hasSkipped: at.hasSkipped,
  enrolling: {
    user: at.user,
    stored: at.stored,
    factors: factorsOf(at),
    inUse: factorsOf(at),
    policy: at.policy,
    now: at.now,
  },
});

const withProof = (at: Journey, proof: Omit<Proof, 'at' | 'userId' | typeof Symbol.toStringTag>): Journey => ({
  ...at,
  proofs: [...at.proofs, mint({ ...proof, userId: 'ada', at: at.now })],
});
const typePassword = (at: Journey): Journey =>
  withProof(at, { factor: 'password', amr: ['pwd'], acr: 'sfa' } as unknown as Proof);
const newSignIn = (at: Journey): Journey => ({ ...at, proofs: [], hasSkipped: false, now: at.now + 60_000 });

/** Answers the challenge of a method rightly. A recovery code or pass is used up. */
const prove = (at: Journey, method: Method): Journey => {
  const used = at.stored.find(each => each.type === method.factor || each.id === method.chosen);
  const proven = withProof(at, { factor: method.factor, amr: ['otp'], acr: method.reaches } as unknown as Proof);
  return method.factor === pass.type ? { ...proven, stored: proven.stored.filter(each => each !== used) } : proven;
};

let numbers = 0;
const bind = (at: Journey, factor: Factor, kind: string | undefined): Journey => {
  numbers += 1;
  const type = authenticatorOf(factor);
  const data =
    type === 'phone' ? { number: `+1202555${1000 + numbers}`, kind: kind ?? 'mobile' } : { secret: 'x', lastStep: -1 };
  const made: Authenticator = { id: `${type} ${numbers}`, type, label: type, data, createdAt: at.now };
  const bound = {
    ...at,
    stored: [...at.stored, made],
    user: {
      ...at.user,
      authenticators: [...at.user.authenticators, made.id],
      firstMethodAt: at.user.firstMethodAt ?? at.now,
      everHadMethodAt: at.user.everHadMethodAt ?? at.now,
    },
  };
  return withProof(bound, {
    factor: factor.type,
    amr: ['otp'],
    acr: factor.reaches,
    enrolled: true,
  } as unknown as Proof);
};
const give = (at: Journey, type: string): Journey => ({
  ...at,
  stored: [
    ...at.stored.filter(each => each.type !== type),
    { id: type, type, label: type, data: null, createdAt: at.now },
  ],
  user: { ...at.user, everHadMethodAt: at.user.everHadMethodAt ?? at.now },
});

/** Everything that a person at this step can do by the forms of its page, with the state that follows. */
const actions = (at: Journey, step: Step): readonly Journey[] => {
  if (step.at === 'password') return [typePassword(at)];
  if (step.at === 'choose') {
    return methodsFor(stateOf(at))
      .filter(method => !at.disabled.includes(nameOf(method)))
      .map(method => prove(at, method));
  }
  if (step.at !== 'enroll') return [];
  const { plan } = step;
  const skipped = plan.maySkip ? [{ ...at, hasSkipped: true }] : [];
  if (plan.next === 'recovery-codes') return [give(at, 'recovery-codes'), ...skipped];
  const bound = plan.offered.flatMap(({ type, phoneKinds = [undefined] }) => {
    const factor = factorsOf(at).find(each => each.type === type);
    return factor === undefined || !plan.right.open ? [] : phoneKinds.map(kind => bind(at, factor, kind));
  });
  return [...bound, ...skipped];
};

/** The page of this step names who can help: the picker where everything is disabled, and the page of what cannot be met. */
const namesHelp = (at: Journey, step: Step): boolean =>
  step.at === 'unmet' || (step.at === 'choose' && actions(at, step).length === 0);

/** Number of forms to the end of this sign-in, or to a page that names who can help; undefined: there is no way. */
const wayOut = (from: Journey): number | undefined => {
  let reached: readonly Journey[] = [from];
  for (let forms = 0; forms <= 6; forms += 1) {
    const steps = reached.map(at => ({ at, step: stepOf(stateOf(at)) }));
    if (steps.some(({ at, step }) => step.at === 'finish' || namesHelp(at, step))) return forms;
    reached = steps.flatMap(({ at, step }) => actions(at, step)).slice(0, 12);
  }
  return undefined;
};

class Change implements Command<object, { at: Journey }> {
  readonly #name: string;
  readonly #change: (at: Journey) => Journey | undefined;

  constructor(name: string, change: (at: Journey) => Journey | undefined) {
    this.#name = name;
    this.#change = change;
  }

  check(): boolean {
    return true;
  }

  run(_model: object, real: { at: Journey }): void {
    real.at = this.#change(real.at) ?? real.at;
    const step = stepOf(stateOf(real.at));
    seen.add(step.at === 'enroll' ? `enroll ${step.plan.next}` : step.at);
    if (wayOut(real.at) === undefined) throw new Error(`no way out of '${step.at}'`);
    const onlyPassword = real.at.proofs.every(({ factor }) => factor === 'password');
    if (onlyPassword && hasEverHadMethod(real.at.user) && step.at === 'enroll') {
      throw new Error('the password alone opened the wizard of an account that had a method');
    }
  }

  toString(): string {
    return this.#name;
  }
}

const seen = new Set<string>();
const act = (choice: number) =>
  new Change(`act ${choice}`, at => {
    const step = stepOf(stateOf(at));
    const able = actions(at, step);
    return step.at === 'finish' || able.length === 0 ? newSignIn(at) : able[choice % able.length];
  });
const changes = [
  // Mostly the person acts: the way through a wizard is long.
  ...Array.from({ length: 6 }, () => nat(20).map(act)),
  constant(new Change('leave and come back', newSignIn)),
  nat(5).map(
    choice =>
      new Change(`guess 50 times at ${choice}`, at => {
        const all = methods(at).map(nameOf);
        const name = all[choice % Math.max(1, all.length)];
        return name === undefined ? undefined : { ...at, disabled: [...at.disabled, name] };
      }),
  ),
  nat(5).map(
    choice =>
      new Change(`remove ${choice}`, at => {
        const id = at.user.authenticators[choice % Math.max(1, at.user.authenticators.length)];
        const left = at.user.authenticators.filter(each => each !== id);
        return newSignIn({
          ...at,
          stored: at.stored.filter(each => each.id !== id),
          user: { ...at.user, authenticators: left },
        });
      }),
  ),
  constant(new Change('get a pass', at => newSignIn(give(at, pass.type)))),
  constant(
    new Change('reset by an administrator', at =>
      newSignIn({ ...at, stored: [], disabled: [], user: { id: 'ada', authenticators: [] } }),
    ),
  ),
  constant(
    new Change('let the grace pass', at =>
      newSignIn({ ...at, now: at.now + 30 * day, user: { ...at.user, enrollmentAskedAt: at.now } }),
    ),
  ),
  record({
    types: constantFrom(['call'], ['totp'], ['totp', 'call'], ['totp', 'sms', 'spoken', 'call']),
    requiredMethods: constantFrom(0 as const, 1 as const, 2 as const),
    grace: constantFrom(0, 14 * day),
    minimum: constantFrom<Acr>('sfa', 'mfa', 'aal2', 'phr'),
  }).map(policy => new Change(`policy ${JSON.stringify(policy)}`, at => newSignIn({ ...at, policy }))),
];

test('C13 from every state some action leads to a sign-in, or the page names who can help', () => {
  const start: Journey = {
    policy: { types: ['totp', 'sms', 'spoken', 'call'], requiredMethods: 2, grace: 14 * day, minimum: 'sfa' },
    now: 1_790_000_000_000,
    user: { id: 'ada', authenticators: [] },
    stored: [],
    disabled: [],
    proofs: [],
    hasSkipped: false,
  };
  check(
    property(commands(changes, { maxCommands: 40, size: 'max' }), walk => {
      modelRun(() => ({ model: {}, real: { at: start } }), walk);
    }),
    { seed: 20_261_129, numRuns: 100 },
  );
  // The walk went where it should.
  const everywhere = ['password', 'choose', 'unmet', 'finish', 'first-method', 'level', 'backup', 'recovery-codes'];
  expect(everywhere.filter(place => ![...seen].some(each => each.endsWith(place)))).toEqual([]);
});
