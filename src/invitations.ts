/**
 * Decides whether a person is invited at the end of a sign-in to improve their account: one rule for all kinds. At most one
 * invitation in 14 days, whatever its kind; a kind that was refused three times never comes again. Pure.
 */
import type { EpochMillis, Millis } from './ports/time.ts';
import type { Invitations } from './records.ts';

/** Kinds, the most important first. A new kind is a line here and a page to which it leads. */
const invitationKinds = ['backup', 'passkey', 'authenticator', 'recovery-codes'] as const;
export type InvitationKind = (typeof invitationKinds)[number];

/** Shortest time between two invitations of any kind. */
export const invitationGap: Millis = 14 * 86_400_000;
/** A kind that was refused so often is not shown again. */
export const maxRefusals = 3;

/** The invitation that is due, of the kinds that would help this person. */
export const dueInvitation = (
  { lastAt, refused = {} }: Invitations,
  helpful: readonly InvitationKind[],
  now: EpochMillis,
): InvitationKind | undefined => {
  if (lastAt !== undefined && now - lastAt < invitationGap) return undefined;
  return invitationKinds.find(kind => helpful.includes(kind) && (refused[kind] ?? 0) < maxRefusals);
};

/** After an invitation was shown. */
export const afterInvitation = (was: Invitations, now: EpochMillis): Invitations => ({ ...was, lastAt: now });

/** After an invitation of this kind was refused. */
export const afterRefusal = (was: Invitations, kind: InvitationKind): Invitations => ({
  ...was,
  refused: { ...was.refused, [kind]: (was.refused?.[kind] ?? 0) + 1 },
});
