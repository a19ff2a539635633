/**
 * Reads the forms with which developers describe a client: one row for each field of the form, with the member that it sets. Only
 * what differs from the stored client is changed, so that two people who change different fields both succeed.
 */
import { ownMetadata } from '../own-metadata.ts';
import { isApprovedMember, waitingOf } from '../waiting-clients.ts';
import {
  backchannelLogout,
  backchannelLogoutMembers,
  joinChanges,
  textsIn,
  type ClientChange,
  type Member,
} from '../clients/change.ts';
import { usesSecret } from '../clients/completion.ts';
import { kindOf } from './kinds.ts';

/** The fields, each with the bytes that its value may take. */
export const clientFields = {
  client_name: 320,
  client_uri: 2048,
  redirect_uris: 16_384,
  post_logout_redirect_uris: 16_384,
  backchannel_logout_uri: 2048,
  second_step: 16,
  mfa_max_age: 16,
  pkce: 16,
  claims_in_id_token: 16,
  id_token_signed_response_alg: 16,
  token_endpoint_auth_method: 64,
} as const;
export type ClientField = keyof typeof clientFields;

/** The value of each field as a text; a box that is ticked has `yes`. Absent: the form of this client has no such field. */
export type ClientForm = Readonly<Partial<Record<ClientField, string>>>;

/** The addresses of a field, one in each line. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '');

interface Row {
  readonly field: ClientField;
  /** Text of the field for a stored client; undefined: this client does not have the field. */
  readonly read: (metadata: object) => string | undefined;
  readonly change: (text: string) => ClientChange;
}

const member = (metadata: object, name: Member): unknown => Reflect.get(metadata, name);
/** The texts of a list, and those that wait for approval. */
const allTexts = (metadata: object, name: 'redirect_uris' | 'post_logout_redirect_uris'): string =>
  [...textsIn(metadata, name), ...(waitingOf(metadata).texts[name] ?? [])].join('\n');
/** A single text: the new one, where one waits for approval. */
const oneText = (metadata: object, name: Member): string => {
  const [waiting] = (isApprovedMember(name) && waitingOf(metadata).texts[name]) || [];
  return waiting ?? textOf(member(metadata, name));
};
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const signsIn = (metadata: object): boolean => kindOf(metadata) !== 'service';
const getsCodes = (metadata: object): boolean => signsIn(metadata) && kindOf(metadata) !== 'device';

/** A field for a member with one text. Empty: the default. */
const text = (field: ClientField & Member, isShown: (metadata: object) => boolean = () => true): Row => ({
  field,
  read: metadata => (isShown(metadata) ? oneText(metadata, field) : undefined),
  change: typed => (typed.trim() === '' ? { unset: [field] } : { set: { [field]: typed.trim() } }),
});

const rows: readonly Row[] = [
  text('client_name'),
  text('client_uri'),
  {
    field: 'redirect_uris',
    read: metadata => (getsCodes(metadata) ? allTexts(metadata, 'redirect_uris') : undefined),
    change: typed => ({ set: { redirect_uris: linesOf(typed) } }),
  },
  {
    field: 'post_logout_redirect_uris',
    read: metadata => (getsCodes(metadata) ? allTexts(metadata, 'post_logout_redirect_uris') : undefined),
    change: typed => {
      const uris = linesOf(typed);
      return uris.length === 0
        ? { unset: ['post_logout_redirect_uris'] }
        : { set: { post_logout_redirect_uris: uris } };
    },
  },
  {
    field: 'backchannel_logout_uri',
    read: metadata => (kindOf(metadata) === 'web' ? oneText(metadata, 'backchannel_logout_uri') : undefined),
    change: typed => (typed.trim() === '' ? { unset: backchannelLogoutMembers } : backchannelLogout(typed.trim())),
  },
  {
    field: 'second_step',
    read: metadata => {
      if (!signsIn(metadata)) return undefined;
      const { min_acr: acr, require_mfa: always } = ownMetadata(metadata);
      if (acr === 'aal2' || acr === 'phr') return acr;
      return always === true || acr === 'mfa' ? 'mfa' : 'request';
    },
    change: typed => {
      if (typed === 'request') return { unset: ['require_mfa', 'min_acr'] };
      if (typed === 'mfa') return { set: { require_mfa: true }, unset: ['min_acr'] };
      return { set: { min_acr: typed } };
    },
  },
  {
    field: 'mfa_max_age',
    read: metadata => (signsIn(metadata) ? textOf(member(metadata, 'mfa_max_age')) : undefined),
    change: typed => {
      const age = typed.trim();
      if (age === '') return { unset: ['mfa_max_age'] };
      return { set: { mfa_max_age: /^\d{1,9}$/.test(age) ? Number(age) : age } };
    },
  },
  {
    field: 'pkce',
    read: metadata => (kindOf(metadata) === 'web' ? (member(metadata, 'pkce') === 'required' ? 'yes' : '') : undefined),
    change: typed => (typed === 'yes' ? { set: { pkce: 'required' } } : { unset: ['pkce'] }),
  },
  {
    field: 'claims_in_id_token',
    read: metadata => (signsIn(metadata) ? (member(metadata, 'claims_in_id_token') === true ? 'yes' : '') : undefined),
    change: typed => (typed === 'yes' ? { set: { claims_in_id_token: true } } : { unset: ['claims_in_id_token'] }),
  },
  {
    ...text('id_token_signed_response_alg'),
    read: metadata =>
      signsIn(metadata) ? textOf(member(metadata, 'id_token_signed_response_alg')) || 'ES256' : undefined,
  },
  text('token_endpoint_auth_method', metadata => usesSecret(metadata)),
];

/** The form of a stored client. */
export const formOf = (metadata: object): ClientForm =>
  Object.fromEntries(
    rows.flatMap(({ field, read }) => {
      const value = read(metadata);
      return value === undefined ? [] : [[field, value] as const];
    }),
  );

/** What was typed, for the fields of this client. A box that is not ticked is not sent. */
export const typedForm = (metadata: object, typed: ReadonlyMap<ClientField, string>): ClientForm =>
  Object.fromEntries(
    Object.keys(formOf(metadata)).map(field => [field, isField(field) ? (typed.get(field) ?? '') : '']),
  );

/** The change that a form asks for: what differs from the stored client. */
export const changeOf = (metadata: object, typed: ClientForm): ClientChange => {
  const before = formOf(metadata);
  return joinChanges(
    rows.flatMap(({ field, change }) => {
      const value = typed[field];
      return value === undefined || sameText(value, before[field] ?? '') ? [] : [change(value)];
    }),
  );
};

/** Browsers send each line break as two characters. */
const sameText = (one: string, other: string): boolean => one.replaceAll('\r\n', '\n').trim() === other.trim();

const isField = (name: string): name is ClientField => Object.hasOwn(clientFields, name);

/** A refusal, with the field that it is about where that is known. */
export interface FieldProblem {
  readonly field?: ClientField;
  /** For the developer, in English: "got …, expected …". */
  readonly message: string;
}

/** The field of a refusal: its message begins with the member. */
export const problemIn = (message: string): FieldProblem => {
  const name = /^[a-z_]{1,64}/.exec(message)?.[0] ?? '';
  const field = name === 'require_mfa' || name === 'min_acr' ? 'second_step' : name;
  return isField(field) ? { field, message } : { message };
};
