/**
 * Makes access tokens count only for the registrations under which they were issued: that of their client, and that of the resource server
 * that they are for. A client that is added again under a removed id, or that gets a removed identifier, inherits no token. So the
 * removal of a client need not find its tokens. A token of an earlier release names no registration, and is found by its tags.
 */
import { Provider, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import type { ClientDirectory } from './clients/directory.ts';
import { registrationOf } from './clients/registration-ids.ts';

const accessTokens: ReadonlySet<string> = new Set(['AccessToken', 'ClientCredentials']);

/** Member of a stored token. oidc-provider does not read it. */
const issuedUnder = 'issuedUnder';

/** Under a grant a token needs no registration of its client: each use reads the grant, which ends with the client. */
const needsRegistration = ({ grantId, aud }: AdapterPayload): boolean => grantId === undefined || aud !== undefined;

/** Wraps the adapters of access tokens. */
export const countUnderRegistration =
  (adapters: AdapterFactory, clients: Pick<ClientDirectory, 'find' | 'findResourceServer'>): AdapterFactory =>
  model => {
    const adapter = adapters(model);
    return accessTokens.has(model) ? bound(adapter, clients) : adapter;
  };

const bound = (adapter: Adapter, clients: Pick<ClientDirectory, 'find' | 'findResourceServer'>): Adapter => {
  /** The registrations of `client`, and now of the audience. Ids hold no space, so that the texts of two pairs differ. */
  const registrations = async (client: object | undefined, { aud }: AdapterPayload): Promise<string> => {
    const server = typeof aud === 'string' ? await clients.findResourceServer(aud) : undefined;
    return [registrationOf(client), registrationOf(server), server?.clientId ?? ''].join(' ');
  };
  const clientNow = async ({ clientId }: AdapterPayload): Promise<object | undefined> =>
    clientId === undefined ? undefined : clients.find(clientId);
  return {
    ...adapter,
    async upsert(id, payload, expiresIn) {
      if (!needsRegistration(payload)) return adapter.upsert(id, payload, expiresIn);
      const asking = Provider.ctx?.oidc.client;
      // The client as it proved itself. The directory may have a later registration of its id by now.
      const client = asking?.clientId === payload.clientId ? asking : await clientNow(payload);
      const under = await registrations(client, payload);
      return adapter.upsert(id, { ...payload, [issuedUnder]: under }, expiresIn);
    },
    async find(id) {
      const token = await adapter.find(id);
      const under = token?.[issuedUnder];
      if (token === undefined || under === undefined) return token;
      return under === (await registrations(await clientNow(token), token)) ? token : undefined;
    },
  };
};
