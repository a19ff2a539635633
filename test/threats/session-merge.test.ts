/**
 * A68. Two tabs of one browser sign in as two people at once. A third request, begun as the first person, still writes
 * a grant to a client. That client would stand in the session of the second person with the grant of the first. Her
 * sign-out would end his grant, and her next sign-in there would fail on it.
 * Guard: `src/oidc/adapter/session-merge.ts#mergeSession` (of two people, only the one who signed in last is kept).
 */
import { describe, expect, test } from '@jest/globals';
import type { AdapterPayload } from 'oidc-provider';
import { mergeSession } from '../../src/oidc/adapter/session-merge.ts';

const base: AdapterPayload = { uid: 'u1', accountId: 'ada', loginTs: 100, acr: 'mfa', authorizations: {} };
const withBank = { ...base, authorizations: { bank: { sid: '1', grantId: 'of-ada' } } };

describe('A68 a grant written by a parallel request', () => {
  test('A68 a grant is kept in the session of the person who gave it', () => {
    expect(mergeSession(base, withBank, { ...base, acr: 'aal2' })).toMatchObject({
      acr: 'aal2',
      authorizations: withBank.authorizations,
    });
  });

  test('A68 a grant is not kept in the session of the person who signed in later', () => {
    const grace = { ...base, accountId: 'grace', loginTs: 101, authorizations: { office: { sid: '2', grantId: 'g' } } };
    expect(mergeSession(base, withBank, grace)).toEqual(grace);
  });

  test('A68 the state of an anonymous session is kept when a person signs in', () => {
    const nobody: AdapterPayload = { uid: 'u1' };
    expect(mergeSession(nobody, { ...nobody, state: { secret: 'x' } }, { ...base, uid: 'u1' })).toMatchObject({
      accountId: 'ada',
      state: { secret: 'x' },
    });
  });
});
