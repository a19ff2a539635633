/** Tests the rule of the resource server: when a sign-in is enough, what its challenge says, and what a client makes of it (RFC 9470). */
import { expect, test } from '@jest/globals';
import { challengeTo, requestFor } from '../../examples/resource-server/challenge.mjs';

const now = 1_790_000_000_000;
const at = (secondsAgo: number): number => now / 1000 - secondsAgo;
const rule = { acr: ['aal2', 'phr'], maxAge: 300 };

test.each([
  ['strong and fresh', { acr: 'aal2', auth_time: at(10) }],
  ['stronger, at the limit', { acr: 'phr', auth_time: at(300) }],
])('a sign-in that is %s is enough', (_title, claims) => {
  expect(challengeTo(claims, rule, now)).toBeUndefined();
});

test.each([
  ['weak', { acr: 'mfa', auth_time: at(10) }, 'a stronger sign-in is required'],
  ['old', { acr: 'aal2', auth_time: at(301) }, 'a more recent sign-in is required'],
  ['of no time', { acr: 'aal2' }, 'a more recent sign-in is required'],
  ['of no level', { auth_time: at(10) }, 'a stronger sign-in is required'],
])('a sign-in that is %s gets a challenge, and the client asks for what it says', (_title, claims, says) => {
  const challenge = challengeTo(claims, rule, now);
  expect(challenge).toBe(
    `Bearer error="insufficient_user_authentication", error_description="${says}", acr_values="aal2 phr", max_age="300"`,
  );
  expect(requestFor(challenge)).toEqual({ acr_values: 'aal2 phr', max_age: '300' });
});

test('other refusals are none', () => {
  for (const header of [null, 'Bearer', 'Bearer error="invalid_token"', 'Basic realm="x"']) {
    expect(requestFor(header)).toBeUndefined();
  }
  expect(challengeTo({}, { acr: undefined, maxAge: undefined }, now)).toBeUndefined();
});
