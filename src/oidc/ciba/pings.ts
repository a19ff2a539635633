/**
 * Tells clients in ping mode that a person has answered (OpenID CIBA §10.2), through the outbox: a client that is down is told later, while
 * its request is there. The client then asks the token endpoint as one in poll mode does.
 */
import type Provider from 'oidc-provider';
import { openStored, sealJson, sha256, type Sealed, type Sealer } from '../../crypto.ts';
import { textMember } from '../../json-object.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { key, type Ephemeral, type Json, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';

/** Kind of these messages in the outbox. */
export const pingKind = 'ciba-ping';

/** What a ping needs. A type, so that it can be stored as JSON. */
type Ping = { readonly clientId: string; readonly subject: string; readonly request: string };

interface PingsDeps {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  readonly outbox: Pick<Outbox, 'add'>;
}

const prefix = 'ciba:';

/** Binding of the challenge of a request. The id of a request is a token, so only its hash is stored. */
export const cibaBinding = (requestId: string): string => `${prefix}${sha256(requestId)}`;

const pingKey = (boundTo: string): Key<Sealed<Ping>> => key('ciba', 'ping', boundTo);

/** Remembers requests of clients in ping mode, and adds a message once such a request is answered. */
export class Pings {
  readonly #deps: PingsDeps;

  constructor(deps: PingsDeps) {
    this.#deps = deps;
  }

  /** Remembers a request before its person is asked. */
  async remember(ping: Ping, lifetime: Millis): Promise<void> {
    const boundTo = cibaBinding(ping.request);
    const { ephemeral, sealer } = this.#deps;
    await ephemeral.put(pingKey(boundTo), sealJson(sealer, ping, boundTo), lifetime);
  }

  /**
   * Adds the message of an answered request; nothing where its client polls, or the challenge is another one. An answer that is repeated
   * may add a second one.
   */
  async answered(boundTo: string): Promise<void> {
    const { ephemeral, sealer, outbox } = this.#deps;
    if (!boundTo.startsWith(prefix)) return;
    const sealed = await ephemeral.get(pingKey(boundTo));
    if (sealed === undefined) return;
    const ping = openStored(sealer, sealed, boundTo);
    if (ping === undefined) return;
    const { clientId, subject, request } = ping;
    await outbox.add({ kind: pingKind, recipient: `client:${clientId}`, subject, data: { clientId, request } });
    await ephemeral.getAndDelete(pingKey(boundTo));
  }
}

/**
 * Gives the function that sends these messages, with the library's own method and the `fetch` of its configuration. A request that has
 * expired or was used, or whose client is not in ping mode any more, is not told of.
 */
export const pingSender =
  ({ Client, BackchannelAuthenticationRequest }: Provider) =>
  async (data: Json): Promise<'sent' | 'dropped'> => {
    const [client, request] = await Promise.all([
      Client.find(textMember(data, 'clientId', 'a ping')),
      BackchannelAuthenticationRequest.find(textMember(data, 'request', 'a ping')),
    ]);
    if (client?.backchannelTokenDeliveryMode !== 'ping' || request === undefined) return 'dropped';
    if (request.consumed !== undefined || request.clientId !== client.clientId) return 'dropped';
    await client.backchannelPing(request);
    return 'sent';
  };
