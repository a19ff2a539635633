/**
 * Answers JSON documents from memory, before Koa runs: they are the same for each request until the process ends. Only for what
 * everybody may know.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Each document as it is sent, by its path. */
export type PublicDocuments = ReadonlyMap<string, Buffer>;

/** Pages of all origins may read the documents and cache them for five minutes. */
const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

/** Gives a function that answers GET and HEAD requests for these. It returns false for other requests, and leaves them alone. */
export const answerDocuments =
  (documents: PublicDocuments) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const document = documents.get(request.url?.split('?', 1)[0] ?? '');
    if (document === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    response.writeHead(200, { ...headers, 'content-length': document.length });
    response.end(request.method === 'HEAD' ? undefined : document);
    return true;
  };
