/** Reads the form of the playground, and makes the authorization request that it asks for (OIDC Core §3.1.2.1). */
import { jsonObjectIn } from '../../json-object.ts';

/** Fields of the form, each with the bytes that it may take: as many as the parameter may have. */
export const wishFields = {
  client: 256,
  scope: 1024,
  acr_values: 512,
  prompt: 64,
  max_age: 10,
  claims: 4096,
  ui_locales: 256,
  par: 3,
} as const;
export type WishField = keyof typeof wishFields;

/** What a person asks for. Empty: the request does not have the parameter. */
export interface Wish {
  /** Id of the client. */
  readonly client: string;
  readonly scope: string;
  readonly acrValues: string;
  readonly prompt: string;
  /** Seconds, in digits. */
  readonly maxAge: string;
  /** A JSON object (OIDC Core §5.5). */
  readonly claims: string;
  readonly uiLocales: string;
  /** Whether the request is pushed first (RFC 9126). */
  readonly isPushed: boolean;
}

/** Why a field cannot be sent. Everything else is left to the authorization endpoint, which explains its own refusals. */
export type WishFault = 'missing' | 'number' | 'json';

/** The wish in these fields. A form that was never sent asks for a usual sign-in. */
export const readWish = (fields: ReadonlyMap<WishField, string>): Wish => {
  const text = (name: WishField): string => (fields.get(name) ?? '').trim();
  return {
    client: text('client'),
    scope: fields.has('scope') ? text('scope') : 'openid profile email',
    acrValues: text('acr_values'),
    prompt: text('prompt'),
    maxAge: text('max_age'),
    claims: text('claims'),
    uiLocales: text('ui_locales'),
    isPushed: text('par') !== '',
  };
};

/** The mistakes, by field. Empty: the request can be made. */
export const faultsOf = ({ client, scope, maxAge, claims }: Wish): Partial<Record<WishField, WishFault>> => ({
  ...(client === '' && { client: 'missing' }),
  ...(scope === '' && { scope: 'missing' }),
  ...(!/^\d*$/.test(maxAge) && { max_age: 'number' }),
  ...(claims !== '' && jsonObjectIn(claims) === undefined && { claims: 'json' }),
});

/** Names and values in the order of a request or an answer. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/** The parameters as the query of an address, or as the body of a form. */
export const encoded = (parameters: Parameters): string => {
  const members = new URLSearchParams();
  for (const [name, value] of parameters) members.append(name, value);
  return members.toString();
};

const present = (parameters: Parameters): Parameters => parameters.filter(([, value]) => value !== '');

/** A begun flow. The browser keeps it sealed until it returns. */
export interface PlaygroundFlow {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** What the request asked for, which the ID token is compared with. */
  readonly acrValues?: string;
  readonly maxAge?: number;
}

/** The request, with the parameters in the order in which they are explained. */
export const parametersOf = (
  wish: Wish,
  flow: Omit<PlaygroundFlow, 'verifier'>,
  { challenge, responseMode = '' }: { readonly challenge: string; readonly responseMode: string | undefined },
): Parameters =>
  present([
    ['client_id', wish.client],
    ['response_type', 'code'],
    ['response_mode', responseMode],
    ['redirect_uri', flow.redirectUri],
    ['scope', wish.scope],
    ['state', flow.state],
    // No ID token would carry it back, and the library refuses such a request.
    ['nonce', wish.scope.split(' ').includes('openid') ? flow.nonce : ''],
    ['code_challenge', challenge],
    ['code_challenge_method', 'S256'],
    ['acr_values', wish.acrValues],
    ['prompt', wish.prompt],
    ['max_age', wish.maxAge],
    ['claims', wish.claims],
    ['ui_locales', wish.uiLocales],
  ]);

/** The query that opens the form with this wish, for a link to it. */
export const queryOf = (wish: Wish): string =>
  encoded(
    present([
      ['client', wish.client],
      ['scope', wish.scope],
      ['acr_values', wish.acrValues],
      ['prompt', wish.prompt],
      ['max_age', wish.maxAge],
      ['claims', wish.claims],
      ['ui_locales', wish.uiLocales],
      ['par', wish.isPushed ? 'yes' : ''],
    ]),
  );
