/** Changes the prompt `login`: asks for the password where the session must not go on, or is not enough for what is asked. */
import { interactionPolicy } from 'oidc-provider';
import { atLeast } from '../../mfa/assurance.ts';
import { isFreshPassword } from '../../mfa/fresh-sign-in.ts';
import type { Millis } from '../../ports/time.ts';
import { hasUser } from '../account.ts';
import { isEnded, sessionDigest } from '../ended-sessions.ts';
import { choiceOfAccount, signedInAt } from '../request.ts';
import { levelsIn } from '../required-acr.ts';
import { allowsRemembered, allowsRememberedDetail } from './remembered-browser.ts';
import { exempt, requiredBy, type ReadFacts, type RequestFactsDeps } from './request-facts.ts';
import { isTaskOpen } from './task.ts';

/** Dependencies of the checks of `login`. */
export interface LoginDeps extends RequestFactsDeps {
  /** After this long the person must sign in again, however active the session is. */
  readonly sessionLifetime: Millis;
}

const { Check } = interactionPolicy;

/** Adds our checks to the library's prompt `login`, and what its pages need to know to its details. */
export const changeLogin = (policy: interactionPolicy.DefaultPolicy, deps: LoginDeps, factsOf: ReadFacts): void => {
  const login = policy.get('login');
  if (login === undefined) return;
  // A level that is not reached needs the second step: these checks would ask for the password again and again.
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');
  login.checks.add(
    new Check('account_gone', 'the account of this session cannot be used', 'login_required', ({ oidc }) => {
      const { session, account } = oidc;
      if (session?.accountId === undefined) return false;
      if (!hasUser(account)) return true;
      return isEnded(account.user, { at: signedInAt(session), session: sessionDigest(session.uid) });
    }),
  );
  login.checks.add(
    new Check('session_age', 'the session is too old', 'login_required', ({ oidc }) => {
      const second = oidc.session?.accountId === undefined ? undefined : (oidc.session.loginTs ?? 0);
      return second !== undefined && deps.clock() - second * 1000 > deps.sessionLifetime;
    }),
  );
  login.checks.add(
    new Check(
      'password_change',
      'a new password must be chosen',
      'login_required',
      ({ oidc: { session, account } }) => {
        if (session?.accountId === undefined || !hasUser(account)) return false;
        const { passwordChangeRequiredAt: since } = account.user;
        // Older sessions stay. A sign-in without the password did not use what must be changed.
        const isSince = since !== undefined && (session.loginTs ?? 0) >= Math.floor(since / 1000);
        return isSince && session.amr?.includes('pwd') === true;
      },
    ),
  );
  login.checks.add(
    new Check('another_account', 'another account was chosen', 'login_required', ({ oidc: { result } }) => {
      return choiceOfAccount(result) === 'another' && result?.login === undefined;
    }),
  );
  // A link may lead a person to the confirmation (RFC 8628 §5.4), so a click alone must not connect a device. Without a second
  // step the password is asked again.
  login.checks.add(
    new Check('device', 'a device needs a sign-in of its own', 'login_required', async ctx => {
      const { deviceCode, session, result } = ctx.oidc;
      if (deviceCode === undefined || session?.accountId === undefined || result?.login !== undefined) return false;
      return (await factsOf(ctx)).required.acr === 'sfa';
    }),
  );
  login.checks.add(
    new Check('method_missing', 'a method must be set up', 'unmet_authentication_requirements', async ctx => {
      const { session, result } = ctx.oidc;
      if (session?.accountId === undefined || result?.login !== undefined) return false;
      const { required, person } = await factsOf(ctx);
      if (person === undefined || atLeast(person.reaches, required.minimum)) return false;
      return deps.canEnroll(required.minimum, required.decision.required.factors);
    }),
  );
  login.checks.add(
    new Check('task', 'a task needs a recent sign-in', 'login_required', ({ oidc }) => {
      const { session } = oidc;
      if (session?.accountId === undefined || !isTaskOpen(oidc)) return false;
      return !isFreshPassword({ authTime: session.loginTs ?? 0 }, deps.clock());
    }),
  );
  const { details } = login;
  // Without the person: another one than the session's may sign in.
  login.details = async ctx => {
    const strongest = isTaskOpen(ctx.oidc) && { strongest: true as const };
    const required = requiredBy(ctx, deps);
    return {
      ...(await details(ctx)),
      required: { ...levelsIn(required), ...strongest },
      requiredByClient: { ...levelsIn(requiredBy(ctx, deps, exempt)), ...strongest },
      ...(deps.rememberedBrowsers.isOn && allowsRemembered(ctx, required) && { [allowsRememberedDetail]: true }),
    };
  };
};
