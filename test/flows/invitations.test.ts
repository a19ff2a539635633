/**
 * Tests over HTTP that a person with one method is invited to add a backup at the end of a sign-in, rarely, and never in the way of
 * what a client asks for. Guards: `src/invitations.ts#dueInvitation`, `interactions/step.ts#invitationOf`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { person as atPhone, resetSimulator } from '../../simulator/person.ts';
import { heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const office = '+12025550181';
const day = 86_400_000;
const invited = 'Add a backup';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  const env = { SALLYPORT_INVITATIONS: 'on', SALLYPORT_FACTORS: 'totp,call,recovery-code' };
  world = await startWorld({ env, phones: [{ name: 'office', number: office }] });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => resetSimulator(world.simulator));

/** A sign-in of Noor, who has an app, up to the page after her code. */
const signIn = async (wish = {}, browser = world.browser()) => {
  const request = await rp.begin(wish);
  const page = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
  const after = await enterCode(browser, page, await world.people.noor.phone.code());
  return { browser, request, after, acting: newcomerAt(browser, world.clock) };
};
const noor = async () => {
  const user = await world.services.users.get(world.people.noor.user.id);
  if (user === undefined) throw new Error('gone');
  return user;
};
const isThrough = (browser: Browser, answer: Answer): boolean =>
  browser.next(answer)?.searchParams.has('code') === true;

test('comes once in 14 days, three times in all, and "Not now" goes on to the client', async () => {
  for (let refusals = 1; refusals <= 3; refusals += 1) {
    const { browser, request, after, acting } = await signIn();
    expect(heading(after)).toBe(invited);
    expect((await noor()).invitations?.lastAt).toBe(world.clock());
    // A GET changes nothing, and shows it again.
    expect(heading(await browser.visit(`/interaction/${uidOf(after)}`))).toBe(invited);
    const done = await acting.skip(after);
    expect((await request.redeem(atClient(browser, done))).claims()?.['acr']).toBe('aal2');
    expect((await noor()).invitations?.refused).toEqual({ backup: refusals });
    world.clock.advance(13 * day);
    const soon = await signIn();
    expect(isThrough(soon.browser, soon.after)).toBe(true);
    world.clock.advance(day + 60_000);
  }
  // The next kind, and not a fourth time the same.
  const { after, acting } = await signIn();
  expect(heading(after)).toBe('Save your recovery codes');
  await acting.skip(after);
  world.clock.advance(15 * day);
});

test('does not come where a client prompts, and not in a step-up', async () => {
  const invitations = (await noor()).invitations;
  const { browser, after } = await signIn({ prompt: 'login' });
  expect(isThrough(browser, after)).toBe(true);
  const stepUp = await rp.begin({ prompt: 'mfa' });
  const started = await browser.visit(stepUp.url);
  world.clock.advance(31_000);
  const asked = await browser.visit(`/interaction/${uidOf(started)}/start`, { form: {} });
  const done = await enterCode(browser, asked, await world.people.noor.phone.code());
  expect(isThrough(browser, done)).toBe(true);
  expect((await noor()).invitations).toEqual(invitations);
});

test('leads to the backup that it names, and the sign-in goes on', async () => {
  const { ada } = world.people;
  const browser = world.browser();
  const acting = newcomerAt(browser, world.clock);
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), ada);
  await pickUp(ada, '#');
  const after = await checkAgain(browser, page);
  expect(heading(after)).toBe(invited);
  const form = await acting.choose(after, 'phone');
  const ringing = await acting.enterPhone(form, { number: office, kind: 'office', by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  const codes = await acting.name(await acting.checkAgain(ringing));
  expect(heading(codes)).toBe('Save your recovery codes');
  const done = await browser.visit(`/interaction/${uidOf(codes)}/enroll/saved`, { form: { saved: 'yes' } });
  await request.redeem(atClient(browser, done));
  expect((await world.services.users.get(ada.user.id))?.authenticators).toHaveLength(3);
});
