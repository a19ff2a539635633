/**
 * Lets a client ask for one thing instead of a scope, such as one payment (RFC 9396). The person is asked for each such request, also by a
 * first-party client, and sees all of it: an earlier answer does not count for the next payment. It counts for the same details of a type
 * that lasts (`remember`). The types and their words are the operator's (`SALLYPORT_AUTHORIZATION_DETAILS`).
 *
 *     request ──checked──► page ──allowed──► code ──► access token, introspection
 */
import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { DetailType, DetailTypes } from '../../config/authorization-details.ts';
import { isPlain } from '../../masking.ts';
import { asDetails, hasDetail, lastingDetails, type Detail } from './authorization-details.ts';
import type { Consents } from './consents.ts';
import { textOf } from '../request.ts';

type Features = NonNullable<Configuration['features']>;
/** For `features.richAuthorizationRequests` of oidc-provider. */
export const richRequests = (types: DetailTypes) =>
  ({
    enabled: types.size > 0,
    types: Object.fromEntries(
      [...types].map(([name, type]) => [
        name,
        { validate: (ctx: KoaContextWithOIDC, detail: object) => checkDetail(ctx, type, detail) },
      ]),
    ),
    // The check `rar_prompt` lets no code through with details that the person has not allowed.
    authorizationDetailsForGrantSource: ({ oidc }: KoaContextWithOIDC) => detailsIn(oidc.params) ?? [],
    authorizationDetailsForAccessToken: (
      { oidc }: KoaContextWithOIDC,
      token: { readonly resourceServer?: { readonly audience?: unknown } | undefined },
      source?: { readonly rar?: unknown },
    ) => {
      const granted = asDetails(source?.rar);
      const asked = detailsIn(oidc.params) ?? granted;
      if (asked.some(each => !hasDetail(granted, each))) {
        throw new errors.InvalidAuthorizationDetails('the person has not allowed these authorization_details');
      }
      return asked.filter(isFor(token.resourceServer?.audience));
    },
    authorizationDetailsForIntrospection: (_ctx: KoaContextWithOIDC, token: { readonly rar?: unknown }) =>
      asDetails(token.rar),
  }) satisfies Features['richAuthorizationRequests'];

/** The details of a request, if it has any. */
const detailsIn = (params: Readonly<Record<string, unknown>> | undefined): Detail[] | undefined => {
  const sent = textOf(params?.['authorization_details']);
  return sent === undefined ? undefined : asDetails(JSON.parse(sent));
};

/** Needed to find out about which details a person must be asked. */
export interface DetailsToAskDeps {
  readonly detailTypes: DetailTypes;
  readonly consents: Pick<Consents, 'find'>;
}

const toAsk: unique symbol = Symbol('details to ask');

/** The details of a request that the person has not allowed. Reads the consent once, and only for a type that lasts. */
export const detailsToAsk = async (deps: DetailsToAskDeps, ctx: KoaContextWithOIDC): Promise<readonly Detail[]> => {
  const state: { [toAsk]?: Promise<readonly Detail[]> } = ctx.state;
  return (state[toAsk] ??= notAllowed(deps, ctx.oidc));
};

const notAllowed = async (
  { detailTypes, consents }: DetailsToAskDeps,
  { params, account, client, prompts }: KoaContextWithOIDC['oidc'],
): Promise<readonly Detail[]> => {
  const asked = detailsIn(params) ?? [];
  const lasting = lastingDetails(asked, detailTypes);
  // Asked again, a person sees everything that they would allow.
  if (lasting.length === 0 || prompts.has('consent')) return asked;
  const { details = [] } = (await consents.find(account?.accountId ?? '', client?.clientId ?? '')) ?? {};
  const allowed = details.map(({ detail }) => detail);
  return asked.filter(each => !hasDetail(lasting, each) || !hasDetail(allowed, each));
};

/** A detail with `locations` is for these APIs alone (RFC 9396 §2.2). */
const isFor =
  (audience: unknown) =>
  ({ locations }: Detail): boolean =>
    locations === undefined || (Array.isArray(locations) && locations.includes(audience));

/** Members of every type (RFC 9396 §2.2). The library checks their shapes. */
const common: ReadonlySet<string> = new Set(['type', 'locations', 'actions', 'datatypes', 'identifier', 'privileges']);

/** Where a person is asked on a page, which shows the details; and where the client then asks for tokens. */
const routes: ReadonlySet<string | undefined> = new Set(['authorization', 'pushed_authorization_request', 'token']);

const refuse = (got: string): never => {
  throw new errors.InvalidAuthorizationDetails(`authorization_details: ${got}`);
};

/** @throws InvalidAuthorizationDetails for what the page could not show to the person, or not truly */
const checkDetail = ({ oidc }: KoaContextWithOIDC, { members }: DetailType, detail: object): void => {
  if (!routes.has(oidc.route)) refuse('expected none here: only a sign-in in a browser can show them');
  for (const [name, value] of Object.entries(detail)) {
    if (!common.has(name) && !members.includes(name)) refuse(`the member ${JSON.stringify(name)} is not of this type`);
    if (!canBeShown(value, 3)) refuse(`the member ${name} is nested too deep, or has characters that cannot be shown`);
  }
};

/** Names of members inside a member: short words, which cannot look like a value. */
const nested = /^[\w.:/-]{1,64}$/;

/** Whether a page can show the value as it is. */
const canBeShown = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return isPlain(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.entries(value).every(([name, each]) => nested.test(name) && canBeShown(each, depth - 1));
};
