/**
 * Keeps the clients that oidc-provider has made of metadata. It checks the whole schema each time it makes one, which costs more than
 * the rest of a token request, and keeps no more than 100 itself.
 */
import type { Provider } from 'oidc-provider';
import { keepWaiting } from '../waiting-clients.ts';
import { approvalRefusal } from './approval.ts';
import { isBuiltIn } from './built-in.ts';
import type { ClientDirectory } from './directory.ts';
import { noteRegistration, registrationOf } from './registration-ids.ts';

/**
 * Makes `Client.find` of this provider give the client that it made before, while the directory gives the same metadata: the same
 * object, which it replaces when a client has changed. A client that waits for approval is refused here, and so at every endpoint.
 * Must run before the provider answers requests.
 */
export const keepMadeClients = ({ Client }: Provider, directory: Pick<ClientDirectory, 'find'>): void => {
  const made = new WeakMap<object, InstanceType<typeof Client>>();
  const make = Client.find.bind(Client);
  Client.find = async id => {
    const metadata = typeof id === 'string' && id !== '' ? await directory.find(id) : undefined;
    const refused = metadata && approvalRefusal(metadata);
    if (refused !== undefined) throw refused;
    const known = metadata && made.get(metadata);
    if (metadata === undefined || known !== undefined) return known;
    const client = await make(id);
    if (client !== undefined) {
      keepWaiting(client, metadata);
      noteRegistration(client, registrationOf(metadata));
    }
    // Our own pages begin their requests here, so there is no browser that could change one before.
    if (client !== undefined && isBuiltIn(client.clientId)) {
      Reflect.set(client, 'requirePushedAuthorizationRequests', false);
    }
    // Made of the same object: the directory read no other one meanwhile.
    if (client !== undefined && (await directory.find(id)) === metadata) made.set(metadata, client);
    return client;
  };
};
