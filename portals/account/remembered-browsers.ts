/** Lists the browsers in which a person is not asked for the second step, and forgets them. */
import type { RememberedBrowsers } from '../../src/users/remembered-browsers.ts';
import type { RememberedBrowserRow } from '../../web/pages/account-sessions-props.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import { placeOf } from './place.ts';
import { redirectAfterChange, type Portal } from '../admission/portal.ts';
import type { Visit } from '../admission/visit.ts';

/** Further services that these routes use. */
export interface RememberedBrowserRoutesDeps extends AccountDeps {
  readonly rememberedBrowsers: Pick<RememberedBrowsers, 'isOn' | 'list' | 'forget' | 'forgetAll'>;
}

/** Bytes of the id of a remembered browser: a digest in base64url. */
const idBytes = 64;

/** Rows for the page of sessions; undefined where no browser is remembered here. */
export const rememberedBrowserRows = async (
  { rememberedBrowsers }: RememberedBrowserRoutesDeps,
  { user }: Visit,
): Promise<readonly RememberedBrowserRow[] | undefined> => {
  if (!rememberedBrowsers.isOn) return undefined;
  return (await rememberedBrowsers.list(user)).map(({ id, createdAt, lastUsedAt, expiresAt, ...place }) => ({
    id,
    since: createdAt,
    usedAt: lastUsedAt,
    until: expiresAt,
    ...placeOf(place),
  }));
};

/** Adds the forms of that list. */
export const rememberedBrowserRoutes = (portal: Portal, deps: RememberedBrowserRoutesDeps): void => {
  const { rememberedBrowsers } = deps;
  const page = accountLinks.sessions;
  portal.onWrite(
    accountLinks.forgetBrowser,
    { form: { [fields.browser]: idBytes }, page },
    async (ctx, { user, by }, form) => {
      const isForgotten = await rememberedBrowsers.forget(user.id, form.get(fields.browser) ?? '', by);
      redirectAfterChange(deps, ctx, page, isForgotten ? 'browser-forgotten' : 'gone');
    },
  );
  portal.onWrite(accountLinks.forgetBrowsers, { form: {}, page }, async (ctx, { user, by }) => {
    await rememberedBrowsers.forgetAll(user.id, by);
    redirectAfterChange(deps, ctx, page, 'browsers-forgotten');
  });
};
