/**
 * Builds discovery and keys once, at the start. They are not taken from a first request, because its headers could end up in them.
 */
import type { RequestListener } from 'node:http';
import { Problem } from '../errors.ts';
import { askInProcess } from '../http/in-process.ts';
import type { PublicDocuments } from '../http/public-documents.ts';

const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks'];

/**
 * Requests each document once from `listener`, the provider's callback.
 * @throws Problem 'internal' where the provider does not answer 200.
 */
export const prebuildDiscovery = async (listener: RequestListener, issuer: URL): Promise<PublicDocuments> => {
  const documents = new Map<string, Buffer>();
  for (const path of paths) documents.set(path, await ask(listener, path, issuer));
  return documents;
};

const ask = async (listener: RequestListener, path: string, issuer: URL): Promise<Buffer> => {
  const { status, body } = await askInProcess(listener, issuer, { path });
  if (status === 200 && body.length > 0) return body;
  throw new Problem('internal', `${path}: got ${status}, expected 200 with a body`);
};
