/** Changes the prompt `consent`: what a person must be asked for before a client gets a code. */
import { interactionPolicy } from 'oidc-provider';
import { lastingDetails } from '../consent/authorization-details.ts';
import { requestedBy } from '../consent/grants.ts';
import { detailsToAsk, type DetailsToAskDeps } from '../consent/rich-requests.ts';
import { textOf } from '../request.ts';

const { Check } = interactionPolicy;

/**
 * Replaces checks of the library's prompt `consent`. The library asks before each code for a native client, also after a sign-in. Here
 * any page that names the client is enough. Without one, another program that took the address would get a code by opening a browser
 * (RFC 8252 §8.6).
 */
export const changeConsent = (policy: interactionPolicy.DefaultPolicy, deps: DetailsToAskDeps): void => {
  const consent = policy.get('consent');
  consent?.checks.remove('native_client_prompt');
  // First, so that the page shows what is missing where another check asks too.
  consent?.checks.add(
    new Check(
      'native',
      'a native client needs an answer of the person',
      'interaction_required',
      ({ oidc: { client, params, result } }) =>
        client?.applicationType === 'native' && result === undefined && !isClaimed(textOf(params?.['redirect_uri'])),
      ({ oidc }) => ({ missingOIDCScope: [...oidc.requestParamOIDCScopes] }),
    ),
    0,
  );
  // The library asks for each request with details, also where the same ones were allowed for good.
  consent?.checks.remove('rar_prompt');
  consent?.checks.add(
    new Check(
      'rar_prompt',
      'the person has not allowed these authorization_details',
      'consent_required',
      async ctx => {
        const { params, prompts, result } = ctx.oidc;
        if (params?.['authorization_details'] === undefined) return false;
        const open = await detailsToAsk(deps, ctx);
        if (result?.consent === undefined) return open.length > 0;
        // The page left out what was allowed before: it must still be.
        return !prompts.has('consent') && lastingDetails(open, deps.detailTypes).length > 0;
      },
      async ctx => ({ rar: await detailsToAsk(deps, ctx) }),
    ),
  );
  // Asked again, a person sees everything that they would allow. Last: the other checks name only what no grant has yet.
  consent?.checks.remove('consent_prompt');
  consent?.checks.add(
    new Check(
      'consent_prompt',
      'the client asks for a new answer of the person',
      'consent_required',
      ({ oidc }) => oidc.prompts.has('consent') && oidc.promptPending('consent'),
      ({ oidc }) => {
        const { scopes, claims, resources } = requestedBy(oidc);
        return { missingOIDCScope: scopes, missingOIDCClaims: claims, missingResourceScopes: resources };
      },
    ),
  );
};

/** Whether the system opens this address in one program only: by https (RFC 8252 §7.2). A device has no address. */
const isClaimed = (redirectUri: string | undefined): boolean =>
  redirectUri === undefined || redirectUri.startsWith('https:');
