/** Makes the request context of a challenge that a person begins in a sign-in. */
import type { Context } from 'koa';
import { sha256 } from '../src/crypto.ts';
import { type RequestContext, type SharingTerms, requestContext } from '../src/mfa/challenge-state/request-context.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { browserText } from '../src/user-agent.ts';
import { isKnownTo } from '../src/users/known-browser.ts';
import type { InteractionContext, InteractionDeps, UserContext } from './context.ts';

/** Language, client, address and browser of this request. `level`: what the challenge is to reach; undefined: anything. */
export const challengeContext = (
  { issuer }: Pick<InteractionDeps, 'issuer'>,
  ctx: Context,
  { user, reference, signIn, words, knownBrowser }: UserContext,
  level: Acr | undefined,
): RequestContext => {
  const { ip: address } = ctx;
  const browser = browserText(ctx.get('user-agent'));
  return requestContext(user, {
    reference,
    client: signIn.client.name,
    language: words.language,
    origin: issuer.origin,
    address,
    ...(browser !== undefined && { browser }),
    ...(level !== undefined && { level }),
    ...((isKnownTo(knownBrowser, user) || signIn.session?.userId === user.id) && { isKnownBrowser: true as const }),
  });
};

/** The terms on which another sign-in may use a challenge of this one: same browser, prompt, client and level. */
export const sharingTerms = ({ signIn, browserInteraction }: InteractionContext): SharingTerms => {
  const { prompt, client, required } = signIn;
  return {
    browser: sha256(browserInteraction.browser),
    approves: JSON.stringify([prompt, client.id, required.acr, required.alternatives, required.minimum]),
  };
};
