/**
 * Keeps what developers register from being used before an administrator has approved it (`SALLYPORT_CLIENT_APPROVAL=required`): a new
 * client waits as a whole, and a new redirect address of an approved client waits alone, so that the client goes on with its others.
 *
 *     added by a developer ──► waits ──approve──► in use ──new redirect address──► in use; the address waits ──approve──► in use
 */
import { errors, type ClientMetadata } from 'oidc-provider';
import type { EpochMillis } from '../../ports/time.ts';
import { addressesMember, sinceMember, waitingOf } from '../waiting-clients.ts';
import { textsIn } from './change.ts';
import type { Door } from './doors.ts';

/** Whether what developers register waits for an administrator. */
export type ClientApproval = 'none' | 'required';

/** Whether this door's clients and addresses wait. */
const waits = (approval: ClientApproval, door: Door): boolean => approval === 'required' && door === 'developer';

/** Marks a new client that waits. */
export const waitingMark = (approval: ClientApproval, door: Door, now: EpochMillis): object =>
  waits(approval, door) ? { [sinceMember]: now } : {};

/**
 * The client `after` a change by this door, with its new redirect addresses put aside. `after` names all addresses that are wanted, those
 * that waited before too. A client that waits as a whole keeps them: it cannot be used anyway.
 */
export const putAside = (
  approval: ClientApproval,
  door: Door,
  { before, after }: { readonly before: ClientMetadata; readonly after: ClientMetadata },
): ClientMetadata => {
  if (!waits(approval, door) || waitingOf(before).since !== undefined) return after;
  const approved = new Set(textsIn(before, 'redirect_uris'));
  const wanted = textsIn(after, 'redirect_uris');
  const { [addressesMember]: _earlier, ...others } = after;
  const waiting = wanted.filter(uri => !approved.has(uri));
  return {
    ...others,
    redirect_uris: wanted.filter(uri => approved.has(uri)),
    ...(waiting.length > 0 && { [addressesMember]: waiting }),
  };
};

/** The client with all of it approved. */
export const approved = (client: ClientMetadata): ClientMetadata => {
  const { [sinceMember]: _since, [addressesMember]: _addresses, ...others } = client;
  const uris = [...new Set([...textsIn(client, 'redirect_uris'), ...waitingOf(client).redirectUris])];
  return { ...others, redirect_uris: uris };
};

/** What the log and the developer are told of a request by a client that waits. */
export const waitsForApproval = 'client waits for approval';

/** The refusal of each request in the name of a client that waits; undefined: it does not. */
export const approvalRefusal = (client: object): Error | undefined =>
  waitingOf(client).since === undefined ? undefined : new errors.InvalidClient('client is invalid', waitsForApproval);
