/**
 * Says what of a request and its answer is shown: the request as the client sends it, with placeholders for its secrets, and the answer
 * without a token that could be used.
 */
import type { Client } from 'oidc-provider';
import type { InProcessAnswer } from '../../http/in-process.ts';
import { jsonObjectIn, type JsonObject } from '../../json-object.ts';
import type { Parameters } from './request.ts';
import { answerText, requestText, type WireRequest } from './wire.ts';

/** One request and its answer. */
export interface Exchange {
  readonly request: string;
  readonly answer: string;
  /** HTTP status. */
  readonly status: number;
  /** A command that sends the same request. Absent: it cannot be sent again. */
  readonly curl?: string;
  /** Placeholders stand for secrets of the client. */
  readonly hasPlaceholders?: true;
}

/** How a client authenticates, with placeholders for its secrets (OIDC Core §9, RFC 8705 §2). */
export const authenticationOf = ({
  clientId,
  clientAuthMethod: method,
}: Client): { readonly headers: Parameters; readonly form: Parameters; readonly hasPlaceholders: boolean } => {
  const id = ['client_id', clientId] as const;
  if (method === 'client_secret_basic') {
    const authorization = ['Authorization', 'Basic BASE64(CLIENT_ID:CLIENT_SECRET)'] as const;
    return { headers: [authorization], form: [], hasPlaceholders: true };
  }
  const own: Parameters =
    method === 'client_secret_post'
      ? [['client_secret', 'CLIENT_SECRET']]
      : method === 'private_key_jwt'
        ? [
            ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
            ['client_assertion', 'SIGNED_JWT'],
          ]
        : [];
  return { headers: [], form: [id, ...own], hasPlaceholders: own.length > 0 };
};

/** A request and its answer, as text. */
export const exchangeOf = (request: WireRequest, { status, headers, body }: InProcessAnswer): Exchange => {
  const text = body.toString();
  const members = membersIn(text);
  const isJson = Object.keys(members).length > 0;
  const accessToken = members['access_token'];
  const shown = typeof accessToken === 'string' ? { ...members, access_token: unusable(accessToken) } : members;
  return {
    request: requestText(request),
    answer: answerText({ status, headers, body: isJson ? shown : text }),
    status,
  };
};

/** A JWT is valid until it expires, wherever it is read, so it loses its signature. An opaque token has ended. */
export const unusable = (token: string): string => {
  const [header, payload, signature, ...more] = token.split('.');
  return signature === undefined || more.length > 0 ? token : `${header}.${payload}.SIGNATURE`;
};

/** Members of a JSON object; empty for any other text. */
export const membersIn = (text: string): JsonObject => jsonObjectIn(text) ?? {};
