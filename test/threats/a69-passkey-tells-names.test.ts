/**
 * A69. A sign-in page that asks the browser for the passkeys of a typed name tells which names have an account, and by their ids
 * which accounts are one person's. An attacker with a passkey of their own could also type the names of others and compare the
 * refusals. So the question holds no credential and is the same for every name, and a right passkey beside any name but its own is
 * refused in the same words.
 * Guards: `src/mfa/passkey-sign-in.ts#offer` (an empty list for everybody), `src/mfa/passkey-sign-in.ts#accountNamed` (also refuses
 * names without an account).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer } from '../support/browser/plain.ts';
import { givePasskey, newOffer, usePasskey, withPasskeys, type OwnPasskey } from '../support/world/passkeys.ts';
import { noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
/** Of Linus, who attacks. */
let own: OwnPasskey;
beforeAll(async () => {
  world = await startThreatWorld(withPasskeys);
  const { linus, noor, grace } = world.people;
  own = await givePasskey(world, linus);
  await givePasskey(world, noor);
  await world.services.users.lock(grace.user.id, 'system');
});
afterAll(() => world.close());

/** No account, an account with a passkey, one without, and a locked one. */
const names = ['qghox', 'noor', 'ada', 'grace'];

/** A page without the values that are always new, and without the name. */
const seen = ({ status, text }: Answer, uid: string, name: string): unknown => {
  const always = /data-passkey="[^"]*"|name="ticket" value="[^"]*"|\b[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}\b/g;
  return { status, text: text.replaceAll(uid, 'UID').replaceAll(always, '').replaceAll(name, 'NAME') };
};

test('A69 a passkey beside the name of its account signs in', async () => {
  const browser = world.recordingBrowser();
  const { page } = await world.begin(browser);
  await usePasskey(world, browser, page, own.authenticator, { name: 'linus' });
  expect((await world.outcome(browser)).accountId).toBe(world.people.linus.user.id);
});

test('A69 the page and its question are the same whatever name a client suggests', async () => {
  const pages = [];
  for (const name of names) {
    const browser = world.recordingBrowser();
    const { page, uid } = await world.begin(browser, { login_hint: name });
    const { challenge, ...options } = (await newOffer(browser, page)).options;
    expect(challenge).toHaveLength(43);
    expect(options.allowCredentials).toEqual([]);
    pages.push([options, seen(page, uid, name)]);
  }
  for (const page of pages) expect(page).toEqual(pages[0]);
});

test('A69 a right passkey beside another name is refused in the same words, whether the name has an account or not', async () => {
  const { linus } = world.people;
  const before = (await world.auditedAbout('passkey.refused', linus)).length;
  const answers = [];
  for (const name of names) {
    const browser = world.recordingBrowser();
    const { page, uid } = await world.begin(browser);
    const answer = await usePasskey(world, browser, page, own.authenticator, { name });
    expect(await world.outcome(browser, uid)).toEqual(noApproval);
    answers.push(seen(answer, uid, name));
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  // It is the attacker's passkey that was refused: nobody else's history shows it.
  const refused = await world.auditedAbout('passkey.refused', linus);
  expect(refused.slice(before).map(({ facts }) => facts['reason'])).toEqual(names.map(() => 'other-account'));
  for (const person of [world.people.noor, world.people.ada, world.people.grace]) {
    expect(await world.auditedAbout('passkey.refused', person)).toEqual([]);
  }
});
