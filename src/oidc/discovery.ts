/** Discovery and keys as finished bytes, answered before Koa: they are the same for everybody until the process ends. */
import { IncomingMessage, ServerResponse, type RequestListener } from 'node:http';
import { Socket } from 'node:net';
import { Problem } from '../errors.ts';

const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks'];

/** What any page of any origin may read and keep for five minutes. */
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

/**
 * Asks `listener` (the provider's callback) once for each document, and gives a listener that answers GET and HEAD for them
 * itself: true where it did.
 * @throws Problem 'internal' where the provider does not answer 200.
 */
export const prebuildDocuments = async (listener: RequestListener, issuer: URL) => {
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

/** One request to the provider without a network: its own rendering, so that it can never differ from what it does. */
const ask = async (listener: RequestListener, path: string, issuer: URL): Promise<Buffer> => {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: 'GET', url: path });
  Object.assign(request.headers, { host: issuer.host, 'x-forwarded-proto': issuer.protocol.slice(0, -1) });
  const response = new ServerResponse(request);
  const body = await new Promise<Buffer>(resolve => {
    response.end = (chunk: unknown) => {
      resolve(Buffer.from(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : ''));
      return response;
    };
    listener(request, response);
  });
  if (response.statusCode === 200 && body.length > 0) return body;
  throw new Problem('internal', `${path}: got ${response.statusCode}, expected 200 with a body`);
};
