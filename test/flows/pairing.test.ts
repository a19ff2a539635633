/** Tests over HTTP that people pair a phone with the authenticator, and what the pages say where it does not work. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createECDH, randomBytes } from 'node:crypto';
import { heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import {
  approveTest,
  here,
  numberOn,
  pairingCodeOn,
  pairingSecretOn,
  pairPhone,
  sayOwn,
} from '../support/human/pairing.ts';
import { keyOn, newcomerAt, proposedName, type Newcomer } from '../support/human/newcomer.ts';
import { Phone } from '../support/phone/phone.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const minutes = 60_000;
const password = 'oasis-comet-basil';
let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'push,totp', SALLYPORT_REQUIRED_METHODS: '1' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

interface Stage {
  readonly id: string;
  readonly name: string;
  readonly browser: Browser;
  readonly person: Newcomer;
  readonly request: Request;
  readonly page: Answer;
}
let count = 0;
/** A new account that has typed its password and chosen the authenticator. */
const begin = async (): Promise<Stage> => {
  count += 1;
  const name = `newcomer${count}`;
  const added = await world.services.users.add(
    { name, displayName: name, passwordHash: await hashOf(world.services, password) },
    'system',
  );
  if (!added.ok) throw new Error(added.reason);
  const browser = world.browser();
  const person = newcomerAt(browser, world.clock);
  const request = await rp.begin();
  const list = await enterPassword(browser, await browser.visit(request.url), { name, password });
  return { id: added.user.id, name, browser, person, request, page: await person.choose(list, 'push') };
};
const typesOf = async (id: string): Promise<readonly string[]> => {
  const user = await world.services.users.get(id);
  return user === undefined
    ? []
    : (await world.services.authenticators.of(user)).map(({ type, label }) => `${type} ${label}`);
};

describe('a new person', () => {
  test('pairs a phone by a typed code, and signs in with it', async () => {
    const { id, browser, person, request, page } = await begin();
    expect(heading(page)).toBe('Pair your phone');
    const phone = new Phone(world.place);
    const paired = await phone.pair({ code: pairingCodeOn(page).toLowerCase().replace('-', ' ') });
    const question = await here(browser, page);
    expect([heading(question), numberOn(question)]).toEqual(['Pair Ada’s Pixel?', paired.body.digits]);
    const trial = await sayOwn(browser, question, 'yes');
    expect(heading(trial)).toBe('Try it once');
    expect(await phone.request()).toMatchObject({ purpose: 'pairing', account: `newcomer${count}`, digits: 2 });
    await approveTest(phone, trial);
    expect(heading(await here(browser, trial))).toBe('It works');
    const ready = await person.checkAgain(trial);
    expect([heading(ready), proposedName(ready)]).toEqual(['Your authenticator is ready', 'Ada’s Pixel']);
    const tokens = await request.redeem(atClient(browser, await person.name(ready, 'My phone')));
    expect(tokens.claims()).toMatchObject({
      sub: id,
      acr: 'mfa',
      amr: expect.arrayContaining(['pwd', 'swk', 'mca', 'mfa']),
    });
    expect(await typesOf(id)).toEqual(['push My phone', 'totp Ada’s Pixel']);
  });

  test('allows notifications only while the phone is tried, and is woken from then on', async () => {
    const { id, browser, person, page } = await begin();
    const phone = new Phone(world.place);
    await phone.pair({ code: pairingCodeOn(page) });
    const trial = await sayOwn(browser, await here(browser, page), 'yes');
    await approveTest(phone, trial);
    const keys = {
      p256dh: createECDH('prime256v1').generateKeys().toString('base64url'),
      auth: randomBytes(16).toString('base64url'),
    };
    const subscription = { endpoint: 'https://fcm.googleapis.com/fcm/send/late', keys };
    expect((await phone.subscribe(subscription)).status).toBe(200);
    await person.checkAgain(await here(browser, trial));
    const user = await world.services.users.get(id);
    const bound = user === undefined ? [] : await world.services.authenticators.of(user);
    expect(bound[0]).toMatchObject({ type: 'push', data: { push: 'works', subscription } });
  });

  test('pairs by the QR code, and the waiting page goes on by itself', async () => {
    const { id, browser, page } = await begin();
    const events = `/interaction/${uidOf(page)}/enroll/events`;
    expect((await browser.go(events, { headers: { accept: 'application/json' } })).text).toContain('"phase":"pending"');
    const stream = browser.go(events, { headers: { accept: 'text/event-stream' } });
    const phone = new Phone(world.place);
    await phone.pair({ secret: pairingSecretOn(page) });
    // The stream ends with the event by which the page loads itself again.
    expect((await stream).text).toMatch(/^data: .*"phase":"over"/mu);
    await approveTest(phone, await sayOwn(browser, await here(browser, page), 'yes'));
    expect(await typesOf(id)).toEqual([]);
    await browser.visit(`/interaction/${uidOf(page)}/enroll/answer`, { form: {} });
    expect(await typesOf(id)).toHaveLength(2);
  });

  test('uses a code of the authenticator where it cannot reach us', async () => {
    const { id, name, browser, person, request, page } = await begin();
    const phone = new Phone(world.place);
    const ready = await pairPhone(browser, phone, page);
    await request.redeem(atClient(browser, await person.name(ready)));
    world.clock.advance(minutes);
    const next = world.browser();
    const another = await rp.begin({ prompt: 'login' });
    const asked = await enterPassword(next, await next.visit(another.url), { name, password });
    const code = await next.visit(`/interaction/${uidOf(asked)}/options`, { form: { method: 'totp' } });
    const tokens = await another.redeem(atClient(next, await enterCode(next, code, phone.totp())));
    expect(tokens.claims()).toMatchObject({ sub: id, acr: 'aal2' });
  });
});

describe('where it does not work', () => {
  test('a device with another number is refused, and a new code leads to the right one', async () => {
    const { id, browser, person, page } = await begin();
    const [stranger, own] = [new Phone(world.place, { name: 'Not mine' }), new Phone(world.place)];
    await stranger.pair({ code: pairingCodeOn(page) });
    const question = await here(browser, page);
    expect(heading(question)).toBe('Pair Not mine?');
    const refused = await sayOwn(browser, question, 'no');
    expect(heading(refused)).toBe('That phone was not paired');
    expect((await stranger.requests()).status).toBe(401);
    const again = await person.choose(refused, 'push');
    expect(pairingCodeOn(again)).not.toBe(pairingCodeOn(page));
    await pairPhone(browser, own, again);
    expect(await typesOf(id)).toEqual(['push Ada’s Pixel', 'totp Ada’s Pixel']);
  });

  test('a page that shows another device than the one that claimed since pairs neither', async () => {
    const { id, browser, person, page } = await begin();
    await new Phone(world.place).pair({ code: pairingCodeOn(page) });
    const before = await here(browser, page);
    let stranger = new Phone(world.place, { name: 'Not mine' });
    // One in a hundred has the same digits by chance.
    for (let draws = 0; draws < 5 && [undefined, numberOn(before)].includes(stranger.pairing?.digits); draws += 1) {
      const list = await browser.visit(`/interaction/${uidOf(page)}/enroll`);
      stranger = new Phone(world.place, { name: 'Not mine' });
      await stranger.pair({ code: pairingCodeOn(await person.choose(list, 'push')) });
    }
    const asked = await sayOwn(browser, before, 'yes');
    expect(heading(asked)).toBe('Pair Not mine?');
    expect((await stranger.requests()).body.requests).toEqual([]);
    expect(heading(await sayOwn(browser, asked, 'no'))).toBe('That phone was not paired');
    expect(await typesOf(id)).toEqual([]);
  });

  test('a code expires after ten minutes, and one press makes a new one', async () => {
    const { browser, person, page } = await begin();
    world.clock.advance(10 * minutes + 1);
    const late = new Phone(world.place);
    expect((await late.pair({ code: pairingCodeOn(page) })).status).toBeGreaterThanOrEqual(400);
    const over = await here(browser, page);
    expect(heading(over)).toBe('This code has expired');
    expect(over.text).toContain('IDP-3101');
    expect(heading(await person.choose(over, 'push'))).toBe('Pair your phone');
  });

  test('wrong codes end a pairing, and its page says so', async () => {
    const { browser, page } = await begin();
    const code = pairingCodeOn(page);
    const guess = `${code.slice(0, 4)}-${code.endsWith('0000') ? '1111' : '0000'}`;
    for (let wrong = 0; wrong < 5; wrong += 1) await new Phone(world.place).pair({ code: guess });
    expect(heading(await here(browser, page))).toBe('This code no longer works');
  });

  test('another method ends the pairing', async () => {
    const { id, browser, person, page } = await begin();
    const list = await browser.visit(`/interaction/${uidOf(page)}/enroll`);
    expect(list.text).toContain('<b>Another authenticator app</b>');
    const scan = await person.choose(list, 'totp');
    expect(keyOn(scan)).not.toBe('');
    expect((await new Phone(world.place).pair({ code: pairingCodeOn(page) })).status).toBeGreaterThanOrEqual(400);
    await person.enterCode(scan, await person.scanned(scan));
    expect(await typesOf(id)).toEqual(['totp Authenticator app']);
  });

  test('a wrong number in the test lets the person try it again with the same phone', async () => {
    const { id, browser, person, page } = await begin();
    const phone = new Phone(world.place);
    await phone.pair({ code: pairingCodeOn(page) });
    const trial = await sayOwn(browser, await here(browser, page), 'yes');
    const number = numberOn(trial) === '11' ? '22' : '11';
    await phone.answer(await phone.request(), { decision: 'approve', number, code: phone.totp() });
    const failed = await here(browser, trial);
    expect([heading(failed), failed.text.includes('IDP-3002')]).toEqual(['It is not paired yet', true]);
    const again = await sayOwn(browser, failed, 'yes');
    await approveTest(phone, again);
    await person.checkAgain(again);
    expect(await typesOf(id)).toHaveLength(2);
  });

  test('a device that says no is not paired', async () => {
    const { id, browser, page } = await begin();
    const phone = new Phone(world.place);
    await phone.pair({ code: pairingCodeOn(page) });
    const trial = await sayOwn(browser, await here(browser, page), 'yes');
    await phone.answer(await phone.request(), { decision: 'decline' });
    expect((await here(browser, trial)).text).toContain('IDP-3003');
    await browser.visit(`/interaction/${uidOf(page)}/enroll/answer`, { form: {} });
    expect(await typesOf(id)).toEqual([]);
  });
});

test('from the security page, a pairing that was begun in time is finished later', async () => {
  const { noor } = world.people;
  const browser = world.browser();
  const begun = await enterPassword(browser, await browser.visit('/account/add-method'), noor);
  let page = await enterCode(browser, begun, await noor.phone.code());
  for (let hops = 0; hops < 3 && heading(page) !== 'Add a method'; hops += 1)
    page = await browser.visit(browser.next(page)?.href ?? '/account/add-method');
  world.clock.advance(4 * minutes);
  const phone = new Phone(world.place);
  const pairing = await newcomerAt(browser, world.clock).choose(page, 'push');
  world.clock.advance(3 * minutes);
  const ready = await pairPhone(browser, phone, pairing);
  expect(heading(ready)).toBe('Your authenticator is ready');
  expect((await typesOf(noor.user.id))[1]).toBe('push Ada’s Pixel');
});
