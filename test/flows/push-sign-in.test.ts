/** Tests over HTTP of sign-ins by a request in the authenticator: what the page shows meanwhile, and after each end. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { here, numberOn } from '../support/human/pairing.ts';
import { thumbprintOf } from '../support/phone/jwt.ts';
import { Phone } from '../support/phone/phone.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const minutes = 60_000;
let world: World;
let rp: RelyingParty;
let noor: TestPerson;
let phone: Phone;
let browser: Browser;

/** Binds a phone without its pairing, which has tests of its own. */
const bindPhone = async ({ user }: TestPerson, name?: string): Promise<Phone> => {
  const bound = new Phone(world.place, name === undefined ? {} : { name });
  const { kty = '', crv = '', x = '', y = '' } = bound.key.jwk;
  await world.services.authenticators.bind(user.id, {
    type: 'push',
    label: bound.name,
    handle: bound.key.kid,
    data: { key: { kty, crv, x, y }, push: 'none', language: 'en', unlock: 'none', pairedAt: world.clock() },
  });
  bound.pinned = thumbprintOf((await bound.configuration()).body.serverKeys.first);
  return bound;
};

beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'push,totp,call' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso', name: 'Contoso Office' }));
  ({ noor } = world.people);
  phone = await bindPhone(noor);
  // A device may be asked first only beside a method that is not lost with it.
  const landline = { number: '+12025550145', kind: 'alternate' };
  await world.services.authenticators.bind(noor.user.id, { type: 'phone', label: 'alternate', data: landline });
  const device = (await world.services.users.get(noor.user.id))?.authenticators[1] ?? '';
  await world.services.authenticators.prefer(noor.user.id, device, 'push');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

interface Asked {
  readonly request: Request;
  readonly page: Answer;
}
/** Signs in to the page that asks for the second step. */
const ask = async (at = browser): Promise<Asked> => {
  const request = await rp.begin({ prompt: 'login' });
  return { request, page: await enterPassword(at, await at.visit(request.url), noor) };
};
const eventOf = async (page: Answer): Promise<unknown> => {
  const { text } = await browser.go(`/interaction/${uidOf(page)}/events`, { headers: { accept: 'application/json' } });
  return JSON.parse(text) as unknown;
};
const again = (page: Answer): Promise<Answer> => browser.visit(formTo(page, /\/again$/).action, { form: {} });
const approve = async (page: Answer, by = phone): Promise<void> => {
  const { body } = await by.answer(await by.request(), { decision: 'approve', number: numberOn(page) });
  expect(body).toEqual({ result: 'approved' });
};

test('a person types the number of the page on the phone, and is signed in', async () => {
  const { request, page } = await ask();
  expect([heading(page), numberOn(page).length]).toEqual(['Approve in your authenticator', 2]);
  expect(page.text).toContain('<bdi>Ada’s Pixel</bdi>');
  expect(page.text).not.toMatch(/<input (?!type="hidden")/u);
  const shown = await phone.request();
  expect(shown).toMatchObject({ purpose: 'sign-in', account: 'noor', client: 'Contoso Office', digits: 2 });
  expect(JSON.stringify(shown)).not.toContain(`"${numberOn(page)}"`);
  expect(await eventOf(page)).toMatchObject({ phase: 'pending', progress: 'delivered' });
  await approve(page);
  expect(await eventOf(page)).toMatchObject({ phase: 'passed' });
  const passed = await here(browser, page);
  expect(heading(passed)).toBe('You approved the request');
  const tokens = await request.redeem(atClient(browser, await checkAgain(browser, passed)));
  expect(tokens.claims()).toMatchObject({ acr: 'mfa', amr: expect.arrayContaining(['swk', 'mca']) });
});

describe('each end', () => {
  test('after one wrong number the page offers a new request, which can be approved', async () => {
    const { request, page } = await ask();
    const wrong = numberOn(page) === '11' ? '22' : '11';
    const { body } = await phone.answer(await phone.request(), { decision: 'approve', number: wrong });
    expect(body).toEqual({ result: 'wrong-number' });
    expect(await eventOf(page)).toMatchObject({ phase: 'over' });
    const ended = await here(browser, page);
    expect(ended.text).toContain('is not the one that was on this page');
    expect(ended.text).toContain('IDP-3002');
    const anew = await again(ended);
    await approve(anew);
    expect((await request.redeem(atClient(browser, await checkAgain(browser, anew)))).claims()?.sub).toBe(noor.user.id);
  });

  test('after Deny the page says so, and lets the person begin again', async () => {
    const { page } = await ask();
    await phone.answer(await phone.request(), { decision: 'decline' });
    const ended = await here(browser, page);
    expect([heading(ended), ended.text.includes('IDP-3003')]).toEqual(['The request was denied', true]);
    expect(heading(await again(ended))).toBe('Approve in your authenticator');
  });

  test('after a minute without an answer the page says so', async () => {
    const { page } = await ask();
    world.clock.advance(minutes + 1);
    const ended = await here(browser, page);
    expect([heading(ended), ended.text.includes('IDP-3001')]).toEqual(['No answer yet', true]);
    expect(await phone.pending()).toEqual([]);
  });

  test('after “It wasn’t me” requests and calls rest for a day, and a code still works', async () => {
    const { request, page } = await ask();
    await phone.answer(await phone.request(), { decision: 'report' });
    const denied = await here(browser, page);
    expect([heading(denied), denied.text.includes('IDP-3004')]).toEqual(['The request was reported', true]);
    expect(denied.text).toContain('We send no requests and make no calls before');
    const options = await browser.visit(`/interaction/${uidOf(page)}/options`);
    expect(options.text).toContain('Calls and requests are paused');
    expect(options.text).not.toMatch(/value="push:/u);
    const code = await chooseOption(browser, page, /Code from your app/);
    await request.redeem(atClient(browser, await enterCode(browser, code, await noor.phone.code())));
    const refused = await ask(world.browser());
    expect(heading(refused.page)).toBe('Requests to you are paused');
  });

  test('another sign-in that asks meanwhile is told to wait, and goes on once the first is over', async () => {
    const { page } = await ask();
    const other = world.browser();
    const { page: busy } = await ask(other);
    expect([heading(busy), busy.text.includes('IDP-3005')]).toEqual(['Another request is waiting', true]);
    await approve(page);
    await checkAgain(browser, page);
  });
});

test('the fourth request within five minutes is refused, with other ways and the time to wait', async () => {
  for (let count = 0; count < 3; count += 1) {
    browser = world.browser();
    const { page } = await ask();
    await approve(page);
    await checkAgain(browser, page);
  }
  const { page } = await ask(world.browser());
  expect([heading(page), page.text.includes('IDP-3006')]).toEqual(['We can’t send another request yet', true]);
  expect(page.text).toContain('data-wait=');
});

test('three requests without an answer pause requests for ten minutes', async () => {
  let { page } = await ask();
  for (let ignored = 0; ignored < 2; ignored += 1) {
    world.clock.advance(2 * minutes);
    page = await again(await here(browser, page));
    expect(heading(page)).toBe('Approve in your authenticator');
  }
  world.clock.advance(2 * minutes);
  const refused = await again(await here(browser, page));
  expect([heading(refused), refused.text.includes('IDP-3010')]).toEqual(['We can’t send another request yet', true]);
  const options = await browser.visit(`/interaction/${uidOf(page)}/options`);
  expect(options.text).toContain('There were too many requests, or no answers.');
});

test('of two devices the chosen one is asked, and the list names both', async () => {
  const tablet = await bindPhone(noor, 'The tablet');
  const { request, page } = await ask();
  const list = await browser.visit(`/interaction/${uidOf(page)}/options`);
  expect(list.text).toContain('<b>Back to the request</b>');
  expect(list.text).toContain('<small>The tablet</small>');
  const chosen = await chooseOption(browser, page, /The tablet/);
  expect(await phone.pending()).toEqual([]);
  await approve(chosen, tablet);
  expect((await request.redeem(atClient(browser, await checkAgain(browser, chosen)))).claims()?.sub).toBe(noor.user.id);
});
