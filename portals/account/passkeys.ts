/** Changes whether every sign-in needs a passkey, and says which passkeys the password manager may keep. */
import type { StoredAuthenticator } from '../../src/mfa/sealed-authenticators.ts';
import { reachesMinAcr } from '../../src/mfa/chosen-min-acr.ts';
import { hasPasskeys, passkeyType } from '../../src/mfa/passkeys/data.ts';
import { userHandleOf } from '../../src/mfa/passkeys/options.ts';
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import { waysOf } from '../../src/mfa/removal.ts';
import type { User } from '../../src/records.ts';
import type { PasskeySignals } from '../../web/pages/account-props.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import type { Owned } from './own-authenticators.ts';
import { redirectAfterChange, type Portal, type ReadRoute } from '../admission/portal.ts';

/** Whether every sign-in needs a passkey; undefined: the person has none that could be asked for. */
export const passkeyOnlyOf = ({ usable }: Owned, { minAcr }: User): boolean | undefined =>
  minAcr !== undefined || usable.some(({ reaches }) => reaches === 'phr') ? minAcr !== undefined : undefined;

/** Whether the choice ends with the removal of this authenticator. */
export const endsPasskeyOnly = (
  { stored }: Owned,
  { minAcr }: User,
  { removed, factors }: { readonly removed: StoredAuthenticator; readonly factors: readonly Factor[] },
): boolean => {
  const others = stored.filter(each => each !== removed && waysOf(each, factors).length > 0);
  return minAcr !== undefined && reachesMinAcr(removed) && !others.some(reachesMinAcr);
};

/**
 * What the password manager is told on each visit of the page, so that it learns of removals and new names elsewhere too. Passkeys that
 * cannot be opened or used now are told as well: a password manager may delete what is not named.
 */
export const passkeySignals = async (
  { authenticators, factors, passkeyRpId: rpId }: AccountDeps,
  { id, name, displayName }: User,
): Promise<PasskeySignals | undefined> => {
  if (!hasPasskeys(factors)) return undefined;
  const userId = userHandleOf(id);
  const allAcceptedCredentialIds = await authenticators.handlesOf(id, passkeyType);
  return { accepted: { rpId, userId, allAcceptedCredentialIds }, details: { rpId, userId, name, displayName } };
};

/** Adds the route of the choice. `show` draws the start page. */
export const passkeyRoutes = (portal: Portal, deps: AccountDeps, show: ReadRoute): void => {
  portal.onWrite(
    accountLinks.passkeyOnly,
    { form: { [fields.passkeyOnly]: 8 }, page: accountPath },
    async (ctx, visit, form) => {
      const isWanted = form.get(fields.passkeyOnly) === 'yes';
      if (await deps.ownMethods.chooseMinAcr(visit.user, isWanted ? 'phr' : undefined, visit.by)) {
        return redirectAfterChange(deps, ctx, accountPath, isWanted ? 'passkey-only' : 'passkey-optional');
      }
      return show(ctx, { ...visit, frame: { ...visit.frame, here: accountPath, notice: 'passkey-missing' } });
    },
  );
};
