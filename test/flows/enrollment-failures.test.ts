/** Tests over HTTP what goes wrong while a person sets up a method, and that each page has another way on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { behaveCarrier, person as atPhone } from '../../simulator/person.ts';
import { heading, uidOf, type Answer } from '../support/browser/plain.ts';
import type { EnteredPhone } from '../support/human/newcomer.ts';
import { arrivedTexts, glance } from '../support/human/person.ts';
import { pickUp } from '../support/world/relying-party.ts';
import { addAccount, atTheList, boundTo, type AtTheList } from '../threats/support/newcomers.ts';
import { startThreatWorld, type ThreatWorld } from '../threats/support/threat-world.ts';

const mobile = '+12025550171';
const office = '+12025550150';
const wrong = (code: string): string => (code === '135790' ? '246801' : '135790');

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({
    env: {
      SALLYPORT_FACTORS: 'totp,sms,spoken,call',
      SALLYPORT_REQUIRED_METHODS: '1',
      SALLYPORT_BLOCKED_COUNTRIES: 'FR',
      SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '3',
    },
    phones: [
      { name: 'mobile', number: mobile },
      { name: 'Contoso', number: office, extensions: { '421': 'Ines at work' } },
    ],
  });
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

let count = 0;
const begin = async (): Promise<AtTheList> => {
  count += 1;
  return atTheList(world, await addAccount(world, `unlucky${count}`));
};
const enter = async (stage: AtTheList, phone: Partial<EnteredPhone> & Pick<EnteredPhone, 'by'>): Promise<Answer> =>
  stage.person.enterPhone(await stage.person.choose(stage.page, 'phone'), { number: mobile, ...phone });
/** Presses a button of the page that proves the same number once more, by this factor. */
const again = async ({ browser, uid }: AtTheList, by: string): Promise<Answer> =>
  browser.visit(`/interaction/${uid}/enroll/again`, { form: { by } });
const here = async ({ browser, uid }: AtTheList): Promise<Answer> => browser.visit(`/interaction/${uid}`);
/** Where the links and forms of a page lead. */
const waysOn = (page: Answer): readonly string[] =>
  [...page.text.matchAll(/(?:href|action)="\/interaction\/[^/"]+(\/[^"]+)"/g)].map(([, path = '']) => path);
const otherWays = ['/enroll/phone', '/enroll'];

describe('a call', () => {
  test.each([
    ['busy', 'We couldn’t reach you', 'was busy'],
    ['unreachable', 'We couldn’t reach you', 'could not connect'],
  ] as const)('%s: says so, calls again, and takes another way', async (calls, title, sentence) => {
    const stage = await begin();
    await atPhone(world.simulator, mobile).behave({ calls });
    await enter(stage, { by: 'call' });
    const page = await here(stage);
    expect([heading(page), page.text.includes(sentence)]).toEqual([title, true]);
    expect(waysOn(page)).toEqual(expect.arrayContaining(['/enroll/again', ...otherWays]));
    await atPhone(world.simulator, mobile).behave({ calls: 'rings' });
    expect(heading(await again(stage, 'call'))).toBe('We’re calling +1 ••• 71');
    await pickUp({ phone: atPhone(world.simulator, mobile) }, '#');
    expect(heading(await stage.person.checkAgain(await here(stage)))).toBe('Your phone is ready');
  });

  test('nobody answers: a text to the same number instead', async () => {
    const stage = await begin();
    await enter(stage, { by: 'call' });
    await atPhone(world.simulator, mobile).ringing();
    await atPhone(world.simulator, mobile).waitOut();
    const page = await here(stage);
    expect(heading(page)).toBe('We couldn’t reach you');
    const sent = await again(stage, 'sms');
    const { code } = await glance(atPhone(world.simulator, mobile));
    expect(heading(await stage.person.enterCode(sent, code))).toBe('Your phone is ready');
  });

  test('0# says that it was not the owner: nothing is bound, and another method is left', async () => {
    const stage = await begin();
    await enter(stage, { by: 'call' });
    await pickUp({ phone: atPhone(world.simulator, mobile) }, '0#');
    const page = await here(stage);
    expect(page.text).toContain('IDP-2106');
    expect(waysOn(page)).toEqual(expect.arrayContaining(otherWays));
    expect(await boundTo(world, stage.account)).toEqual([]);
    const scan = await stage.person.choose(stage.page, 'totp');
    expect(heading(await stage.person.enterCode(scan, await stage.person.scanned(scan)))).toBe('Your app is ready');
  });

  test('reports its progress to the waiting page', async () => {
    const stage = await begin();
    await enter(stage, { by: 'call' });
    const events = async (): Promise<unknown> => {
      const how = { headers: { accept: 'application/json' } };
      const { text } = await stage.browser.go(`/interaction/${stage.uid}/enroll/events`, how);
      return JSON.parse(text);
    };
    await atPhone(world.simulator, mobile).ringing();
    expect(await events()).toMatchObject({ phase: 'pending' });
    await pickUp({ phone: atPhone(world.simulator, mobile) }, '#');
    expect(await events()).toMatchObject({ phase: 'passed' });
    // A GET binds nothing: the page posts its form.
    expect(await boundTo(world, stage.account)).toEqual([]);
  });

  test('through a switchboard to an extension', async () => {
    const stage = await begin();
    const page = await enter(stage, {
      number: '202 555 0150',
      country: 'US',
      extension: '421',
      kind: 'office',
      by: 'call',
    });
    expect(page.text).toContain('The call goes to extension');
    expect((await boundTo(world, stage.account)).length).toBe(0);
  });
});

describe('a code', () => {
  test('that is wrong five times ends the attempt; a new one works', async () => {
    const stage = await begin();
    const sent = await enter(stage, { by: 'sms' });
    const { code } = await glance(atPhone(world.simulator, mobile));
    const statuses: number[] = [];
    for (let guess = 0; guess < 5; guess += 1) {
      statuses.push((await stage.person.enterCode(sent, wrong(code))).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 429]);
    expect((await stage.person.enterCode(sent, code)).text).toContain('Too many attempts');
    expect(await boundTo(world, stage.account)).toEqual([]);
    const anew = await again(stage, 'sms');
    const fresh = await glance(atPhone(world.simulator, mobile));
    expect(heading(await stage.person.enterCode(anew, fresh.code))).toBe('Your phone is ready');
  });

  test('that is no code costs no attempt', async () => {
    const stage = await begin();
    const scan = await stage.person.choose(stage.page, 'totp');
    const refused = await stage.person.enterCode(scan, '12 34');
    expect([refused.status, refused.text.includes('That isn’t a code')]).toEqual([422, true]);
    expect(await world.services.challenges.current(`enrollment:${stage.uid}`)).toMatchObject({ attemptsLeft: 5 });
  });

  test('that expired: a new picture with another key', async () => {
    const stage = await begin();
    const scan = await stage.person.choose(stage.page, 'totp');
    for (let guess = 0; guess < 5; guess += 1) await stage.person.enterCode(scan, '000000');
    const ended = await here(stage);
    expect(heading(ended)).toBe('Let’s start with a new picture');
    const anew = await stage.person.choose(ended, 'totp');
    expect([heading(anew), anew.text === scan.text]).toEqual(['Set up your app', false]);
  });

  test('is texted again after its gap', async () => {
    const stage = await begin();
    await enter(stage, { by: 'sms' });
    const first = await glance(atPhone(world.simulator, mobile));
    const to = `/interaction/${stage.uid}/enroll/resend`;
    const early = await stage.browser.visit(to, { form: {} });
    expect([early.status, early.headers['retry-after']]).toEqual([429, '30']);
    world.clock.advance(31_000);
    expect(waysOn(await here(stage))).toContain('/enroll/resend');
    await stage.browser.visit(to, { form: {} });
    expect((await glance(atPhone(world.simulator, mobile))).code).toBe(first.code);
    expect(await arrivedTexts(atPhone(world.simulator, mobile), 2)).toHaveLength(2);
  });
});

describe('sending', () => {
  test('the carrier is down: says so, and an app is left', async () => {
    const stage = await begin();
    await behaveCarrier(world.simulator, 'server-error');
    const page = await enter(stage, { by: 'sms' });
    expect(heading(page)).toBe('We couldn’t text you');
    expect(waysOn(page)).toEqual(expect.arrayContaining(otherWays));
    const scan = await stage.person.choose(stage.page, 'totp');
    expect(heading(scan)).toBe('Set up your app');
  });

  test('too many to one number: the limit holds over attempts, and says until when', async () => {
    const stage = await begin();
    let page = await enter(stage, { by: 'sms' });
    for (let sends = 0; sends < 3; sends += 1) {
      for (let guess = 0; guess < 5; guess += 1) await stage.person.enterCode(page, '000000').catch(() => page);
      page = await again(stage, 'sms');
    }
    expect(heading(page)).toBe('We can’t text you again yet');
    expect(await arrivedTexts(atPhone(world.simulator, mobile), 3)).toHaveLength(3);
    expect(waysOn(page)).toEqual(expect.arrayContaining(otherWays));
  });

  test('twice by a double click makes one call', async () => {
    const stage = await begin();
    const form = { number: mobile, by: 'call', kind: 'mobile', country: '', extension: '' };
    const to = `/interaction/${stage.uid}/enroll/phone`;
    await Promise.all([stage.browser.go(to, { form }), stage.browser.go(to, { form })]);
    await atPhone(world.simulator, mobile).ringing();
    expect((await atPhone(world.simulator, mobile).phone()).calls.length).toBe(1);
  });
});

describe('a number', () => {
  test.each([
    ['is no number', { number: 'my phone', country: 'US', by: 'sms' }, 'IDP-2312'],
    ['has no country', { number: '202 555 0171', by: 'sms' }, 'IDP-2311'],
    ['is of a blocked country', { number: '06 12 34 56 78', country: 'FR', by: 'sms' }, 'IDP-2316'],
    ['is premium', { number: '0900 1234567', country: 'DE', by: 'call' }, 'IDP-2314'],
    ['takes no texts', { number: '030 901820', country: 'DE', by: 'sms' }, 'IDP-2317'],
  ] as const)('that %s keeps what was typed, and sends nothing', async (_, phone, code) => {
    const stage = await begin();
    const page = await enter(stage, phone);
    expect([page.status, page.text.includes(code), page.text.includes(`value="${phone.number}"`)]).toEqual([
      422,
      true,
      true,
    ]);
    expect(page.text).toMatch(/aria-describedby="[^"]*wrong/);
    expect(await world.services.challenges.current(`enrollment:${uidOf(page)}`)).toBeUndefined();
  });

  test('of a blocked country is not in the list', async () => {
    const stage = await begin();
    const form = await stage.person.choose(stage.page, 'phone');
    expect([form.text.includes('value="DE"'), form.text.includes('value="FR"')]).toEqual([true, false]);
  });
});
