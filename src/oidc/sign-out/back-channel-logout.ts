/**
 * Notifies clients that a session has ended (OpenID Connect Back-Channel Logout 1.0). Whatever ends a session only adds a message to
 * the outbox, so that nothing waits for a client, and a client that is down is notified later.
 *
 * | what ends sessions                               | who is notified                                      |
 * | ------------------------------------------------ | ---------------------------------------------------- |
 * | sign-out, or another person in the same browser  | the clients of that session                          |
 * | "only this client" on the page after a sign-out  | that client                                          |
 * | its person ends it, or others, elsewhere         | the clients of these sessions                        |
 * | a client's access is taken away                  | that client, in all sessions of the person           |
 * | lock, new password, recovery or removal          | the clients of all its sessions                      |
 * | removal of a client                              | none: a token cannot be made without its client      |
 * | a session that is too old or idle                | none: clients have their own session lifetimes       |
 *
 * Each attempt makes a new logout token with its own `jti` and `iat`, valid for two minutes (§2.4). A stored token would expire while
 * the client is down. And if only an answer was lost, the client would refuse the same `jti` as a replay (§2.6). A second
 * notification does no harm, because the session has already ended.
 */
import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { textMember } from '../../json-object.ts';
import { insertIfAbsent } from '../../optimistic-write.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { Collection, Json } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { ClientSession } from '../../records.ts';
import { removeAll } from '../../remove-all.ts';

/** Kind of these messages in the outbox. */
export const logoutKind = 'backchannel-logout';

/** Data of a message: the session that has ended, and its client. */
interface Logout {
  readonly clientId: string;
  readonly sub: string;
  readonly sid: string;
}

export interface BackChannelLogoutDeps {
  /** `durable.collection(clientSessionKind)` */
  readonly sessions: Collection<ClientSession, 'accountId' | 'clientId'>;
  readonly outbox: Pick<Outbox, 'add' | 'removeAllTo'>;
  readonly clock: Clock;
  /** The longest life of a session. */
  readonly lifetime: Millis;
}

const recipientOf = (clientId: string): string => `client:${clientId}`;
const sessionId = ({ clientId, sid }: Pick<Logout, 'clientId' | 'sid'>): string =>
  sha256(JSON.stringify([clientId, sid]));

/** Records sessions at clients with back-channel logout, and adds a message for each that ends. */
export class BackChannelLogout {
  readonly #deps: BackChannelLogoutDeps;

  constructor(deps: BackChannelLogoutDeps) {
    this.#deps = deps;
  }

  /** Records that this person has a session at the client, because provider sessions cannot be looked up by person. */
  async remember({ clientId, sub, sid }: Logout): Promise<void> {
    const { sessions, clock, lifetime } = this.#deps;
    const id = sessionId({ clientId, sid });
    const expiresAt = clock() + lifetime;
    const session = { id, rev: 1, accountId: sub, clientId, sid, expiresAt };
    if (await insertIfAbsent(sessions, session)) return;
    // Another sign-in in the same session prolongs the record. A concurrent writer has already done so.
    const known = await sessions.get(id);
    if (known !== undefined) await sessions.replace({ ...known, ...session, rev: known.rev });
  }

  /**
   * Adds a message for a session that has ended. Sessions without a record are skipped: they began before the client registered for
   * logout tokens, or belong to a removed client with the same id, whose sessions a later client must not learn of.
   */
  async end(session: Logout): Promise<void> {
    const { sessions, outbox } = this.#deps;
    const { clientId, sub } = session;
    if ((await sessions.get(sessionId(session))) === undefined) return;
    await outbox.add({ kind: logoutKind, recipient: recipientOf(clientId), subject: sub, data: { ...session } });
    // Remove the record last: after a crash the client is notified twice instead of never.
    await sessions.remove(sessionId(session));
  }

  /** Adds a message for every recorded session of this account. */
  async endAll(accountId: string): Promise<void> {
    for (;;) {
      const found = await this.#deps.sessions.find({ accountId });
      if (found.length === 0) return;
      for (const { clientId, sid } of found) await this.end({ clientId, sub: accountId, sid });
    }
  }

  /** Removes sessions and messages of a removed client, so that a later client with the same id does not get them. */
  async forgetClient(clientId: string): Promise<void> {
    const { sessions, outbox } = this.#deps;
    await removeAll(sessions, { clientId });
    await outbox.removeAllTo(recipientOf(clientId));
  }
}

/** Records the session before a client gets the code of a new sign-in. If that fails, the client gets no code. */
export const rememberSessions =
  (back: Pick<BackChannelLogout, 'remember'>): Middleware =>
  async (ctx, next) => {
    await next();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library adds `oidc` to each context of its routes
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
    const { session, client, entities } = oidc ?? {};
    const issued = entities?.AuthorizationCode ?? entities?.DeviceCode;
    if (client?.backchannelLogoutUri === undefined || issued?.accountId === undefined) return;
    const sid = session?.sidFor(client.clientId);
    if (sid === undefined) return;
    try {
      await back.remember({ clientId: client.clientId, sub: issued.accountId, sid });
    } catch (error) {
      // The header contains the code.
      ctx.remove('location');
      throw error;
    }
  };

/**
 * Makes the library add logouts to the outbox. Returns the function that sends them from there with the library's own method, which
 * uses the `fetch` of its configuration.
 */
export const routeLogouts = (
  provider: Provider,
  back: Pick<BackChannelLogout, 'end'>,
): ((data: Json) => Promise<'sent' | 'dropped'>) => {
  const { Client } = provider;
  const send: unknown = Reflect.get(Client.prototype, 'backchannelLogout');
  if (typeof send !== 'function')
    throw new Problem('internal', 'got no backchannelLogout, expected that of oidc-provider');
  Reflect.set(Client.prototype, 'backchannelLogout', async function end(this: Client, sub: string, sid: string) {
    await back.end({ clientId: this.clientId, sub, sid });
  });
  // Without an exception the library would end the session, and its clients would never be notified.
  provider.on('backchannel.error', (_ctx, error) => {
    throw error;
  });
  return async data => {
    const [clientId, sub, sid] = ['clientId', 'sub', 'sid'].map(name => textMember(data, name, 'a logout'));
    const client = await Client.find(clientId ?? '');
    if (client?.backchannelLogoutUri === undefined) return 'dropped';
    await Reflect.apply(send, client, [sub, sid]);
    return 'sent';
  };
};

type Client = InstanceType<Provider['Client']>;
