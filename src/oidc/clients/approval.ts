/**
 * Keeps what developers register from being used before an administrator has approved it (`SALLYPORT_CLIENT_APPROVAL=required`): a new
 * client waits as a whole. Of an approved client a new name and new addresses wait alone, so that it goes on with the others.
 *
 *     added by a developer ──► waits ──approve──► in use ──new name or address──► in use; the new text waits ──approve──► in use
 */
import { isDeepStrictEqual } from 'node:util';
import { errors, type ClientMetadata } from 'oidc-provider';
import type { EpochMillis } from '../../ports/time.ts';
import { textsOf } from '../client-metadata.ts';
import { approvedMembers, sinceMember, waitingMember, waitingOf, type ApprovedMember } from '../waiting-clients.ts';
import type { ClientChange } from './change.ts';
import type { Door } from './doors.ts';

/** Whether what developers register waits for an administrator. */
export type ClientApproval = 'none' | 'required';

/** Whether what comes by this door waits. */
const waits = (approval: ClientApproval, door: Door): boolean => approval === 'required' && door === 'developer';

/** Marks a new client that waits. */
export const waitingMark = (approval: ClientApproval, door: Door, now: EpochMillis): object =>
  waits(approval, door) ? { [sinceMember]: now } : {};

/** Members with several texts, each of which waits alone. */
const isList = (member: ApprovedMember): boolean => member.endsWith('_uris');

/** The client with another value of this member; undefined: without it. */
const withMember = (
  { client_id, ...members }: ClientMetadata,
  name: string,
  value: readonly string[] | string | undefined,
): ClientMetadata => ({
  client_id,
  ...Object.fromEntries(Object.entries({ ...members, [name]: value }).filter(([, each]) => each !== undefined)),
});

/** Puts a list or a single text into its member. An empty list of redirect addresses stays: the check of clients refuses it. */
const withTexts = (client: ClientMetadata, member: ApprovedMember, texts: readonly string[]): ClientMetadata => {
  if (member === 'redirect_uris') return withMember(client, member, texts);
  return withMember(client, member, texts.length === 0 ? undefined : isList(member) ? texts : texts[0]);
};

/**
 * The client `after` a change by this door, with its new texts put aside. A member that the change names has all texts that are wanted,
 * those that waited before too. A client that waits as a whole keeps them: it cannot be used anyway.
 */
export const putAside = (
  approval: ClientApproval,
  door: Door,
  {
    before,
    after,
    change,
  }: { readonly before: ClientMetadata; readonly after: ClientMetadata; readonly change: ClientChange },
): ClientMetadata => {
  if (!waits(approval, door) || waitingOf(before).since !== undefined) return after;
  return approvedMembers
    .filter(member => isNamed(change, member))
    .reduce((client, member) => {
      const [approved, wanted] = [textsOf(before, member), textsOf(client, member)];
      const waiting = wanted.filter(text => !approved.includes(text));
      const used = isList(member) || waiting.length === 0 ? wanted.filter(text => approved.includes(text)) : approved;
      return withMember(
        withTexts(client, member, used),
        waitingMember(member),
        waiting.length === 0 ? undefined : waiting,
      );
    }, after);
};

const isNamed = ({ set = {}, unset = [], add = {}, remove = {} }: ClientChange, member: ApprovedMember): boolean =>
  [set, add, remove].some(each => Object.hasOwn(each, member)) || unset.includes(member);

/** What is used of each member once the client is approved. */
const textsOnceApproved = (client: object): ReadonlyMap<ApprovedMember, readonly string[]> => {
  const { texts } = waitingOf(client);
  return new Map(
    approvedMembers.map(member => {
      const { [member]: waiting = [] } = texts;
      const kept = isList(member) || waiting.length === 0 ? textsOf(client, member) : [];
      return [member, [...new Set([...kept, ...waiting])]];
    }),
  );
};

/** What an administrator approves: of a client that waits as a whole all, else its new texts. */
export const textsToApprove = (client: object): readonly (readonly [ApprovedMember, readonly string[]])[] => {
  const { since, texts } = waitingOf(client);
  const all =
    since === undefined
      ? approvedMembers.map(member => [member, texts[member] ?? []] as const)
      : [...textsOnceApproved(client)];
  return all.filter(([, each]) => each.length > 0);
};

/** The client with all of it approved. */
export const approved = (client: ClientMetadata): ClientMetadata =>
  [...textsOnceApproved(client)].reduce(
    (next, [member, texts]) =>
      textsOf(client, waitingMember(member)).length === 0
        ? next
        : withMember(withTexts(next, member, texts), waitingMember(member), undefined),
    withMember(client, sinceMember, undefined),
  );

/** Whether approving one of both would approve the same as the other: its developer may have changed it meanwhile. */
export const isSameWhenApproved = (one: object, other: object): boolean =>
  isDeepStrictEqual(textsOnceApproved(one), textsOnceApproved(other));

/** What the log and the developer are told of a request by a client that waits. */
export const waitsForApproval = 'client waits for approval';

/** The refusal of each request in the name of a client that waits; undefined: it does not. */
export const approvalRefusal = (client: object): Error | undefined =>
  waitingOf(client).since === undefined ? undefined : new errors.InvalidClient('client is invalid', waitsForApproval);
