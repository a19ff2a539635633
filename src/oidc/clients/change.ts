/** Describes changes of a client member by member, so that two operators who change different members both succeed. */
import type { ClientMetadata } from 'oidc-provider';
import type { NewClient } from '../client-metadata.ts';
import { trimmedAddress } from './addresses.ts';
import { completeClient, isPublic, usesSecret } from './completion.ts';

/** A member that operators can change: all but the id. */
export type Member = Exclude<keyof NewClient, 'client_id'>;
/** Members with several texts, which are added and removed one by one. */
const listMembers = [
  'redirect_uris',
  'post_logout_redirect_uris',
  'resource_scopes',
  'service_scopes',
  'factors',
  'response_modes',
  'authorization_details_types',
] as const;
export type ListMember = (typeof listMembers)[number];
type Texts = Readonly<Partial<Record<ListMember, readonly string[]>>>;

/** A change. The resulting metadata is checked as a whole, like that of a new client. */
export interface ClientChange {
  /** Members to replace, with their new values. */
  readonly set?: Readonly<Partial<Record<Member, unknown>>>;
  /** Members to reset to their defaults. */
  readonly unset?: readonly Member[];
  readonly add?: Texts;
  readonly remove?: Texts;
}

/** Members of a client that gets logout tokens. */
export const backchannelLogoutMembers = [
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
] as const satisfies readonly Member[];

/** Has logout tokens sent to this address. Without `sid` one that arrives late would also end a session that began meanwhile. */
export const backchannelLogout = (uri: string): ClientChange => ({
  set: { backchannel_logout_uri: uri, backchannel_logout_session_required: true },
});

/** Joins changes into one. The last value of a member wins. */
export const joinChanges = (changes: readonly ClientChange[]): ClientChange => ({
  set: Object.fromEntries(changes.flatMap(({ set = {} }) => Object.entries(set))),
  unset: changes.flatMap(({ unset }) => unset ?? []),
  add: joinTexts(changes.map(({ add }) => add)),
  remove: joinTexts(changes.map(({ remove }) => remove)),
});

const joinTexts = (all: readonly (Texts | undefined)[]): Texts => {
  const joined: Partial<Record<ListMember, readonly string[]>> = {};
  for (const each of all) {
    for (const [member, texts] of entriesOf(each)) joined[member] = [...(joined[member] ?? []), ...texts];
  }
  return joined;
};

/** Metadata after a change. Texts are not added twice, and an empty list is removed. */
export const applyChange = <T extends object>(client: T, { set, unset, add, remove }: ClientChange): T => {
  const changed: Record<string, unknown> = { ...client, ...set };
  for (const member of unset ?? []) Reflect.deleteProperty(changed, member);
  for (const [member, texts] of entriesOf(add)) {
    changed[member] = [...new Set([...textsIn(changed, member), ...texts.map(trimmedAddress)])];
  }
  for (const [member, texts] of entriesOf(remove)) {
    const gone = new Set(texts.map(trimmedAddress));
    const left = textsIn(changed, member).filter(text => !gone.has(trimmedAddress(text)));
    changed[member] = left.length > 0 || member === 'redirect_uris' ? left : undefined;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the check of clients validates every value before it is stored
  return JSON.parse(JSON.stringify(changed)) as T;
};

/** The stored client after a change, or why the change is not allowed. */
export const changedClient = (
  before: ClientMetadata,
  change: ClientChange,
): { readonly after: ClientMetadata } | { readonly problem: string } => {
  const after = completeClient(applyChange(before, change), isPublic(before));
  const problem = removalProblem(before, change) ?? typeProblem(before, after);
  return problem === undefined ? { after } : { problem };
};

/** Refuses to remove a text that is not registered: it is probably misspelt, and the intended one would remain. */
const removalProblem = (client: ClientMetadata, { remove }: ClientChange): string | undefined => {
  for (const [member, texts] of entriesOf(remove)) {
    const registered = textsIn(client, member).map(trimmedAddress);
    const absent = texts.find(text => !registered.includes(trimmedAddress(text)));
    if (absent === undefined) continue;
    return `${member}: got ${JSON.stringify(absent)} to remove, registered: ${registered.join(' ') || 'none'}`;
  }
  return undefined;
};

/** Refuses to add or remove client authentication: a client that relied on its secret would silently lose that protection. */
const typeProblem = (before: ClientMetadata, after: ClientMetadata): string | undefined => {
  if (isPublic(before) === isPublic(after)) {
    return !usesSecret(after) || usesSecret(before)
      ? undefined
      : 'token_endpoint_auth_method: this client proves itself by a key, and cannot get a secret; add another client beside it';
  }
  return isPublic(after)
    ? 'token_endpoint_auth_method: this client has a secret, and cannot go on without one; add a public client beside it'
    : 'token_endpoint_auth_method: this client is public, and cannot get a secret; add another client beside it';
};

/** Names of members that differ between the two, in order. */
export const changedMembers = (before: object, after: object): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(name => JSON.stringify(Reflect.get(before, name)) !== JSON.stringify(Reflect.get(after, name)))
    .toSorted();

/** The texts of a member of stored metadata. */
export const textsIn = (client: object, member: ListMember): readonly string[] => {
  const texts: unknown = Reflect.get(client, member);
  return Array.isArray(texts) ? texts.filter(text => typeof text === 'string') : [];
};

const entriesOf = (lists: Texts = {}): readonly (readonly [ListMember, readonly string[]])[] =>
  listMembers.flatMap(member => {
    const texts = lists[member];
    return texts === undefined || texts.length === 0 ? [] : [[member, texts] as const];
  });
