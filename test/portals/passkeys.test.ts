/**
 * Tests passkeys on the security page: what the list tells, what the password manager is told, removal, the address that adds one, and
 * the choice to sign in only with one. Guards: `portals/account/passkeys.ts#passkeySignals`, `portals/account/passkeys.ts#endsPasskeyOnly`,
 * `portals/account/own-authenticators.ts#ownedWithout`, `portals/account/shown-passkey.ts#shownPasskey`, `web/pages/password.ts#passwordPage`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { isPasskey } from '../../src/mfa/passkeys/data.ts';
import { userHandleOf } from '../../src/mfa/passkeys/options.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { givePasskey, usePasskey, type OwnPasskey } from '../support/world/passkeys.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { openAccount } from './support/portal.ts';

const blocked = '00000000-0000-0000-0000-0000000000b1';

let world: World;
let browser: Browser;
let synced: OwnPasskey;
let key: OwnPasskey;
beforeAll(async () => {
  const env = { SALLYPORT_FACTORS: 'passkey,call,recovery-code', SALLYPORT_PASSKEY_BLOCK: blocked };
  world = await startWorld({ hostname: 'localhost', env });
  synced = await givePasskey(world, world.people.ada);
  key = await givePasskey(world, world.people.ada, new SoftwareAuthenticator(models.touchOnly));
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

const ada = async () => {
  const user = await world.services.users.get(world.people.ada.user.id);
  if (user === undefined) throw new Error('gone');
  return user;
};
/** Signs Ada in by her passkey alone, to this page. */
const open = async (path = '/account', passkey = synced): Promise<Answer> =>
  usePasskey(world, browser, await browser.visit(path), passkey.authenticator);
const post = async (path: string, form: Record<string, string>): Promise<Answer> => browser.visit(path, { form });
const signalsIn = ({ text }: Answer): unknown => {
  const json = /data-passkey-signals="(?<json>[^"]*)"/.exec(text)?.groups?.['json']?.replaceAll('&quot;', '"');
  return json === undefined ? undefined : JSON.parse(json);
};

describe('the list of passkeys', () => {
  test('tells model, where it is kept, when it was used, and whether it needs the password', async () => {
    const page = await open();
    expect(page.path).toBe('/account');
    expect(page.text).toMatch(/Apple Passwords · in your password manager, for all your devices · used/);
    expect(page.text).toMatch(/YubiKey 5 · on one device or key only · without PIN or finger, so only together/);
  });

  test('tells the password manager which passkeys still work, with the names of the person', async () => {
    const { id, name, displayName } = await ada();
    const of = { rpId: 'localhost', userId: userHandleOf(id) };
    const page = await open();
    expect(signalsIn(page)).toEqual({
      accepted: { ...of, allAcceptedCredentialIds: [synced.handle, key.handle] },
      details: { ...of, name, displayName },
    });
    expect(page.text).toMatch(/src="\/assets\/passkey-signals-/);
  });

  test('shows one whose model is refused now, so that its owner can remove it', async () => {
    const { bound } = await bindRefused();
    const page = await open();
    expect(page.text).toContain('Keys of this kind are no longer accepted here.');
    const asked = await browser.visit(`/account/methods/${bound.id}/remove`);
    expect(asked.text).toContain('Delete it in your password manager or on the key too.');
    await post(`/account/methods/${bound.id}/remove`, {});
    expect((await ada()).authenticators).not.toContain(bound.id);
    expect(signalsIn(await browser.visit('/account'))).toMatchObject({
      accepted: { allAcceptedCredentialIds: [synced.handle, key.handle] },
    });
  });
});

/** A passkey of a model that was blocked after it was bound. */
const bindRefused = async () => {
  const user = await ada();
  const stored: readonly Authenticator[] = await world.services.authenticators.of(user);
  const passkey = stored.find(isPasskey);
  if (passkey === undefined) throw new Error('expected a passkey');
  const data = { ...passkey.data, aaguid: blocked };
  const made = { type: 'passkey', label: 'Old key', handle: 'b2xk', data };
  return { bound: await world.services.authenticators.bind(user.id, made) };
};

test('after the removal of the passkey that is asked for first another passkey is, and no weaker method', async () => {
  const first = await givePasskey(world, world.people.ada);
  await world.services.methods.setDefault(await ada(), { factor: 'passkey', authenticator: first.id }, 'cli');
  await open();
  const asked = await browser.visit(`/account/methods/${first.id}/remove`);
  expect(asked.text).toMatch(/After this we ask for (?:<[^>]+>)?Passkey/);
  await post(asked.path, formTo(asked, /\/remove$/).hidden);
  expect((await ada()).defaultMethod).toEqual({ factor: 'passkey', authenticator: synced.id });
});

test('the address for password managers leads to the set-up of a passkey, and of nothing else', async () => {
  const endpoints = await browser.go('/.well-known/passkey-endpoints');
  expect(endpoints.headers['content-type']).toMatch(/^application\/json/);
  const { enroll } = JSON.parse(endpoints.text) as { enroll: string };
  const page = await open(new URL(enroll).pathname);
  expect(heading(page)).toBe('Add a method');
  expect(page.text).toContain('value="passkey"');
  expect(page.text).not.toContain('value="phone"');
});

const choose = async (wanted: 'yes' | 'no'): Promise<Answer> => post('/account/passkey-only', { passkey_only: wanted });

describe('the choice to sign in only with a passkey', () => {
  test('is made and taken back on the page, and told', async () => {
    await open();
    const chosen = await choose('yes');
    expect([chosen.path, (await ada()).minAcr]).toEqual(['/account', 'phr']);
    expect(chosen.text).toContain('From now on every sign-in needs one of your passkeys.');
    // Then nothing else opens the account, whatever else the person has.
    expect(chosen.text).toContain('You have only one sign-in method.');
    expect((await world.audited('notice.sent')).at(-1)?.facts).toMatchObject({ notice: 'passkey-required' });
    expect((await choose('no')).text).toContain('From now on any of your methods is enough again.');
    expect((await ada()).minAcr).toBeUndefined();
  });

  test('is not offered, and refused, where no passkey checks PIN, finger or face', async () => {
    const { grace } = world.people;
    await givePasskey(world, grace, new SoftwareAuthenticator(models.touchOnly));
    const page = await openAccount(browser, grace);
    expect(page.text).not.toContain('passkey_only');
    const refused = await choose('yes');
    expect([refused.status, refused.text.includes('For that you need a passkey')]).toEqual([422, true]);
    expect((await world.services.users.get(grace.user.id))?.minAcr).toBeUndefined();
  });

  test('ends with the last passkey that could meet it, as the page says before', async () => {
    await open();
    await choose('yes');
    const asked = await browser.visit(`/account/methods/${synced.id}/remove`);
    expect(asked.text).toContain('After that, your other methods are enough again.');
    const other = await browser.visit(`/account/methods/${key.id}/remove`);
    expect(other.text).not.toContain('After that, your other methods are enough again.');
    await post(`/account/methods/${synced.id}/remove`, {});
    const { authenticators, minAcr } = await ada();
    expect([authenticators.includes(synced.id), minAcr]).toEqual([false, undefined]);
  });
});

test('a removed passkey that is still offered is told to the password manager as unknown', async () => {
  const gone = await givePasskey(world, world.people.ada, new SoftwareAuthenticator(models.phone));
  await world.services.methods.remove(await ada(), gone.id, 'cli');
  const refused = await open('/account', gone);
  expect(heading(refused)).toBe('Sign in to Sallyport');
  expect(signalsIn(refused)).toEqual({ unknown: { rpId: 'localhost', credentialId: gone.handle } });
  expect(signalsIn(await browser.visit(`/interaction/${uidOf(refused)}`))).toBeUndefined();
});
