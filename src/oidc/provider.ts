/**
 * Creates and wires oidc-provider. All decisions about the protocol are made in this folder; `ProviderDeps` brings the rest.
 *
 * | folder          | what it decides                                                                 |
 * | --------------- | ------------------------------------------------------------------------------- |
 * | `http/`         | what a request may be before the library reads it, and what its browser keeps   |
 * | `prompts/`      | what a person must do before a client gets a code                               |
 * | `consent/`      | what a person allowed a client, and what must be asked                          |
 * | `sessions/`     | where a person is signed in, and how that ends                                  |
 * | `sign-out/`     | sign-outs that clients ask for, and what clients are told                       |
 * | `adapter/`      | how the models of the library are stored                                        |
 * | `clients/`      | what clients may be, their secrets and keys; who may change what                |
 * | `client-files/`, `registration/`, `developers/` | the other ways to register clients              |
 * | `mtls/`, `device/`, `ciba/`, `playground/`      | certificates, devices, requests without a browser, tries |
 * | `refusals/`     | the code of each refusal, and how it is explained                               |
 *
 * Files beside this one are used by several of these folders, or change a single endpoint of the library.
 */
import type { KeyObject } from 'node:crypto';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { DetailTypes } from '../config/authorization-details.ts';
import type { ClientCertificateSettings, Lifetimes } from '../config.ts';
import { hmac, type Sealer } from '../crypto.ts';
import type { Audit } from '../audit.ts';
import type { CountedAudit } from '../counted-audit.ts';
import { cookieName } from '../http/cookie-name.ts';
import type { Outbound } from '../http/outbound.ts';
import type { Log } from '../log.ts';
import type { Method } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { Policy } from '../policy/policy.ts';
import type { IsBreakGlass } from '../users/break-glass.ts';
import type { RememberedBrowsers } from '../users/remembered-browsers.ts';
import type { Collection, DurableStore, Ephemeral } from '../ports/stores.ts';
import type { ClientRefusal, ClientSignIn, ClientTokens, User } from '../records.ts';
import type { InstallationSecrets } from '../keys/rings.ts';
import { findAccount } from './account.ts';
import { createAdapters } from './adapter.ts';
import { endGrant } from './adapter/grants.ts';
import { countUnderRegistration } from './issued-under.ts';
import { recordSessions, type RecordedSessionsDeps } from './sessions/recorded-sessions.ts';
import { extendSession } from './sessions/session-members.ts';
import { createRefreshTokens, type RefreshTokens } from './adapter/refresh-tokens.ts';
import { admitRequests, type RequestDeps } from './adapter/requests.ts';
import { decideAtPolls } from './ciba/decisions.ts';
import { ciba, type CibaDeps } from './ciba/flow.ts';
import { findAlsoUnknown } from './ciba/hints.ts';
import { assertionCheck, requestObjectCheck } from './clients/client-assertions.ts';
import type { ClientNotes } from './developers/client-notes.ts';
import type { ClientDirectory } from './clients/directory.ts';
import { keepMadeClients } from './clients/made.ts';
import { compareSecrets } from './clients/secrets.ts';
import { features, lifetimes, protocol } from './configuration.ts';
import { createCookieKeys } from './http/cookie-keys.ts';
import { acceptSubmitted, stateInterval } from './device/flow.ts';
import { devicePages } from './device/pages.ts';
import { recordEvents } from './events.ts';
import { ExplainingProvider, linkJsonErrors } from './refusals/error-uri.ts';
import { explainTokenErrors } from './refusals/explanations.ts';
import { correctErrors } from './refusals/standard-errors.ts';
import { Consents } from './consent/consents.ts';
import { loadGrant } from './consent/grants.ts';
import { endPosts, letFormPost, ownForms, pageOptions, type ProviderPages } from './pages.ts';
import { onPages } from './http/page-paths.ts';
import { admitPlayground, type AdmissionDeps } from './playground/stand-in.ts';
import { createInteractionPolicy } from './prompts/interaction-policy.ts';
import { slowDown } from './polls.ts';
import type { OidcDocuments } from './models.ts';
import { refuseRemovedAddresses } from './removed-address.ts';
import { detectReplay } from './replay.ts';
import { introspection, resourceIndicators, signInClaims } from './resource-servers.ts';
import { requiresConsent, type RequestFactsDeps } from './prompts/request-facts.ts';
import { acceptAliases } from './mtls/alias-proofs.ts';
import { certificateMethods, clientCertificates } from './mtls/offered.ts';
import { richRequests } from './consent/rich-requests.ts';
import { extraParameters } from './extra-parameters.ts';
import { skipSignOut } from './sign-out/sign-out.ts';
import { pairwiseSubjects, subjectFor } from './pairwise.ts';
import { markTokens } from './token-kinds.ts';
import { markUsedJwts } from './used-jwts.ts';
import { claimsByScope, type OperatorScopes } from '../scopes/scopes.ts';

/** Stores, secrets, pages and settings of one issuer. */
export interface ProviderDeps extends RequestDeps, RecordedSessionsDeps {
  /** Only its origin is used. Its scheme decides whether cookies are `Secure`. */
  readonly issuer: URL;
  readonly sealer: Sealer;
  /** From `loadSecrets`. */
  readonly secrets: InstallationSecrets;
  readonly durable: Pick<DurableStore, 'batch'>;
  /** `durable.collection(oidcDocumentKind)` and `durable.collection(userKind)`. */
  readonly documents: OidcDocuments;
  readonly users: Collection<User, 'signInNames'>;
  readonly ephemeral: Ephemeral;
  /** From `createClientDirectory`: a cache of clients' metadata. */
  readonly clients: ClientDirectory;
  readonly lifetimes: Lifetimes;
  /** The lowest level that this server accepts, usually `sfa`. */
  readonly minimum: Acr;
  /** The operator's rules. */
  readonly policy: Policy;
  /** The operator's scopes. */
  readonly scopes: OperatorScopes;
  readonly isBreakGlass: IsBreakGlass;
  /** As in `RequestFactsDeps`. Called only for people who have a method. */
  readonly reach: RequestFactsDeps['reach'];
  /** The methods that this person can use now. Called only for tasks of the security page. */
  readonly usableBy: (user: User) => Promise<readonly Method[]>;
  /** Says whether a remembered browser still counts that took the place of the second step in a session. */
  readonly rememberedBrowsers: Pick<RememberedBrowsers, 'isOn' | 'isValid'>;
  /** As in `RequestFactsDeps`. */
  readonly canEnroll: RequestFactsDeps['canEnroll'];
  /** Replace the library's own pages. The CSP must name `script-src`, because the library's form pages add a hash to it. */
  readonly pages: ProviderPages;
  /** Sends the library's own requests, to addresses that clients registered. */
  readonly outbound: Outbound;
  /** Requests to people in their authenticator, outside a sign-in. */
  readonly ciba: Pick<CibaDeps, 'accountNamed' | 'approvals' | 'pings' | 'schedule' | 'isOffered'>;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly clientRefusals: Pick<ClientNotes<ClientRefusal>, 'note'>;
  readonly clientSignIns: Pick<ClientNotes<ClientSignIn>, 'note'>;
  readonly clientTokens: Pick<ClientNotes<ClientTokens>, 'note'>;
  readonly log: Log;
  /** The addresses of the playground. Absent: there is none. */
  readonly playground?: Omit<AdmissionDeps, 'hashKey'>;
  /** How clients' certificates reach this server. Absent: none does. */
  readonly clientCertificates?: ClientCertificateSettings;
  /** Types of authorization details that clients may request. */
  readonly detailTypes: DetailTypes;
  /** Each client must push its authorization requests, whatever it is registered with. */
  readonly requiresPushedRequests: boolean;
  /** Pages and token answers explain refusals to developers. Never in production. */
  readonly explainsErrors: boolean;
}

/**
 * A Koa application that speaks OpenID Connect. Own routes are added by `provider.use` before `provider.callback()`, and run
 * before the library's. Interactions must be answered at `/interaction/:uid`, each with a complete result:
 * `{ login: { accountId, acr, amr, ts }, provenAt?, mfa?: { ts, method }, remembered?: id }`, `{ consent: { grantId } }`, or
 * `{ error, error_description }`. `ts` in seconds; that of `login` is the time of the password, also after a step-up. There
 * is no `mfa` after a sign-in without a second factor.
 */
export const createProvider = (deps: ProviderDeps): Provider => {
  const refreshTokens = createRefreshTokens({ ...deps, reuseWithin: deps.lifetimes.refreshReuse });
  const provider = new ExplainingProvider(deps.issuer.origin, configure(deps, refreshTokens));
  // `trustHost` (http/host.ts) has removed the X-Forwarded headers of the request and written its own.
  provider.proxy = true;
  Reflect.set(provider, 'keys', createCookieKeys(deps.secrets.cookieKeys));
  extendSession(provider);
  keepMadeClients(provider, deps.clients);
  compareSecrets(provider, { hashKey: deps.secrets.hashKey, clock: deps.clock });
  if (deps.playground !== undefined) admitPlayground(provider, { ...deps.playground, hashKey: deps.secrets.hashKey });
  detectReplay(provider, { refreshTokens, endGrant: grantId => endGrant(deps, grantId) });
  markTokens(provider);
  markUsedJwts(provider);
  acceptAliases(provider, deps.clientCertificates);
  refuseRemovedAddresses(provider);
  acceptSubmitted(provider);
  stateInterval(provider);
  slowDown(provider, deps.ephemeral);
  decideAtPolls(provider, cibaDeps(deps));
  correctErrors(provider);
  recordEvents(provider, deps);
  if (deps.explainsErrors) explainTokenErrors(provider);
  linkJsonErrors(provider, deps.explainsErrors);
  for (const middleware of [letFormPost, endPosts(deps.pages), skipSignOut, ownForms(deps.pages)]) {
    provider.use(onPages(middleware));
  }
  return provider;
};

const cibaDeps = (deps: ProviderDeps): CibaDeps => ({
  ...deps,
  ...deps.ciba,
  accessToken: deps.lifetimes.accessToken,
});

const configure = (deps: ProviderDeps, refreshTokens: RefreshTokens): Configuration => {
  const { renderError, ...logout } = pageOptions(deps.pages, deps.secrets.hashKey, deps.explainsErrors);
  const find = findAccount(deps.users);
  const consents = new Consents(deps);
  const stored = createAdapters({ ...deps, hashKey: deps.secrets.hashKey, findClient: id => deps.clients.find(id) });
  const adapters = countUnderRegistration(recordSessions(refreshTokens.adapters(stored), deps), deps.clients);
  return {
    ...protocol,
    claims: claimsByScope(deps.scopes),
    features: {
      ...features,
      richAuthorizationRequests: richRequests(deps.detailTypes),
      mTLS: clientCertificates(deps.clientCertificates, deps.clock),
      pushedAuthorizationRequests: {
        ...features.pushedAuthorizationRequests,
        requirePushedAuthorizationRequests: deps.requiresPushedRequests,
      },
      dPoP: { enabled: true, nonceSecret: dpopNonceSecret(deps.secrets.hashKey) },
      requestObjects: { ...features.requestObjects, assertJwtClaimsAndHeader: requestObjectCheck(deps.clock) },
      resourceIndicators: resourceIndicators({ ...deps, accessToken: deps.lifetimes.accessToken }),
      introspection: introspection({ ...deps, findAccount: find }),
      deviceFlow: {
        ...features.deviceFlow,
        ...devicePages((end, visitor) => deps.pages.device(end, visitor), renderError),
      },
      ciba: ciba(cibaDeps(deps)),
      rpInitiatedLogout: { ...features.rpInitiatedLogout, ...logout },
    },
    clientAuthMethods: [...protocol.clientAuthMethods, ...certificateMethods(deps.clientCertificates)],
    assertJwtClientAuthClaimsAndHeader: assertionCheck(deps.clock),
    extraParams: extraParameters(deps.log),
    extraTokenClaims: signInClaims,
    adapter: admitRequests(adapters, deps),
    jwks: { keys: deps.secrets.signingKeys.map(key => ({ ...key })) },
    cookies: cookies(deps.issuer.protocol === 'https:'),
    ttl: lifetimes(deps.lifetimes, deps.clock),
    findAccount: findAlsoUnknown(find),
    loadExistingGrant: loadGrant({
      ephemeral: deps.ephemeral,
      consents,
      asksFirstParty: ctx => requiresConsent(ctx, deps),
    }),
    interactions: {
      policy: createInteractionPolicy({
        ...deps,
        consents,
        sessionLifetime: deps.lifetimes.session,
        subjectOf: (accountId, client) => subjectFor(deps.secrets.hashKey, accountId, client),
      }),
      url: (_ctx: KoaContextWithOIDC, { uid }) => `/interaction/${uid}`,
    },
    renderError,
    fetch: deps.outbound,
    pairwiseIdentifier: pairwiseSubjects(deps.secrets.hashKey),
    // It is read when a client is registered. A sign-in must not depend on a server of the client.
    sectorIdentifierUriValidate: () => false,
  };
};

/** 32 bytes from which the nonces of DPoP follow (RFC 9449 §8), the same on all nodes. */
const dpopNonceSecret = (hashKey: KeyObject): Buffer => Buffer.from(hmac(hashKey, 'dpop-nonce'), 'base64url');

const cookies = (isHttps: boolean): NonNullable<Configuration['cookies']> => {
  const options = { httpOnly: true, sameSite: 'lax', secure: isHttps, signed: true } as const;
  return {
    names: {
      session: cookieName('session', { isHttps }),
      interaction: cookieName('interaction', { isHttps, path: '/interaction' }),
      resume: cookieName('resume', { isHttps, path: '/auth' }),
    },
    long: options,
    short: options,
  };
};
