/** Formats the errors of the JSON API. */
import type { HttpResponse } from '../http/server.ts';
import { json } from '../http/server.ts';

/** An error of this API: a code for programs, a sentence for people. */
export const apiError = (status: number, message: string, code = codes[status] ?? 'refused'): HttpResponse =>
  json(status, { error: { code, message } });

const codes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  403: 'foreign',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'not-now',
  413: 'too-large',
};
