/** Gathers the facts of one authorization request by which the policy decides. Read once per request. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { atLeast, isAcr, type Method } from '../../mfa/assurance.ts';
import type { Acr } from '../../mfa/factor.ts';
import { chosenMinAcr } from '../../mfa/chosen-min-acr.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { IsBreakGlass } from '../../users/break-glass.ts';
import type { RememberedBrowsers } from '../../users/remembered-browsers.ts';
import { hasUser } from '../account.ts';
import type { PersonFacts, Policy } from '../../policy/policy.ts';
import { clientFacts, personFacts } from './policy-facts.ts';
import { allowsRemembered, rememberedIn } from './remembered-browser.ts';
import { requiredAcrOf, type AssuranceRequest, type RequiredAcr } from '../required-acr.ts';
import { askedBy, secondStepOf } from '../request.ts';
import { taskIn } from './task.ts';

type Context = KoaContextWithOIDC;

/** Needed to gather the facts. */
export interface RequestFactsDeps {
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
  /** The operator's rules. */
  readonly policy: Policy;
  readonly clock: Clock;
  /** Accounts that neither this minimum nor these rules apply to. */
  readonly isBreakGlass: IsBreakGlass;
  /**
   * The highest level that a usable method of this person reaches beside the password; `sfa` without a method. `factors`: types of the
   * methods that count; absent: all do.
   */
  readonly reach: (user: User, factors?: readonly string[]) => Promise<Acr>;
  /** The methods that this person can use now (`Methods.usableBy`). Asked for tasks of the security page only. */
  readonly usableBy: (user: User) => Promise<readonly Method[]>;
  /** Asked for a session in which a remembered browser took the place of the second step. */
  readonly rememberedBrowsers: Pick<RememberedBrowsers, 'isOn' | 'isValid'>;
  /** Whether people can set up a method that reaches this level when they sign in. `factors`: as in `reach`. */
  readonly canEnroll: (acr: Acr, factors?: readonly string[]) => boolean;
}

/** What the request asks for and requires. `person`: as the session names them, if it does. */
export interface RequestFacts {
  readonly asked: AssuranceRequest;
  readonly required: RequiredAcr;
  readonly person?: {
    readonly user: User;
    /** The highest level that their methods reach. */
    readonly reaches: Acr;
  };
  /** True: a remembered browser took the place of the second step. */
  readonly isRemembered?: true;
  /** For a task of the security page: the methods that the person can use. */
  readonly managing?: readonly Method[];
}

/** Gives the facts of a request. */
export type ReadFacts = (ctx: Context) => Promise<RequestFacts>;

const facts: unique symbol = Symbol('facts');
const known: unique symbol = Symbol('known facts');

/** Gives a reader that reads the facts of a request once: the session's person does not change within it. */
export const createFactsReader =
  (deps: RequestFactsDeps): ReadFacts =>
  async ctx => {
    const state: { [facts]?: Promise<RequestFacts>; [known]?: RequestFacts } = ctx.state;
    state[facts] ??= readFacts(ctx, deps);
    state[known] = await state[facts];
    return state[known];
  };

/** The facts that have been read for this request; undefined: it was refused before. */
export const factsRead = (ctx: Context): RequestFacts | undefined => {
  const state: { [known]?: RequestFacts } = ctx.state;
  return state[known];
};

const readFacts = async (ctx: Context, deps: RequestFactsDeps): Promise<RequestFacts> => {
  const { account } = ctx.oidc;
  const asked = askedBy(ctx);
  const user = hasUser(account) ? account.user : undefined;
  if (user === undefined) return { asked, required: requiredBy(ctx, deps) };
  const managing = taskIn(ctx.oidc.params) && { managing: await deps.usableBy(user) };
  const withoutMethod = personFacts(deps, user, { hasMethod: false });
  if (user.authenticators.length === 0) {
    const required = requiredBy(ctx, deps, withoutMethod, 'sfa');
    return { asked, required, person: { user, reaches: 'sfa' }, ...managing };
  }
  if (await isRemembered(ctx, deps, user)) {
    const required = requiredBy(ctx, deps, withoutMethod);
    return { asked, required, person: { user, reaches: 'sfa' }, isRemembered: true, ...managing };
  }
  const chosen = chosenMinAcr(user, { proven: secondFactorIn(ctx), canEnroll: deps.canEnroll });
  const person = personFacts(deps, user, { hasMethod: true, chosen });
  const most = requiredBy(ctx, deps, person, 'phr');
  const reached = justReached(ctx);
  // Where the sign-in that just ended reached everything that is asked for, the person's other methods need not be read.
  if (reached !== undefined && atLeast(reached, most.acr)) {
    return { asked, required: most, person: { user, reaches: reached }, ...managing };
  }
  const reaches = await deps.reach(user, most.decision.required.factors);
  return { asked, required: requiredBy(ctx, deps, person, reaches), person: { user, reaches }, ...managing };
};

/** Whether a remembered browser took the place of the second step. Other sessions have no id of one, and cost no read. */
const isRemembered = async (ctx: Context, deps: RequestFactsDeps, user: User): Promise<boolean> => {
  const { session, result } = ctx.oidc;
  const id = rememberedIn((result?.login === undefined ? session : result) ?? {});
  if (id === undefined || session?.acr !== 'sfa' || deps.isBreakGlass(user)) return false;
  const required = requiredBy(ctx, deps, personFacts(deps, user, { hasMethod: false }));
  return allowsRemembered(ctx, required) && (await deps.rememberedBrowsers.isValid(user, id));
};

/** An account for an emergency that is not known yet: for it only client and request count. */
export const exempt: PersonFacts = { groups: [], hasMethod: false, isExempt: true };

/** What the request, its client, this server and its rules require, of this person where one is given. */
export const requiredBy = (
  ctx: Context,
  { minimum, policy, clock }: Pick<RequestFactsDeps, 'minimum' | 'policy' | 'clock'>,
  person?: PersonFacts,
  reaches?: Acr,
): RequiredAcr =>
  requiredAcrOf({
    policy,
    facts: {
      server: minimum,
      ...(ctx.oidc.client !== undefined && { client: clientFacts(ctx.oidc.client) }),
      ...(person && { person }),
      address: ctx.ip,
      at: clock(),
    },
    asked: askedBy(ctx),
    reaches,
  });

/** Whether a rule has people asked for consent. Reads no store: the grant is loaded before the facts are. */
export const requiresConsent = (
  ctx: Context,
  deps: Pick<RequestFactsDeps, 'minimum' | 'policy' | 'clock' | 'isBreakGlass'>,
): boolean => {
  const { account } = ctx.oidc;
  const person = hasUser(account) ? personFacts(deps, account.user, { hasMethod: false }) : undefined;
  return requiredBy(ctx, deps, person).decision.required.consent;
};

/** The factor of the last second step; none where there was no second step. A sign-in that just ended is not in the session yet. */
const secondFactorIn = ({ oidc: { session, result } }: Context): readonly string[] => {
  const holder = result?.login === undefined ? session : result;
  const step = holder && secondStepOf(holder);
  return step === undefined ? [] : [step.method];
};

/** The level that the person reached in this request. */
const justReached = ({ oidc: { session, result } }: Context): Acr | undefined => {
  const acr: unknown = session?.acr;
  return result?.login !== undefined && isAcr(acr) ? acr : undefined;
};
