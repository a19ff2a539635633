/** What a person lets a client have: the grant of this session, or one made at once for a client of the house. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import { ownMetadata } from './client-metadata.ts';

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>;

/** Tabs that open at the same moment find each other's grant within this. */
const meeting: Millis = 60_000;

/** For `loadExistingGrant` of oidc-provider. */
export const loadGrant =
  (ephemeral: Ephemeral) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = ctx;
    const { client, session, provider, result } = oidc;
    if (client === undefined || session === undefined) return undefined;
    const id = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
    const known = id === undefined ? undefined : await provider.Grant.find(id);
    if (ownMetadata(client).first_party !== true) return known;
    if (known !== undefined) return covers(known, ctx) ? known : extend(known, ctx);
    const made = await extend(newGrant(ctx), ctx);
    // A session that begins with this request is in no other tab yet.
    return Reflect.get(session, 'new') === true ? made : meet(made, ctx, ephemeral);
  };

const newGrant = ({ oidc }: KoaContextWithOIDC): Grant =>
  new oidc.provider.Grant({ accountId: oidc.account?.accountId, clientId: oidc.client?.clientId });

const extend = async (grant: Grant, { oidc }: KoaContextWithOIDC): Promise<Grant> => {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes]);
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  await grant.save();
  return grant;
};

const covers = (grant: Grant, { oidc }: KoaContextWithOIDC): boolean => {
  const [scopes, claims] = [grant.getOIDCScopeEncountered().split(' '), grant.getOIDCClaimsEncountered()];
  return (
    [...oidc.requestParamOIDCScopes].every(scope => scopes.includes(scope)) &&
    [...oidc.requestParamClaims].every(claim => claims.includes(claim))
  );
};

/**
 * Tabs of one session that come for the same client at once each make a grant, and a session holds one per client: the
 * codes of the others would be worth nothing. So they agree on the first. It was saved before it was named here; a name
 * that leads to none was revoked since, and is not revived.
 */
const meet = async (mine: Grant, ctx: KoaContextWithOIDC, ephemeral: Ephemeral): Promise<Grant> => {
  const { session, client, provider } = ctx.oidc;
  const place = key<string>('oidc', 'first-grant', session?.uid ?? '', client?.clientId ?? '');
  if (await ephemeral.setIfAbsent(place, mine.jti, meeting)) return mine;
  const first = await provider.Grant.find((await ephemeral.get(place)) ?? '');
  if (first === undefined || first.accountId !== mine.accountId) return mine;
  await mine.destroy();
  return covers(first, ctx) ? first : extend(first, ctx);
};
