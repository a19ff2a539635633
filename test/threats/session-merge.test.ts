/**
 * Two tabs of one browser sign in as two people at once, while a third request, begun as the first of them, still writes what
 * it granted to a client. That client would stand in the session of the second person with the first one's grant: her
 * sign-out would end his, and her next sign-in there fails on it.
 * Guard: `mergeSession` in src/oidc/adapter/session-merge.ts (of two people the one who signed in last stays alone).
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
