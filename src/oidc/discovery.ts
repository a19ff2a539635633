/**
 * Answers discovery and keys from memory, before Koa runs: they are the same for each request until the process ends.
 * They are built at the start and not taken from a first request, because its headers could end up in them.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Problem } from '../errors.ts';
import { askInProcess } from '../http/in-process.ts';

const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks'];

/** Pages of all origins may read the documents and cache them for five minutes. */
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

/**
 * Requests each document once from `listener`, the provider's callback. Gives a function that answers GET and HEAD requests
 * for them. It returns false for other requests, and leaves them alone.
 * @throws Problem 'internal' where the provider does not answer 200.
 */
export const prebuildDiscovery = async (listener: RequestListener, issuer: URL) => {
  const documents = new Map<string, Buffer>();
  for (const path of paths) documents.set(path, await ask(listener, path, issuer));
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const document = documents.get(request.url?.split('?', 1)[0] ?? '');
    if (document === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    response.writeHead(200, { ...headers, 'content-length': document.length });
    response.end(request.method === 'HEAD' ? undefined : document);
    return true;
  };
};

const ask = async (listener: RequestListener, path: string, issuer: URL): Promise<Buffer> => {
  const { status, body } = await askInProcess(listener, issuer, { path });
  if (status === 200 && body.length > 0) return body;
  throw new Problem('internal', `${path}: got ${status}, expected 200 with a body`);
};
