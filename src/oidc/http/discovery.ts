/**
 * Builds discovery and keys once, at the start. They are not taken from a first request, because its headers could end up in them.
 */
import type { RequestListener } from 'node:http';
import { Problem } from '../../errors.ts';
import { askInProcess } from '../../http/in-process.ts';
import type { PublicDocuments } from '../../http/public-documents.ts';

const discoveryPaths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const keysPath = '/jwks';

/**
 * Requests each document once from `listener`, the provider's callback. `edit`: changes the members of discovery.
 * @throws Problem 'internal' where the provider does not answer 200.
 */
export const prebuildDiscovery = async (
  listener: RequestListener,
  issuer: URL,
  edit: (members: object) => object,
): Promise<PublicDocuments> => {
  const documents = new Map([[keysPath, await ask(listener, keysPath, issuer)]]);
  for (const path of discoveryPaths) {
    const members: unknown = JSON.parse(await ask(listener, path, issuer));
    if (typeof members !== 'object' || members === null) throw new Problem('internal', `${path}: expected an object`);
    documents.set(path, JSON.stringify(edit(members)));
  }
  return documents;
};

/**
 * Adds how clients prove themselves at introspection and revocation, as at the token endpoint. Without these members clients assume
 * `client_secret_basic` alone (RFC 8414 §2). A public client may revoke its tokens, and introspects none.
 */
export const announceAuthentication = (members: object): object => {
  const methods: unknown = Reflect.get(members, 'token_endpoint_auth_methods_supported');
  const algorithms: unknown = Reflect.get(members, 'token_endpoint_auth_signing_alg_values_supported');
  return {
    ...members,
    introspection_endpoint_auth_methods_supported: Array.isArray(methods) ? methods.filter(isProof) : methods,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
  };
};
const isProof = (method: unknown): boolean => method !== 'none';

const ask = async (listener: RequestListener, path: string, issuer: URL): Promise<string> => {
  const { status, body } = await askInProcess(listener, issuer, { path });
  if (status === 200 && body.length > 0) return body.toString();
  throw new Problem('internal', `${path}: got ${status}, expected 200 with a body`);
};
