/** Describes changes of a client member by member, so that two operators who change different members both succeed. */
import type { NewClient } from '../client-metadata.ts';

/** A member that operators change. The id stays for life. */
export type Member = Exclude<keyof NewClient, 'client_id'>;
/** Members with several addresses. */
export const addressMembers = ['redirect_uris', 'post_logout_redirect_uris'] as const;
export type AddressMember = (typeof addressMembers)[number];
type Addresses = Readonly<Partial<Record<AddressMember, readonly string[]>>>;

/** What becomes different. Values are judged as those of a new client are, after all of the change. */
export interface ClientChange {
  /** New values, in place of the old ones. */
  readonly set?: Readonly<Partial<Record<Member, unknown>>>;
  /** Members that get their default again. */
  readonly unset?: readonly Member[];
  readonly add?: Addresses;
  readonly remove?: Addresses;
}

/** All of these changes as one. Of two new values the last one counts. */
export const joinChanges = (changes: readonly ClientChange[]): ClientChange => ({
  set: Object.fromEntries(changes.flatMap(({ set = {} }) => Object.entries(set))),
  unset: changes.flatMap(({ unset }) => unset ?? []),
  add: joinAddresses(changes.map(({ add }) => add)),
  remove: joinAddresses(changes.map(({ remove }) => remove)),
});

const joinAddresses = (all: readonly (Addresses | undefined)[]): Addresses => {
  const joined: Partial<Record<AddressMember, readonly string[]>> = {};
  for (const each of all) {
    for (const [member, uris] of entriesOf(each)) joined[member] = [...(joined[member] ?? []), ...uris];
  }
  return joined;
};

/** The client after a change. An address that is there already is not added twice. */
export const applyChange = <T extends object>(client: T, { set, unset, add, remove }: ClientChange): T => {
  const changed: Record<string, unknown> = { ...client, ...set };
  for (const member of unset ?? []) Reflect.deleteProperty(changed, member);
  for (const [member, uris] of entriesOf(add)) {
    changed[member] = [...new Set([...addressesIn(changed, member), ...uris])];
  }
  for (const [member, uris] of entriesOf(remove)) {
    changed[member] = addressesIn(changed, member).filter(uri => !uris.includes(uri));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the check of clients judges every value before it is stored
  return changed as T;
};

/** Addresses in `change.remove` that the client does not have. */
export const unknownAddresses = (client: object, { remove }: ClientChange): readonly string[] =>
  entriesOf(remove).flatMap(([member, uris]) => uris.filter(uri => !addressesIn(client, member).includes(uri)));

/** Names of members that differ between the two, in order. */
export const changedMembers = (before: object, after: object): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(name => JSON.stringify(Reflect.get(before, name)) !== JSON.stringify(Reflect.get(after, name)))
    .toSorted();

/** The addresses of a member of stored metadata. */
export const addressesIn = (client: object, member: AddressMember): readonly string[] => {
  const uris: unknown = Reflect.get(client, member);
  return Array.isArray(uris) ? uris.map(String) : [];
};

const entriesOf = (addresses: Addresses = {}): readonly (readonly [AddressMember, readonly string[]])[] =>
  addressMembers.flatMap(member => {
    const uris = addresses[member];
    return uris === undefined || uris.length === 0 ? [] : [[member, uris] as const];
  });
