/** What an authorization request and its client hold, in the conversation's words. Pure. */
import { isAcr } from '../../../src/mfa/assurance.ts';
import { claims } from '../../../src/oidc/account.ts';
import type { RequestingClient, SignIn } from '../../protocol.ts';

/** Metadata as registered (OpenID Connect Dynamic Client Registration 1.0 §2). */
interface Registered {
  readonly clientId: string;
  readonly clientName?: string | undefined;
  readonly clientUri?: string | undefined;
  readonly initiateLoginUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly tosUri?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
}
/** What the policy tells of a prompt. */
type Details = Readonly<Record<string, unknown>>;

/** An address that a client registered, where a browser may be sent there. */
const webAddress = (value: string | undefined): string | undefined => {
  const url = value === undefined ? null : URL.parse(value);
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
};

/** OpenID Connect Core §4: a sign-in that the client itself starts is told who asks. */
const initiated = (address: string | undefined, issuer: string): string | undefined => {
  if (address === undefined) return undefined;
  const url = new URL(address);
  url.searchParams.set('iss', issuer);
  return url.href;
};

const originOf = (address: string | undefined): string | undefined => address && new URL('/', address).href;

/** A client as pages name it. Only addresses it registered, never one that came with the request. */
export const requestingClient = (client: Registered, issuer: string): RequestingClient => {
  const uri = webAddress(client.clientUri);
  const [redirect] = client.redirectUris ?? [];
  const startUri = initiated(webAddress(client.initiateLoginUri), issuer) ?? uri ?? originOf(webAddress(redirect));
  const [policyUri, tosUri] = [webAddress(client.policyUri), webAddress(client.tosUri)];
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    ...(uri !== undefined && { uri }),
    ...(startUri !== undefined && { startUri }),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
  };
};

const isRecord = (value: unknown): value is Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** The need that `oidc/policy.ts` wrote into the prompt's details; where it wrote none, nothing beyond a password. */
export const requiredAcrIn = ({ required }: Details): SignIn['required'] => {
  const { acr, minimum }: Details = isRecord(required) ? required : {};
  return { acr: isAcr(acr) ? acr : 'sfa', minimum: isAcr(minimum) ? minimum : 'sfa' };
};

/** The scope that opens a claim which is asked for by itself (OIDC Core §5.5): whoever permits it reads the same words. */
export const scopeOf = (claim: string): string =>
  Object.entries(claims).find(([, opened]) => opened.some(each => each === claim))?.[0] ?? 'openid';

/** What is still to be granted, of OpenID Connect and of each resource server. */
export const missingIn = ({ missingOIDCScope, missingOIDCClaims, missingResourceScopes }: Details) => ({
  scopes: texts(missingOIDCScope),
  claims: texts(missingOIDCClaims),
  resources: Object.entries(isRecord(missingResourceScopes) ? missingResourceScopes : {}).map(
    ([resource, scopes]) => [resource, texts(scopes)] as const,
  ),
});
