/**
 * Tests over HTTP that a person who signs in by password and another method is invited to a passkey, which a browser may make without a
 * question. Guards: `src/mfa/enrollment-plan.ts#helpfulInvitations`, `interactions/enrollment/begin.ts#postChoose`,
 * `interactions/enrollment/pages.ts#choosePage`.
 */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { formTo, heading, type Answer } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { givePasskey, usePasskey } from '../support/world/passkeys.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const invited = 'Sign in with your face, finger or PIN next time';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  const env = { SALLYPORT_INVITATIONS: 'on', SALLYPORT_FACTORS: 'passkey,totp' };
  world = await startWorld({ hostname: 'localhost', env });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const noor = async () => {
  const user = await world.services.users.get(world.people.noor.user.id);
  if (user === undefined) throw new Error('gone');
  return user;
};
/** A sign-in of Noor, who wants no backup, up to the page after her code. */
const signIn = async () => {
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
  const after = await enterCode(browser, page, await world.people.noor.phone.code());
  return { browser, request, after, hands: newcomerAt(browser, world.clock) };
};
const passkeyAttribute = /data-passkey="(?<json>[^"]*)"/;
const optionsOn = ({ text }: Answer): PublicKeyCredentialCreationOptionsJSON =>
  JSON.parse((passkeyAttribute.exec(text)?.groups?.['json'] ?? '').replaceAll('&quot;', '"')) as never;

test('an invitation to a passkey may be refused, and comes again after 14 days', async () => {
  for (let times = 0; times < 3; times += 1) await world.services.setUpRequests.refuse((await noor()).id, 'backup');
  const { browser, request, after, hands } = await signIn();
  expect(heading(after)).toBe(invited);
  const done = await hands.skip(after);
  expect((await request.redeem(atClient(browser, done))).claims()?.['acr']).toBe('aal2');
  expect((await noor()).invitations?.refused).toEqual({ backup: 3, passkey: 1 });
  world.clock.advance(60_000);
  const soon = await signIn();
  expect(soon.browser.next(soon.after)?.searchParams.has('code')).toBe(true);
});

test('a passkey that the browser made without a question proves nothing at once, and signs in alone next time', async () => {
  world.clock.advance(15 * 86_400_000);
  const { browser, request, after, hands } = await signIn();
  expect(heading(after)).toBe(invited);
  const page = await hands.choose(after, 'passkey');
  expect(heading(page)).toBe(invited);
  expect(page.text).toContain('data-at-once');
  const device = new SoftwareAuthenticator(models.phone);
  const made = device.create(optionsOn(page), world.issuer.origin, { flags: { up: false, uv: false } });
  const named = await browser.visit(formTo(page, /\/enroll\/answer$/).action, {
    form: { credential: JSON.stringify(made) },
  });
  const tokens = await request.redeem(atClient(browser, await hands.name(named)));
  expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  expect((await noor()).authenticators).toHaveLength(2);

  const next = world.browser();
  const again = await rp.begin();
  const alone = await usePasskey(world, next, await next.visit(again.url), device);
  expect((await again.redeem(atClient(next, alone))).claims()).toMatchObject({
    acr: 'phr',
    amr: ['swk', 'user', 'mfa'],
  });
});

test.each([
  ['a passkey that their devices share, it says that another such one is no backup', models.phone, true],
  ['a security key, a passkey is described as ever', models.securityKey, false],
])('C13 the page for a backup is clear: to a person with %s', async (_, model, isTold) => {
  const own = await givePasskey(world, world.people.linus, new SoftwareAuthenticator(model));
  const browser = world.browser();
  const page = await usePasskey(world, browser, await browser.visit((await rp.begin()).url), own.authenticator);
  expect(heading(page)).toBe('Add a backup');
  expect(page.text).toContain('value="passkey"');
  expect(page.text.includes('Passkeys that your devices share count as one method.')).toBe(isTold);
  world.clock.advance(15 * 86_400_000);
  await world.services.authenticatorRemoval.remove(world.people.linus.user.id, own.id);
});
