/**
 * When a request needs a person, and for what: guard → login → mfa → consent. It knows nothing of what the pages did, and so
 * is the second, independent check of it: what a session does not prove is asked for, whoever says that it was done.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { atLeast, isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { Clock, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { isEnded, isPerson } from './account.ts';
import { ownMetadata } from './client-metadata.ts';
import { answerTo, isImpossible, requiredAcrOf, type AssuranceRequest, type RequiredAcr } from './required-acr.ts';
import { askedBy, hasDeepClaims, secondStepOf, setSecondStep, subjectWanted, textOf } from './request.ts';

export interface PolicyDeps {
  readonly clock: Clock;
  /** The least that this server accepts from anybody. */
  readonly minimum: Acr;
  /** However active a session is, the person signs in anew after this. */
  readonly sessionLifetime: Millis;
  /** The best that any usable method of this person reaches beside the password; `sfa` where there is none. */
  readonly reach: (user: User) => Promise<Acr>;
}

const { Check, Prompt } = interactionPolicy;
type Context = KoaContextWithOIDC;

/** What one request needs, with the person as far as one is known. */
interface RequestFacts {
  readonly asked: AssuranceRequest;
  readonly required: RequiredAcr;
  readonly person?: { readonly user: User; readonly hasMethod: boolean; readonly reaches: Acr };
}

/** For `interactions.policy` of oidc-provider. Details of `login` and `mfa` hold `required`. */
export const createPolicy = (deps: PolicyDeps): interactionPolicy.DefaultPolicy => {
  const situations = new WeakMap<Context, Promise<RequestFacts>>();
  /** Read once a request: the session's person does not change within it. */
  const situation = (ctx: Context): Promise<RequestFacts> => {
    const known = situations.get(ctx) ?? readSituation(ctx, deps);
    situations.set(ctx, known);
    return known;
  };

  const policy = interactionPolicy.base();
  refineLogin(policy, deps);
  policy.add(createGuard(situation), 0);
  policy.add(createStepUp(deps, situation), 2);
  // A first-party native client has nothing to be consented to; what it may have is asked by the other checks.
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
};

type ReadFacts = (ctx: Context) => Promise<RequestFacts>;

const readSituation = async (ctx: Context, { minimum, reach }: PolicyDeps): Promise<RequestFacts> => {
  const { account, client } = ctx.oidc;
  const asked = askedBy(ctx);
  const needed = (person?: RequestFacts['person']): RequiredAcr =>
    requiredAcrOf({
      server: minimum,
      client: client === undefined ? {} : ownMetadata(client),
      asked,
      ...(person && { person }),
    });
  const user = isPerson(account) ? account.user : undefined;
  if (user === undefined) return { asked, required: needed() };
  if (user.authenticators.length === 0) {
    const person = { user, hasMethod: false, reaches: 'sfa' } as const;
    return { asked, required: needed(person), person };
  }
  const whole = needed({ user, hasMethod: true, reaches: 'phr' });
  const proven = justProven(ctx);
  // Where the sign-in that just ended reached all that is asked for, it needs no look at what else the person has.
  const isEnough = proven !== undefined && atLeast(proven, whole.acr);
  const person = { user, hasMethod: true, reaches: isEnough ? proven : await reach(user) };
  return { asked, required: isEnough ? whole : needed(person), person };
};

/** The level that the person reached in this very request. */
const justProven = ({ oidc: { session, result } }: Context): Acr | undefined => {
  const acr: unknown = session?.acr;
  return result?.login !== undefined && isAcr(acr) ? acr : undefined;
};

/** What the request and its client need of anybody. */
const needOfRequest = (ctx: Context, { minimum }: PolicyDeps): RequiredAcr =>
  requiredAcrOf({
    server: minimum,
    client: ctx.oidc.client === undefined ? {} : ownMetadata(ctx.oidc.client),
    asked: askedBy(ctx),
  });

/** Never prompts. It refuses what cannot be, takes over what a finished sign-in says, and chooses the word for the acr. */
const createGuard = (situation: ReadFacts) =>
  new Prompt(
    { name: 'guard' },
    new Check('guard', 'never prompts', 'interaction_required', async ctx => {
      const { session, result } = ctx.oidc;
      if (hasDeepClaims(ctx)) throw new errors.InvalidRequest('claims are nested too deep');
      const { asked } = await situation(ctx);
      if (isImpossible(asked)) {
        throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is supported');
      }
      if (session !== undefined && result?.login !== undefined) {
        setSecondStep(session, secondStepOf(result));
        await refuseOtherSubject(ctx, result.login.accountId);
      }
      const acr: unknown = session?.acr;
      if (isAcr(acr)) Object.defineProperty(ctx.oidc, 'acr', { value: answerTo(asked, acr), configurable: true });
      return false;
    }),
  );

/**
 * A client that named the person gets a code for nobody else. The library checks this before the pages, not after them
 * (OIDC Core §3.1.2.1, id_token_hint), and loops where a claim named the person.
 */
const refuseOtherSubject = async (ctx: Context, accountId: string): Promise<void> => {
  const { provider, client, params } = ctx.oidc;
  const wanted = subjectWanted(ctx);
  const hint = textOf(params?.['id_token_hint']);
  const hinted =
    hint === undefined || client === undefined
      ? undefined
      : (await provider.IdToken.validate(hint, client)).payload['sub'];
  if ([wanted, hinted].some(sub => sub !== undefined && sub !== accountId)) {
    throw new errors.LoginRequired('the requested and the authenticated subject do not match');
  }
};

const refineLogin = (policy: interactionPolicy.DefaultPolicy, deps: PolicyDeps): void => {
  const login = policy.get('login');
  if (login === undefined) return;
  // An acr that is not reached is a matter of the second step: here it would ask for the password for ever.
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');
  login.checks.add(
    new Check('account_gone', 'the account of this session cannot be used', 'login_required', ({ oidc }) => {
      const { session, account } = oidc;
      if (session?.accountId === undefined) return false;
      return !isPerson(account) || isEnded(account.user, session.loginTs ?? 0);
    }),
  );
  login.checks.add(
    new Check('session_age', 'the session is too old', 'login_required', ({ oidc }) => {
      const signedInAt = oidc.session?.accountId === undefined ? undefined : (oidc.session.loginTs ?? 0);
      return signedInAt !== undefined && deps.clock() - signedInAt * 1000 > deps.sessionLifetime;
    }),
  );
  const { details } = login;
  // Who will sign in is not known yet: it need not be the person of the session that is there.
  login.details = async ctx => ({ ...(await details(ctx)), required: needOfRequest(ctx, deps) });
};

/** The second step on a session that is already there. */
const createStepUp = (deps: PolicyDeps, situation: ReadFacts) =>
  new Prompt(
    { name: 'mfa', requestable: true },
    async ctx => ({ required: (await situation(ctx)).required }),
    new Check('mfa_required', 'a second factor is required', 'unmet_authentication_requirements', async ctx => {
      const { required, person } = await situation(ctx);
      if (person !== undefined && !atLeast(person.reaches, required.minimum)) {
        throw new errors.UnmetAuthenticationRequirements('the person has no method that reaches the required acr');
      }
      return !isProven(ctx, await situation(ctx), deps.clock());
    }),
  );

const isProven = ({ oidc }: Context, { required, person }: RequestFacts, now: number): boolean => {
  const { session, client } = oidc;
  const acr: unknown = session?.acr;
  if (session === undefined || !isAcr(acr) || !atLeast(acr, required.acr)) return false;
  if (required.acr === 'sfa') return true;
  const step = secondStepOf(session);
  if (step === undefined) return false;
  const { mfa_max_age: maxAge } = client === undefined ? {} : ownMetadata(client);
  if (maxAge !== undefined && oidc.result?.login === undefined && now / 1000 - step.ts > maxAge) return false;
  // Taken with methods that are all gone since: the first of those that count now was bound later.
  return step.ts >= Math.floor((person?.user.firstMethodAt ?? 0) / 1000);
};
