/**
 * Finds the grant by which a client may act for a person. Creates it without a page where nobody has to be asked: for a first-party client,
 * and for what the person allowed before (`consents.ts`).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { holdNextGrant } from '../adapter/grants.ts';
import { ownMetadata } from '../own-metadata.ts';
import { allowedPart, isEmpty, missingPart, type Allowed, type Consents } from './consents.ts';

type Oidc = KoaContextWithOIDC['oidc'];
type Grant = InstanceType<Oidc['provider']['Grant']>;

/** Needed to find grants. */
export interface GrantsDeps {
  readonly ephemeral: Ephemeral;
  readonly consents: Pick<Consents, 'find'>;
  /** Whether a rule has people asked for consent, also for a first-party client. */
  readonly asksFirstParty: (ctx: KoaContextWithOIDC) => boolean;
}

/** For this long, tabs that open at the same moment find the grant of the first one. */
const firstGrantLifetime: Millis = 60_000;

/** For `loadExistingGrant` of oidc-provider. */
export const loadGrant =
  (deps: GrantsDeps) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, session, provider, result } = ctx.oidc;
    if (client === undefined || session === undefined) return undefined;
    const id = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
    const known = id === undefined ? undefined : await provider.Grant.find(id);
    const missing = missingIn(known, ctx.oidc);
    if (known !== undefined && isEmpty(missing)) return known;
    const isFirstParty = ownMetadata(client).first_party === true && !deps.asksFirstParty(ctx);
    const allowed = isFirstParty ? missing : await remembered(deps, ctx.oidc, missing);
    if (allowed === undefined) return known;
    if (known !== undefined) return extend(known, allowed);
    // A session that begins with this request is not in another tab yet.
    const isOnlyHere = Reflect.get(session, 'new') === true;
    // A consent may be revoked meanwhile, which is looked for once the grant is stored. Details need one at each client
    // (`prompts/consent-prompt.ts`).
    const needsConsent = !isFirstParty || ctx.oidc.params?.['authorization_details'] !== undefined;
    if (!needsConsent && isOnlyHere) holdNextGrant(ctx);
    const created = await extend(newGrant(ctx.oidc), allowed);
    if (!isFirstParty && (await isRevoked(deps, ctx.oidc))) {
      await created.destroy();
      return undefined;
    }
    return isOnlyHere ? created : agreeOnGrant(created, allowed, ctx, deps.ephemeral);
  };

/** Claims about the sign-in itself: a client gets them without asking the person. */
const freeClaims: ReadonlySet<string> = new Set(['sub', 'sid', 'auth_time', 'acr', 'amr', 'iss']);

/** What the request asks the person for. */
export const requestedBy = ({
  requestParamOIDCScopes,
  requestParamClaims,
  requestParamScopes,
  resourceServers = {},
}: Oidc): Allowed => ({
  scopes: [...requestParamOIDCScopes],
  claims: [...requestParamClaims].filter(claim => !freeClaims.has(claim)),
  resources: Object.fromEntries(
    Object.entries(resourceServers).map(
      ([resource, { scopes }]) => [resource, [...requestParamScopes].filter(scope => scopes.has(scope))] as const,
    ),
  ),
});

/** What the request asks for and the grant lacks. */
const missingIn = (grant: Grant | undefined, oidc: Oidc): Allowed => {
  const asked = requestedBy(oidc);
  return grant === undefined
    ? asked
    : missingPart(asked, {
        scopes: grant.getOIDCScopeEncountered().split(' '),
        claims: grant.getOIDCClaimsEncountered(),
        resources: Object.fromEntries(
          Object.keys(asked.resources).map(each => [each, grant.getResourceScopeEncountered(each).split(' ')] as const),
        ),
      });
};

/**
 * The missing part that the person allowed before; undefined: nothing of it. Not where the client wants the person to be asked again, and
 * not for a device: a link may lead a person to its confirmation (RFC 8628 §5.4).
 */
const remembered = async ({ consents }: GrantsDeps, oidc: Oidc, missing: Allowed): Promise<Allowed | undefined> => {
  const { account, client, prompts, deviceCode } = oidc;
  if (account === undefined || client === undefined || prompts.has('consent') || deviceCode !== undefined)
    return undefined;
  const consent = await consents.find(account.accountId, client.clientId);
  const allowed = consent && allowedPart(missing, consent);
  return allowed === undefined || isEmpty(allowed) ? undefined : allowed;
};

/**
 * Whether the person revoked the consent after it was read. A revocation forgets the consent, and then ends the grants that are stored: a
 * grant that is stored later finds no consent here.
 */
const isRevoked = async ({ consents }: GrantsDeps, { account, client }: Oidc): Promise<boolean> =>
  (await consents.find(account?.accountId ?? '', client?.clientId ?? '')) === undefined;

const newGrant = ({ provider, account, client }: Oidc): Grant =>
  new provider.Grant({ accountId: account?.accountId, clientId: client?.clientId });

const extend = async (grant: Grant, { scopes, claims, resources }: Allowed): Promise<Grant> => {
  if (scopes.length > 0) grant.addOIDCScope([...scopes]);
  if (claims.length > 0) grant.addOIDCClaims([...claims]);
  for (const [resource, names] of Object.entries(resources)) grant.addResourceScope(resource, names.join(' '));
  await grant.save();
  return grant;
};

/**
 * Makes concurrent tabs of one session use the same grant for a client: the one that was created first. A session holds one
 * grant per client, so the codes of the other tabs would be invalid. The grant was saved before its id is stored here; an id
 * without a grant belongs to one that was revoked since, and is not restored.
 */
const agreeOnGrant = async (
  mine: Grant,
  allowed: Allowed,
  { oidc }: KoaContextWithOIDC,
  ephemeral: Ephemeral,
): Promise<Grant> => {
  const { session, client, provider } = oidc;
  const firstKey = key<string>('oidc', 'first-grant', session?.uid ?? '', client?.clientId ?? '');
  if (await ephemeral.setIfAbsent(firstKey, mine.jti, firstGrantLifetime)) return mine;
  const first = await provider.Grant.find((await ephemeral.get(firstKey)) ?? '');
  if (first === undefined || first.accountId !== mine.accountId) return mine;
  await mine.destroy();
  const missing = allowedPart(missingIn(first, oidc), allowed);
  return isEmpty(missing) ? first : extend(first, missing);
};
