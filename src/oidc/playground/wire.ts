/** Writes requests and answers of the playground as text: HTTP/1.1 messages to read, and commands of curl to run. */
import { encoded, type Parameters } from './request.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Parameters;
  /** Of a form. */
  readonly form?: Parameters;
}

/** The request, with each member of its form in a line of its own. */
export const requestText = ({ method, url, headers, form }: WireRequest): string =>
  [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(form === undefined
      ? []
      : ['Content-Type: application/x-www-form-urlencoded', '', encoded(form).replaceAll('&', '\n&')]),
  ].join('\n');

/** Headers of an answer that tell a developer something. */
const shownHeaders = ['content-type', 'cache-control', 'www-authenticate', 'dpop-nonce'];

/** The answer, with indented JSON. `body`: of another type as it came. */
export const answerText = (answer: {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}): string =>
  [
    `HTTP/1.1 ${answer.status}`,
    ...shownHeaders.flatMap(name => {
      const value = answer.headers[name];
      return value === undefined ? [] : [`${name}: ${[value].flat().join(', ')}`];
    }),
    '',
    typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body, undefined, 2),
  ].join('\n');

/** In single quotes a shell reads every character as it is, except a single quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Shows the headers of the answer, which is a redirect. */
export const curlOfGet = (url: URL): string => `curl -i ${quoted(url.href)}`;

/** The command for a form, with one line for each of its members. */
export const curlOf = ({ url, headers, form = [] }: WireRequest): string =>
  [
    `curl ${quoted(url.href)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...form.map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`),
  ].join(' \\\n  ');
