/** Tests over HTTP that a person with a password and nothing else sets up their methods in their first sign-in. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { person as atPhone } from '../../simulator/person.ts';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { newcomerAt, proposedName, type Newcomer } from '../support/human/newcomer.ts';
import { glance } from '../support/human/person.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const mobile = '+12025550171';
const home = '+12025550172';
const password = 'oasis-comet-basil';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call,recovery-code', SALLYPORT_REQUIRED_METHODS: '2' },
    phones: [
      { name: 'mobile', number: mobile },
      { name: 'home', number: home },
    ],
  });
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
/** Signs in to the client with this password. */
const enter = async (id: string, name: string, at = rp): Promise<Stage> => {
  const browser = world.browser();
  const request = await at.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), { name, password });
  return { id, name, browser, person: newcomerAt(browser, world.clock), request, page };
};
let count = 0;
/** A new account that has typed its password. */
const begin = async (at = rp): Promise<Stage> => {
  count += 1;
  const name = `newcomer${count}`;
  const added = await world.services.users.add(
    { name, displayName: name, passwordHash: await hashOf(world.services, password) },
    'system',
  );
  if (!added.ok) throw new Error(added.reason);
  return enter(added.user.id, name, at);
};
const boundTo = async (id: string): Promise<readonly Authenticator[]> => {
  const user = await world.services.users.get(id);
  return user === undefined ? [] : world.services.authenticators.of(user);
};
const labelsOf = async (id: string) => (await boundTo(id)).map(({ label }) => label);

/** The page after an app was set up, which proposes its name. */
const withApp = async ({ person, page }: Stage): Promise<Answer> => {
  const scan = await person.choose(page, 'totp');
  return person.enterCode(scan, await person.scanned(scan));
};
/** The page after the phone at home was set up by a text. */
const withHome = async ({ person }: Stage, page: Answer): Promise<Answer> => {
  const form = await person.choose(page, 'phone');
  const sent = await person.enterPhone(form, { country: 'US', number: '(202) 555-0172', kind: 'alternate', by: 'sms' });
  return person.enterCode(sent, (await glance(atPhone(world.simulator, home))).code);
};
const codesOn = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/<li><code>([0-9A-Z-]+)<\/code>/g)].map(([, code = '']) => code);

describe('a new person', () => {
  test('sets up an app, another phone and recovery codes, names them, and is signed in', async () => {
    const stage = await begin();
    const { id, name, browser, person, request, page } = stage;
    expect([heading(page), /Step \d of \d/.exec(page.text)?.[0]]).toEqual(['More information required', 'Step 1 of 3']);
    const ready = await withApp(stage);
    expect(heading(ready)).toBe('Your app is ready');
    const backup = await person.name(ready, 'Work app');
    expect([heading(backup), /Step \d of \d/.exec(backup.text)?.[0]]).toEqual(['Add a backup', 'Step 2 of 3']);
    const named = await withHome(stage, backup);
    expect([heading(named), proposedName(named)]).toEqual(['Your phone is ready', 'Another phone']);
    const saving = await person.name(named);
    expect([heading(saving), /Step \d of \d/.exec(saving.text)?.[0]]).toEqual([
      'Save your recovery codes',
      'Step 3 of 3',
    ]);
    expect(saving.text).toMatch(/class="block printed">Recovery codes for [^<]+<br><bdi>[^<]+<\/bdi>/);
    const codes = codesOn(saving);
    expect(codes.length).toBe(10);
    const file = await browser.go(`/interaction/${uidOf(saving)}/enroll/codes.txt`);
    expect(file.headers['content-disposition']).toContain('attachment');
    expect(codes.every(code => file.text.includes(code))).toBe(true);
    const tokens = await request.redeem(atClient(browser, await person.saved(saving)));
    expect(tokens.claims()).toMatchObject({ sub: id, acr: 'aal2' });
    expect((await boundTo(id)).map(({ type, label, data }) => [type, label, type === 'phone' ? data : ''])).toEqual([
      ['totp', 'Work app', ''],
      ['phone', 'alternate', { number: home, kind: 'alternate' }],
      ['recovery-codes', 'Recovery codes', ''],
    ]);
    // The next sign-in asks for a method, and one of the codes counts.
    const next = await enter(id, name);
    const options = await next.browser.visit(`/interaction/${uidOf(next.page)}/options`);
    const asked = await next.browser.visit(formTo(options, /\/options$/).action, { form: { method: 'recovery-code' } });
    const done = await enterCode(next.browser, asked, codes[0] ?? '');
    expect((await next.request.redeem(atClient(next.browser, done))).claims()).toMatchObject({ sub: id });
  });

  test('proves a phone by a call; an app of the same phone is no backup', async () => {
    const { id, person, page } = await begin();
    const form = await person.choose(page, 'phone');
    const calling = await person.enterPhone(form, { number: '+1 202 555 0171', by: 'call' });
    expect(heading(calling)).toBe('We’re calling +1 ••• 71');
    await pickUp({ phone: atPhone(world.simulator, mobile) }, '#');
    const ready = await person.checkAgain(calling);
    expect([heading(ready), proposedName(ready)]).toEqual(['Your phone is ready', 'Mobile']);
    const backup = await person.name(ready);
    expect(heading(backup)).toBe('Add a backup');
    expect(backup.text).not.toContain('value="totp"');
    expect(await labelsOf(id)).toEqual(['mobile']);
  });
});

test('a person who corrects the number is called there, and the call to the first number ends', async () => {
  const { id, browser, person, page } = await begin();
  const form = await person.choose(page, 'phone');
  await person.enterPhone(form, { number: mobile, by: 'call' });
  await atPhone(world.simulator, mobile).ringing();
  const again = await browser.visit(`/interaction/${uidOf(page)}/enroll/phone`);
  const calling = await person.enterPhone(again, { number: home, by: 'call', kind: 'alternate' });
  expect((await atPhone(world.simulator, mobile).phone()).calls.filter(call => !call.isOver)).toEqual([]);
  await pickUp({ phone: atPhone(world.simulator, home) }, '#');
  await person.checkAgain(calling);
  expect((await boundTo(id)).map(({ data }) => data)).toEqual([{ number: home, kind: 'alternate' }]);
});

describe('a person who leaves', () => {
  test('finds the list, the number and the picture again by refresh, and in a second tab', async () => {
    const { browser, person, page } = await begin();
    const here = `/interaction/${uidOf(page)}`;
    const scan = await person.choose(page, 'totp');
    const again = await browser.go(here);
    expect([heading(again), await person.scanned(again)]).toEqual([heading(scan), await person.scanned(scan)]);
    expect(heading(await browser.go(`${here}/enroll`))).toBe('More information required');
    const form = await person.choose(page, 'phone');
    await person.enterPhone(form, { country: 'US', number: '202 555 0172', kind: 'alternate', by: 'sms' });
    const filled = await browser.go(`${here}/enroll/phone`);
    expect(filled.text).toContain('value="202 555 0172"');
    expect(filled.text).toMatch(/value="US" selected/);
    expect(heading(await browser.go(here))).toBe('Enter the code we texted you');
  });

  test('has the methods that were proven, and continues in the next sign-in where they left', async () => {
    const first = await begin();
    const ready = await withApp(first);
    const scanned = first.person;
    // The browser is closed before the app got a name.
    expect(await labelsOf(first.id)).toEqual(['Authenticator app']);
    await scanned.name(ready);
    world.clock.advance(3_600_000);
    const second = await enter(first.id, first.name);
    expect(heading(second.page)).toBe('Enter the code from your app');
  });

  test('has fifteen minutes from the first form, though a sign-in has ten', async () => {
    const stage = await begin();
    world.clock.advance(9 * 60_000);
    const scan = await stage.person.choose(stage.page, 'totp');
    world.clock.advance(8 * 60_000);
    const ready = await stage.person.enterCode(scan, await stage.person.scanned(scan));
    expect(heading(ready)).toBe('Your app is ready');
    world.clock.advance(5 * 60_000);
    const done = await stage.person.skip(await stage.person.name(ready));
    expect((await stage.request.redeem(atClient(stage.browser, done))).claims()).toMatchObject({ acr: 'aal2' });
    const late = await begin();
    await late.person.choose(late.page, 'totp');
    world.clock.advance(10 * 60_000);
    // Only once: another form gives no more time.
    await late.person.choose(late.page, 'phone');
    world.clock.advance(5 * 60_000 + 1000);
    const ended = await late.browser.visit(`/interaction/${uidOf(late.page)}`);
    // The sign-in is begun again, at the password.
    expect([ended.status, ended.text.includes('type="password"') || ended.status === 400]).toEqual([
      ended.status,
      true,
    ]);
  });

  test('may put it off while the grace lasts', async () => {
    const first = await begin();
    expect(first.page.text).toContain('You can put this off until');
    const done = await first.person.skip(first.page);
    expect((await first.request.redeem(atClient(first.browser, done))).claims()).toMatchObject({ acr: 'sfa' });
    expect(await boundTo(first.id)).toEqual([]);
  });

  test('returns to the client by the button, which ends a call that still rings', async () => {
    const { browser, person, page } = await begin();
    const form = await person.choose(page, 'phone');
    await person.enterPhone(form, { number: mobile, by: 'call' });
    await atPhone(world.simulator, mobile).ringing();
    const left = await browser.visit(`/interaction/${uidOf(page)}/cancel`, { form: {} });
    expect(atClient(browser, left).searchParams.get('error')).toBe('access_denied');
    expect((await atPhone(world.simulator, mobile).phone()).calls.filter(call => !call.isOver)).toEqual([]);
  });
});
