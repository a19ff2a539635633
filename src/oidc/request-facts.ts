/** Gathers the facts of one authorization request by which the policy decides. Read once per request. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { atLeast, isAcr, type Method } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import { chosenMinAcr } from '../mfa/chosen-min-acr.ts';
import type { User } from '../records.ts';
import type { IsBreakGlass } from '../users/break-glass.ts';
import type { RememberedBrowsers } from '../users/remembered-browsers.ts';
import { isPerson } from './account.ts';
import { ownMetadata } from './client-metadata.ts';
import { allowsRemembered, rememberedIn } from './remembered-browser.ts';
import { requiredAcrOf, type AssuranceRequest, type PersonLevels, type RequiredAcr } from './required-acr.ts';
import { askedBy, secondStepOf } from './request.ts';
import { taskIn } from './task.ts';

type Context = KoaContextWithOIDC;

/** Needed to gather the facts. */
export interface RequestFactsDeps {
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
  /** Accounts that this minimum does not apply to. */
  readonly isBreakGlass: IsBreakGlass;
  /** The highest level that a usable method of this person reaches beside the password; `sfa` without a method. */
  readonly reach: (user: User) => Promise<Acr>;
  /** The methods that this person can use now (`Methods.usableBy`). Asked for tasks of the security page only. */
  readonly usableBy: (user: User) => Promise<readonly Method[]>;
  /** Asked for a session in which a remembered browser took the place of the second step. */
  readonly rememberedBrowsers: Pick<RememberedBrowsers, 'isOn' | 'isValid'>;
  /** Whether people can set up a method that reaches this level when they sign in. */
  readonly canEnroll: (acr: Acr) => boolean;
}

/** What the request asks for and requires. `person`: as the session names them, if it does. */
export interface RequestFacts {
  readonly asked: AssuranceRequest;
  readonly required: RequiredAcr;
  readonly person?: PersonLevels & { readonly user: User };
  /** For a task of the security page: the methods that the person can use. */
  readonly managing?: readonly Method[];
}

/** Gives the facts of a request. */
export type ReadFacts = (ctx: Context) => Promise<RequestFacts>;

const facts: unique symbol = Symbol('facts');

/** Gives a reader that reads the facts of a request once: the session's person does not change within it. */
export const createFactsReader =
  (deps: RequestFactsDeps): ReadFacts =>
  ctx => {
    const state: { [facts]?: Promise<RequestFacts> } = ctx.state;
    state[facts] ??= readFacts(ctx, deps);
    return state[facts];
  };

const readFacts = async (ctx: Context, deps: RequestFactsDeps): Promise<RequestFacts> => {
  const { account } = ctx.oidc;
  const asked = askedBy(ctx);
  const user = isPerson(account) ? account.user : undefined;
  if (user === undefined) return { asked, required: requiredBy(ctx, deps) };
  const server = deps.isBreakGlass(user) ? withoutMinimum : deps;
  const managing = taskIn(ctx.oidc.params) && { managing: await deps.usableBy(user) };
  if (user.authenticators.length === 0) {
    const person = { user, hasMethod: false, reaches: 'sfa' } as const;
    return { asked, required: requiredBy(ctx, server, person), person, ...managing };
  }
  if (await isRemembered(ctx, deps, user)) {
    const person = { user, hasMethod: true, reaches: 'sfa' } as const;
    return { asked, required: requiredBy(ctx, server), person, ...managing };
  }
  const chosen = chosenMinAcr(user, { proven: secondFactorIn(ctx), canEnroll: deps.canEnroll });
  const highest = requiredBy(ctx, server, { hasMethod: true, reaches: 'phr', chosen });
  const reached = justReached(ctx);
  // Where the sign-in that just ended reached everything that is asked for, the person's other methods need not be read.
  const isEnough = reached !== undefined && atLeast(reached, highest.acr);
  const person = { user, hasMethod: true, reaches: isEnough ? reached : await deps.reach(user), chosen };
  return { asked, required: isEnough ? highest : requiredBy(ctx, server, person), person, ...managing };
};

/** Whether a remembered browser took the place of the second step. Other sessions have no id of one, and cost no read. */
const isRemembered = async (ctx: Context, deps: RequestFactsDeps, user: User): Promise<boolean> => {
  const { session, result } = ctx.oidc;
  const id = rememberedIn((result?.login === undefined ? session : result) ?? {});
  if (id === undefined || session?.acr !== 'sfa' || deps.isBreakGlass(user)) return false;
  return allowsRemembered(ctx, requiredBy(ctx, deps)) && (await deps.rememberedBrowsers.isValid(user, id));
};

/** A server that accepts each level. */
export const withoutMinimum: Pick<RequestFactsDeps, 'minimum'> = { minimum: 'sfa' };

/** The level that the request, its client and this server require, of this person where one is given. */
export const requiredBy = (
  ctx: Context,
  { minimum }: Pick<RequestFactsDeps, 'minimum'>,
  person?: PersonLevels,
): RequiredAcr =>
  requiredAcrOf({
    server: minimum,
    client: ctx.oidc.client === undefined ? {} : ownMetadata(ctx.oidc.client),
    asked: askedBy(ctx),
    ...(person && { person }),
  });

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
