/** Finds the grant by which a client may act for a person, and creates it without asking for first-party clients. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import { ownMetadata } from './client-metadata.ts';

type Grant = InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>;

/** For this long, tabs that open at the same moment find the grant of the first one. */
const firstGrantLifetime: Millis = 60_000;

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
    const created = await extend(newGrant(ctx), ctx);
    // A session that begins with this request is not in another tab yet.
    return Reflect.get(session, 'new') === true ? created : agreeOnGrant(created, ctx, ephemeral);
  };

const newGrant = ({ oidc }: KoaContextWithOIDC): Grant =>
  new oidc.provider.Grant({ accountId: oidc.account?.accountId, clientId: oidc.client?.clientId });

const extend = async (grant: Grant, { oidc }: KoaContextWithOIDC): Promise<Grant> => {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes]);
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  for (const [resource, scopes] of resourceScopes(oidc)) grant.addResourceScope(resource, scopes.join(' '));
  await grant.save();
  return grant;
};

/** The requested scopes that each requested resource server knows. */
const resourceScopes = ({ resourceServers = {}, requestParamScopes }: KoaContextWithOIDC['oidc']) =>
  Object.entries(resourceServers).map(
    ([resource, { scopes }]) => [resource, [...requestParamScopes].filter(scope => scopes.has(scope))] as const,
  );

/** Whether the grant holds all scopes and claims of the request. */
const covers = (grant: Grant, { oidc }: KoaContextWithOIDC): boolean => {
  const [scopes, claims] = [grant.getOIDCScopeEncountered().split(' '), grant.getOIDCClaimsEncountered()];
  return (
    [...oidc.requestParamOIDCScopes].every(scope => scopes.includes(scope)) &&
    [...oidc.requestParamClaims].every(claim => claims.includes(claim)) &&
    resourceScopes(oidc).every(([resource, asked]) => {
      const granted = grant.getResourceScopeEncountered(resource).split(' ');
      return asked.every(scope => granted.includes(scope));
    })
  );
};

/**
 * Makes concurrent tabs of one session use the same grant for a client: the one that was created first. A session holds one
 * grant per client, so the codes of the other tabs would be invalid. The grant was saved before its id is stored here; an id
 * without a grant belongs to one that was revoked since, and is not restored.
 */
const agreeOnGrant = async (mine: Grant, ctx: KoaContextWithOIDC, ephemeral: Ephemeral): Promise<Grant> => {
  const { session, client, provider } = ctx.oidc;
  const firstKey = key<string>('oidc', 'first-grant', session?.uid ?? '', client?.clientId ?? '');
  if (await ephemeral.setIfAbsent(firstKey, mine.jti, firstGrantLifetime)) return mine;
  const first = await provider.Grant.find((await ephemeral.get(firstKey)) ?? '');
  if (first === undefined || first.accountId !== mine.accountId) return mine;
  await mine.destroy();
  return covers(first, ctx) ? first : extend(first, ctx);
};
