/**
 * Tells what of a client waits for an administrator: the client as a whole, or a later change of what people see of it, or of where it has
 * browsers and tokens sent.
 */
import type { EpochMillis } from '../ports/time.ts';
import { textsOf } from './client-metadata.ts';

/** Member of stored metadata that no door sets (`clients/approval.ts` does): when a client that waits as a whole was added. */
export const sinceMember = 'waiting_since';

/**
 * Members that an administrator approves. Pages show the name and link to the home page. Codes, browsers after a sign-out and logout
 * tokens are sent to the addresses.
 */
export const approvedMembers = [
  'client_name',
  'client_uri',
  'redirect_uris',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
] as const;
export type ApprovedMember = (typeof approvedMembers)[number];
export const isApprovedMember = (name: string): name is ApprovedMember => approvedMembers.some(each => each === name);

/** Member of stored metadata with the new texts that wait. No door sets it. */
export const waitingMember = (member: ApprovedMember): string => `waiting_${member}`;

/** What of a client waits. */
export interface Waiting {
  /** When the client was added; absent: it was approved. Milliseconds since 1970. */
  readonly since?: EpochMillis;
  /** Texts that are not used yet. A member without any is absent. */
  readonly texts: Readonly<Partial<Record<ApprovedMember, readonly string[]>>>;
}

/** What waits of a stored client, or of a client of oidc-provider. */
export const waitingOf = (client: object): Waiting => {
  const since: unknown = Reflect.get(client, sinceMember);
  const waiting = approvedMembers.map(member => [member, textsOf(client, waitingMember(member))] as const);
  return {
    ...(typeof since === 'number' && { since }),
    texts: Object.fromEntries(waiting.filter(([, texts]) => texts.length > 0)),
  };
};

/** Whether anything of a client waits. */
export const isWaiting = (client: object): boolean => {
  const { since, texts } = waitingOf(client);
  return since !== undefined || Object.keys(texts).length > 0;
};

/** Lets a client of oidc-provider tell which of its addresses wait: the library drops members that it does not know. */
export const keepWaiting = (client: object, metadata: object): void => {
  for (const [member, texts] of Object.entries(waitingOf(metadata).texts)) {
    Reflect.set(client, `waiting_${member}`, texts);
  }
};
