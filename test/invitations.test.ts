/** Tests when a person is invited at the end of a sign-in. Guard: `src/invitations.ts#dueInvitation`. */
import { describe, expect, it } from '@jest/globals';
import {
  afterInvitation,
  afterRefusal,
  dueInvitation,
  invitationGap,
  maxRefusals,
  type InvitationKind,
} from '../src/invitations.ts';
import type { Invitations } from '../src/records.ts';

const now = 1_790_000_000_000;
const both: readonly InvitationKind[] = ['recovery-codes', 'backup'];
const every: readonly InvitationKind[] = ['recovery-codes', 'passkey', 'backup'];
const refused = (kind: InvitationKind, times: number): Invitations => {
  let was: Invitations = {};
  for (let time = 0; time < times; time += 1) was = afterRefusal(was, kind);
  return was;
};

describe('an invitation', () => {
  it.each<[string, Invitations, readonly InvitationKind[], InvitationKind | undefined]>([
    ['comes at the first occasion, the most important kind first', {}, both, 'backup'],
    ['to a backup is more important than one to a passkey', {}, every, 'backup'],
    ['to a passkey is more important than one to recovery codes', refused('backup', maxRefusals), every, 'passkey'],
    ['is of a kind that helps', {}, ['recovery-codes'], 'recovery-codes'],
    ['does not come where none helps', {}, [], undefined],
    ['does not come within 14 days, whatever its kind', afterInvitation({}, now - invitationGap + 1), both, undefined],
    ['comes again after 14 days', afterInvitation({}, now - invitationGap), both, 'backup'],
    ['comes again after two refusals', refused('backup', maxRefusals - 1), both, 'backup'],
    ['never comes again after three', refused('backup', maxRefusals), ['backup'], undefined],
    ['of another kind still comes then', refused('backup', maxRefusals), both, 'recovery-codes'],
  ])('%s', (_, was, helpful, expected) => {
    expect(dueInvitation(was, helpful, now)).toBe(expected);
  });

  it('keeps its refusals when it is shown again', () => {
    expect(afterInvitation(refused('backup', 2), now)).toEqual({ lastAt: now, refused: { backup: 2 } });
  });
});
