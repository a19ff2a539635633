/**
 * Makes clients accept the addresses of the playground, and lets this process redeem the codes that go there. At the authorization
 * endpoint it is the client itself. The endpoints that authenticate clients see a stand-in:
 *
 * - the same client, with the same subjects and the same audience of tokens
 * - found by an id that names the client and one address, and only where a client must authenticate
 * - authenticated by a secret that follows from a key of the installation, so only our own processes know it
 * - allowed one address and one grant type: it redeems no code of the real client, and gets no refresh token
 */
import type { KeyObject } from 'node:crypto';
import { Provider, type Client } from 'oidc-provider';
import { constantTimeEqual, hmac } from '../../crypto.ts';
import { isBuiltIn } from '../clients/built-in.ts';
import type { BrowserCookie, Callbacks } from './callback.ts';

/** The client and the address for which a stand-in acts. */
interface StandIn {
  readonly clientId: string;
  readonly redirectUri: string;
}

const prefix = 'playground:?';

const standInMark: unique symbol = Symbol('stand-in');

/** Whether this client is a stand-in: its tokens are those of a try. */
export const isStandIn = (client: object): boolean => Reflect.get(client, standInMark) === true;

const idOf = ({ clientId, redirectUri }: StandIn): string =>
  `${prefix}${new URLSearchParams({ client: clientId, address: redirectUri }).toString()}`;

const standInOf = (id: string): StandIn => {
  const members = new URLSearchParams(id.slice(prefix.length));
  return { clientId: members.get('client') ?? '', redirectUri: members.get('address') ?? '' };
};

const secretOf = (hashKey: KeyObject, standIn: StandIn): string =>
  hmac(hashKey, JSON.stringify(['playground-secret', standIn.clientId, standIn.redirectUri]));

/** The header by which this process authenticates as a stand-in (RFC 6749 §2.3.1). */
export const authorizationOf = (hashKey: KeyObject, standIn: StandIn): string => {
  const credentials = [idOf(standIn), secretOf(hashKey, standIn)].map(encodeURIComponent).join(':');
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
};

export interface AdmissionDeps {
  readonly hashKey: KeyObject;
  readonly callbacks: Callbacks;
  readonly browserCookie: BrowserCookie;
}

/** Changes the clients of this provider. Must run before it answers requests, and after `keepMadeClients`. */
export const admitPlayground = (provider: Provider, deps: AdmissionDeps): void => {
  acceptCallbacks(provider, deps);
  findStandIns(provider, deps);
};

/** Routes on which a client itself may meet an address of the playground. Each sees the cookies of the browser. */
const ofBrowsers: ReadonlySet<string> = new Set(['authorization', 'resume']);

const acceptCallbacks = ({ Client: { prototype } }: Provider, { callbacks, browserCookie }: AdmissionDeps): void => {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with a client below
  const isRegistered = prototype.redirectUriAllowed;
  prototype.redirectUriAllowed = function isRegisteredOrOurs(address) {
    if (isRegistered.call(this, address)) return true;
    const { ctx } = Provider;
    if (ctx === undefined || !ofBrowsers.has(ctx.oidc.route) || isBuiltIn(this.clientId)) return false;
    const browser = browserCookie.read(ctx);
    return browser !== undefined && callbacks.accepts(address, { clientId: this.clientId, browser });
  };
};

/**
 * Routes to which our own requests go (`exchange.ts`). Both authenticate the client. The authorization endpoint does not: there an id
 * with any address would have the answers of the client sent to that address.
 */
const ofStandIns: ReadonlySet<string | undefined> = new Set(['pushed_authorization_request', 'token']);

const findStandIns = ({ Client }: Provider, { hashKey }: AdmissionDeps): void => {
  const find = Client.find.bind(Client);
  Client.find = async id => {
    if (typeof id !== 'string' || !id.startsWith(prefix) || !ofStandIns.has(Provider.ctx?.oidc.route)) return find(id);
    const standIn = standInOf(id);
    const client = isBuiltIn(standIn.clientId) ? undefined : await find(standIn.clientId);
    return client && standInFor(client, standIn, secretOf(hashKey, standIn));
  };
};

/**
 * The client with other rules; all members that are not listed are those of the client. Its tokens end before they are shown, so they
 * are bound to no key and to no certificate, also where a security profile asks for it.
 */
const standInFor = (client: Client, { redirectUri }: StandIn, secret: string): Client => {
  const own: Readonly<Record<string | symbol, unknown>> = {
    clientAuthMethod: 'client_secret_basic',
    compareClientSecret: (actual: string) => constantTimeEqual(actual, secret) && namesClient(client.clientId),
    checkClientSecretExpiration: () => {},
    redirectUriAllowed: (address: string) => address === redirectUri,
    grantTypeAllowed: (type: string) => type === 'authorization_code',
    dpopBoundAccessTokens: false,
    tlsClientCertificateBoundAccessTokens: false,
    security_profile: undefined,
    [standInMark]: true,
  };
  return new Proxy(client, {
    // Getters of the client run on the client itself, because its private members are not those of a proxy.
    get: (target, name): unknown => (Object.hasOwn(own, name) ? own[name] : Reflect.get(target, name)),
  });
};

/** A pushed request must name its client, and ours names the stand-in by its header only. True, once it names the client. */
const namesClient = (clientId: string): true => {
  const body = Provider.ctx?.oidc.body;
  if (body !== undefined) body['client_id'] = clientId;
  return true;
};
