/** Remembers a browser after a second step in it, and recognises it after the password (`src/users/remembered-browsers.ts`). */
import type { Context } from 'koa';
import { isRecoveryFactor } from '../src/mfa/recovery-types.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { User } from '../src/records.ts';
import { canBeRemembered } from '../src/users/remembered-browser-validity.ts';
import { fields } from '../web/pages/links.ts';
import type { RememberBox } from '../web/pages/step-props.ts';
import type { InteractionContext, InteractionDeps, UserContext } from './context.ts';
import { firstStepOf } from './counting-proofs.ts';
import { noticeSource } from './notice-source.ts';

/** Form field of the box, with its longest value in bytes. */
export const rememberField = { [fields.remember]: 8 } as const;

/** Whether a remembered browser counts in this sign-in, for this person. Never for a break-glass account. */
const isAllowed = (deps: InteractionDeps, { signIn }: Pick<InteractionContext, 'signIn'>, user: User): boolean =>
  signIn.allowsRemembered === true && canBeRemembered(user, deps.clock()) && !deps.isBreakGlass(user);

/**
 * Adds the remembered browser to the proof of a right password, where it may take the place of the second step. That uses up its
 * token. A browser without the cookie costs no store operation.
 */
export const recogniseBrowser = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  { user, proof }: { readonly user: User; readonly proof: Proof },
): Promise<Proof> => {
  const { cookies, rememberedBrowsers } = deps;
  const token = isAllowed(deps, context, user) ? cookies.rememberedToken(ctx, user.id) : undefined;
  if (token === undefined) return proof;
  const { reference } = context;
  const found = await rememberedBrowsers.recognise(user.id, token, noticeSource(ctx, { user, reference }));
  if (found === undefined) {
    cookies.dropRememberedToken(ctx, user.id, rememberedBrowsers.lifetime);
    return proof;
  }
  cookies.keepRememberedToken(ctx, user.id, found.token, rememberedBrowsers.lifetime);
  return { ...proof, remembered: found.id };
};

/** How long this browser is remembered if the person ticks the box; undefined: this sign-in has no box. */
const rememberLifetime = (deps: InteractionDeps, context: UserContext): number | undefined =>
  isAllowed(deps, context, context.user) && firstStepOf(context.state.proofs)?.factor === 'password'
    ? deps.rememberedBrowsers.lifetime
    : undefined;

const isTicked = (form: ReadonlyMap<string, string>): boolean => form.get(fields.remember) === 'yes';

/** The box on the page of this challenge; undefined: it has none. `refused`: the form of a wrong answer. */
export const rememberBoxFor = (
  deps: InteractionDeps,
  context: UserContext,
  { factor }: ChallengeView,
  refused?: ReadonlyMap<string, string>,
): RememberBox | undefined => {
  const lasts = isRecoveryFactor(factor) ? undefined : rememberLifetime(deps, context);
  return lasts === undefined ? undefined : { lasts, isTicked: refused !== undefined && isTicked(refused) };
};

/** Adds to the proof of a second step that the box in its form was ticked. */
export const withBoxOf = (proof: Proof, form: ReadonlyMap<string, string>): Proof =>
  isTicked(form) ? { ...proof, asksToRemember: true } : proof;

/**
 * Remembers this browser where the person ticked the box at a second step of this sign-in. Never after a recovery code or pass: it
 * replaces a lost method, and is what a thief would use.
 */
export const rememberBrowser = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  proofs: readonly Proof[],
): Promise<void> => {
  if (!proofs.some(({ asksToRemember }) => asksToRemember === true)) return;
  if (proofs.some(({ factor }) => isRecoveryFactor(factor))) return;
  if (rememberLifetime(deps, context) === undefined) return;
  const { cookies, rememberedBrowsers } = deps;
  const { user } = context;
  const before = cookies.rememberedToken(ctx, user.id);
  const made = await rememberedBrowsers.remember(user, noticeSource(ctx, context), before);
  if (made !== undefined) cookies.keepRememberedToken(ctx, user.id, made.token, rememberedBrowsers.lifetime);
};
