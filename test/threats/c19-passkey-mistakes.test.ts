/**
 * C19. Other products took the challenge from the client, forgot to store the counter, let the browser lower the user verification,
 * or deleted somebody else's credential (CVE-2026-28787, CVE-2026-8830, Ory Kratos 57dc77574, GHSA-4vcf-q4xf-f48m). What a browser
 * sends beside the signed answer chooses nothing, and nothing counts before its new counter is stored.
 * Guards: `src/mfa/challenge/verification.ts#verify`, `src/mfa/authenticator-data.ts#burning`,
 * `src/mfa/passkeys/assertion.ts#verifyAssertion`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { models } from '../support/authenticator/authenticator.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

describe.each(stores)('C19 on $name', store => {
  let world: ThreatWorld;
  let owner: PasskeyOwner;
  let origin: string;
  let failing = '';
  beforeAll(async () => {
    world = await startPasskeyWorld({
      store,
      wrap: resources => ({ ...resources, ...withFailures(resources, call => call === failing) }),
    });
    owner = await addOwner(world, 'olga', models.securityKey);
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  test('C19 a form that names a challenge, options or a level is refused, and the credential says none of them', async () => {
    const asked = await askForPasskey(world, owner, { acr_values: 'phr' });
    const { browser, uid, options } = asked;
    const before = await storedOf(world, owner);
    const challenge = randomBytes(32).toString('base64url');
    const chosen = owner.authenticator.get({ ...options, challenge, userVerification: 'discouraged' }, origin, {
      flags: { uv: false },
    });
    const credential = JSON.stringify(chosen);
    for (const extra of [{ challenge }, { options: JSON.stringify(options) }, { userVerification: 'discouraged' }]) {
      expect((await browser.go(`/interaction/${uid}/factor`, { form: { credential, ...extra } })).status).toBe(400);
    }
    const telling = { ...chosen, challenge, expectedChallenge: challenge, verified: true, userVerified: true };
    expect((await asked.post(telling)).status).toBe(422);
    expect(await world.outcome(browser, uid)).toEqual(noApproval);
    expect(await storedOf(world, owner)).toEqual(before);
    await asked.post(owner.authenticator.get(options, origin));
    expect(await world.session(browser)).toMatchObject({ accountId: owner.id, acr: 'phr' });
  });

  test('C19 an answer whose counter cannot be stored approves nothing, and counts once it can', async () => {
    const asked = await askForPasskey(world, owner);
    const { browser, uid, options } = asked;
    const before = await storedOf(world, owner);
    const answer = owner.authenticator.get(options, origin);
    failing = 'replace authenticators';
    expect((await asked.post(answer)).status).toBe(503);
    failing = '';
    expect(await world.outcome(browser, uid)).toEqual(noApproval);
    expect(await storedOf(world, owner)).toEqual(before);
    const [passkey] = owner.authenticator.credentials;
    await asked.post(answer);
    expect(await world.outcome(browser)).toMatchObject({ accountId: owner.id });
    expect(await passkeysOf(world, owner)).toMatchObject([{ data: { counter: passkey?.counter } }]);
  });
});
