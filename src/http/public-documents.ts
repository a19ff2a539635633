/**
 * Answers JSON documents from memory, before Koa runs: they are the same for each request until the process ends. Only for what
 * everybody may know.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Each document as JSON, by its path. */
export type PublicDocuments = ReadonlyMap<string, string>;

/** Pages of all origins may read the documents and cache them for five minutes. */
const ofDocuments = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
};

interface Answer {
  /** Name and value alternate, as Node writes them without looking at each. */
  readonly headers: string[];
  readonly body: string;
}

/** JSON of the same meaning in ASCII: a text of one byte a character is sent in one piece with its headers. */
const inAscii = (json: string): string =>
  json.replaceAll(/[^\0-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const answerOf = (json: string, always: Headers): Answer => {
  const body = inAscii(json);
  return { body, headers: Object.entries({ ...always, ...ofDocuments, 'content-length': `${body.length}` }).flat() };
};

type Headers = Readonly<Record<string, string>>;

/** Answers GET and HEAD requests for a document. Returns false for other requests, and leaves them alone. */
export type AnswerDocument = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Gives the function that answers. `always`: headers of each answer of the server; those of documents go before them. */
export const answerDocuments = (documents: PublicDocuments, always: Headers): AnswerDocument => {
  const answers = new Map([...documents].map(([path, json]) => [path, answerOf(json, always)]));
  return (request, response) => {
    const { method, url = '' } = request;
    const answer = answers.get(url) ?? answers.get(url.split('?', 1)[0] ?? '');
    if (answer === undefined || (method !== 'GET' && method !== 'HEAD')) return false;
    response.writeHead(200, answer.headers);
    response.end(method === 'HEAD' ? undefined : answer.body, 'latin1');
    return true;
  };
};
