/** oidc-provider, wired once. Whoever mounts it brings what is in `ProviderParts`; everything protocol is decided here. */
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Lifetimes } from '../config.ts';
import { hmac, randomToken, constantTimeEqual, type Sealer } from '../crypto.ts';
import type { Audit } from '../audit.ts';
import type { Log } from '../log.ts';
import type { Acr } from '../mfa/factor.ts';
import type { Clock } from '../ports/time.ts';
import type { Collection, Ephemeral } from '../ports/stores.ts';
import type { User } from '../records.ts';
import type { InstallationSecrets } from '../secrets.ts';
import { findAccount } from './account.ts';
import { createAdapters, type OidcDocuments } from './adapter.ts';
import { readMember } from './adapter/sessions.ts';
import type { ClientDirectory } from './client-directory.ts';
import { features, introspection, lifetimes, protocol } from './configuration.ts';
import { createCookieKeys } from './cookie-keys.ts';
import { recordEvents } from './events.ts';
import { loadGrant } from './grants.ts';
import { endPosts, letFormPost, pageOptions, type ProviderPages } from './pages.ts';
import { createPolicy } from './policy.ts';
import { secondStepMember } from './request.ts';

export interface ProviderDeps {
  /** Only its origin counts: one issuer is one origin. Behind `frontDoor` (host.ts) its scheme decides about `Secure` cookies. */
  readonly issuer: URL;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** From `loadSecrets`. */
  readonly secrets: InstallationSecrets;
  /** `durable.collection(oidcDocuments)` and `durable.collection(users)`. */
  readonly documents: OidcDocuments;
  readonly users: Collection<User, 'canonical'>;
  readonly ephemeral: Ephemeral;
  /** From `createClientDirectory`: what is known of clients, remembered for seconds. */
  readonly clients: ClientDirectory;
  readonly lifetimes: Lifetimes;
  /** The least assurance this server accepts; `sfa` where nobody says otherwise. */
  readonly minimum: Acr;
  /** The best that any usable method of this person reaches; asked only for people who have one. */
  readonly reach: (user: User) => Promise<Acr>;
  /** Pages in place of the library's own. Their CSP must name `script-src`, or the library's form pages cannot add theirs. */
  readonly pages: ProviderPages;
  readonly audit: Audit;
  readonly log: Log;
}

/**
 * A Koa application that speaks OpenID Connect. Add own routes by `provider.use` before `provider.callback()`; they run
 * before the library's. Interactions are to be answered at `/interaction/:uid`, each with a whole result:
 * `{ login: { accountId, acr, amr, ts }, mfa?: { ts, method } }` (`ts` in seconds, the time of the password even after a
 * step-up; no `mfa` after a sign-in without second factor), `{ consent: { grantId } }`, or `{ error, error_description }`.
 */
export const createProvider = (deps: ProviderDeps): Provider => {
  const provider = new Provider(deps.issuer.origin, configure(deps));
  // What stands in front (host.ts) has thrown away what came from outside and written these headers itself.
  provider.proxy = true;
  Reflect.set(provider, 'keys', createCookieKeys(deps.secrets.cookieKeys));
  extendSession(provider);
  compareHashedSecrets(provider, deps.secrets);
  recordEvents(provider, deps);
  provider.use(letFormPost).use(endPosts(deps.pages));
  return provider;
};

const configure = (deps: ProviderDeps): Configuration => {
  const { renderError, ...logout } = pageOptions(deps.pages);
  const find = findAccount(deps.users);
  return {
    ...protocol,
    features: {
      ...features,
      introspection: introspection(find),
      rpInitiatedLogout: { ...features.rpInitiatedLogout, ...logout },
    },
    adapter: createAdapters({ ...deps, findClient: id => deps.clients.find(id) }),
    jwks: { keys: deps.secrets.signingKeys.map(key => ({ ...key })) },
    cookies: cookies(deps.issuer.protocol === 'https:'),
    ttl: lifetimes(deps.lifetimes, deps.clock),
    findAccount: find,
    loadExistingGrant: loadGrant(deps.ephemeral),
    interactions: {
      policy: createPolicy({ ...deps, sessionLifetime: deps.lifetimes.session }),
      url: (_ctx: KoaContextWithOIDC, { uid }) => `/interaction/${uid}`,
    },
    renderError,
  };
};

/** `__Host-` where a cookie stands at `/`, `__Secure-` where it has a path: no other host, and no plain http, sets them. */
const cookies = (https: boolean): NonNullable<Configuration['cookies']> => {
  const options = { httpOnly: true, sameSite: 'lax', secure: https, signed: true } as const;
  const [host, secure] = https ? ['__Host-', '__Secure-'] : ['', ''];
  return {
    names: { session: `${host}session`, interaction: `${secure}interaction`, resume: `${secure}resume` },
    long: options,
    short: options,
  };
};

/** Two members more: when the second step was taken, and what the adapter read (it merges by it). Before any session exists. */
const extendSession = ({ Session }: Provider): void => {
  const known: unknown = Reflect.get(Session, 'IN_PAYLOAD');
  const members = [...(Array.isArray(known) ? known.map(String) : []), secondStepMember, readMember];
  Object.defineProperty(Session, 'IN_PAYLOAD', { configurable: true, get: () => members });
  // The library would end the session under its old id before it saves the new one, and lose what other requests stored
  // meanwhile. Our adapter retires the old id itself.
  Session.prototype.resetIdentifier = changeId;
};

function changeId(this: { jti: string }): void {
  this.jti = randomToken(32);
  Reflect.set(this, 'touched', true);
}

/** Secrets of clients are 256 random bits: a keyed SHA-256 of them is kept, and compared (design §10). */
const compareHashedSecrets = ({ Client }: Provider, { hashKey }: InstallationSecrets): void => {
  Client.prototype.compareClientSecret = function compareHashed(actual) {
    return constantTimeEqual(this.clientSecret ?? '', hmac(hashKey, actual));
  };
};
