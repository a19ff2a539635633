/** Tests people who leave the straight way: they wait, go back, change their mind, or are another person. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** Signs in up to the page of the second step. */
const upToFactor = async (
  person: TestPerson,
): Promise<{ readonly browser: Browser; readonly request: Request; readonly page: Answer }> => {
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  return { browser, request, page };
};
const errorAt = (browser: Browser, answer: Answer): string | null =>
  atClient(browser, answer).searchParams.get('error');

describe('a call', () => {
  test('denied with 0# ends, the page says so, and calls pause for a day', async () => {
    const { grace } = world.people;
    const { browser, page } = await upToFactor(grace);
    await pickUp(grace, '0#');
    const denied = await browser.visit(page.path);
    expect(denied.text).toContain('IDP-2106');
    const again = await upToFactor(grace);
    expect(again.page.text).toContain('IDP-2111');
    expect(await grace.phone.phone()).toMatchObject({ state: 'idle' });
    expect(await world.audited('account.paused')).toHaveLength(1);
    const day = 24 * 3_600_000;
    world.clock.advance(day - 1);
    expect((await upToFactor(grace)).page.text).toContain('IDP-2111');
    expect(await grace.phone.phone()).toMatchObject({ state: 'idle' });
    world.clock.advance(1);
    expect(heading((await upToFactor(grace)).page)).toMatch(/calling/);
    await grace.phone.ringing();
    expect(await grace.phone.phone()).toMatchObject({ state: 'ringing' });
  });

  test.each([
    ['busy', 'IDP-2103'],
    ['rings out', 'IDP-2101'],
  ] as const)('that is %s ends with its reason and can be made again', async (what, code) => {
    const { ada } = world.people;
    if (what === 'busy') await ada.phone.behave('busy');
    const { browser, request, page } = await upToFactor(ada);
    if (what === 'rings out') {
      await ada.phone.ringing();
      await ada.phone.waitOut();
    }
    await ada.phone.behave('rings');
    const ended = await until(browser, page, answer => answer.text.includes(code));
    const calling = await browser.visit(formTo(ended, /\/again$/).action, { form: {} });
    expect(heading(calling)).toMatch(/calling/);
    await pickUp(ada, '#');
    await expect(request.redeem(atClient(browser, await checkAgain(browser, calling)))).resolves.toBeDefined();
  });

  test('announces the client and is approved by # only', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    await ada.phone.ringing();
    await ada.phone.answer();
    expect((await ada.phone.hear()).heard.at(-1)?.text).toContain('Contoso Office');
    for (const key of ['1', '*', '9']) {
      await ada.phone.press(key);
      await ada.phone.hear();
    }
    const waiting = await checkAgain(browser, page);
    expect(heading(waiting)).toMatch(/calling/);
    world.clock.advance(1_000);
    await ada.phone.press('#');
    expect(browser.next(await checkAgain(browser, waiting))?.origin).toBe(new URL(rp.redirectUri).origin);
  });
});

/** Reads the page until it shows this text: a carrier reports the end of a call with a delay. */
const until = async (browser: Browser, page: Answer, isThere: (answer: Answer) => boolean): Promise<Answer> => {
  for (let turn = 0; turn < 200; turn += 1) {
    const answer = await browser.visit(page.path);
    if (isThere(answer)) return answer;
    await new Promise(resolve => {
      setImmediate(resolve);
    });
  }
  throw new Error(`the page stayed at "${heading(await browser.visit(page.path))}"`);
};

describe('a waiting page', () => {
  test('receives the events of the call and ends with it', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    const events = /data-waiting="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const heard = browser.go(events, { headers: { accept: 'text/event-stream' } });
    await pickUp(ada, '#');
    const { status, text, headers } = await heard;
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'text/event-stream; charset=utf-8',
    });
    const told = [...text.matchAll(/^data: (.*)$/gm)].map(([, line = '']) => JSON.parse(line) as { phase: string });
    expect(told.at(0)).toMatchObject({ phase: 'pending' });
    expect(told.at(-1)).toMatchObject({ phase: 'passed' });
  });

  test('can read the state as one JSON document', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    const events = /data-waiting="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const { status, text } = await browser.go(events, { headers: { accept: 'application/json' } });
    expect({ status, event: JSON.parse(text) as unknown }).toMatchObject({ status: 200, event: { phase: 'pending' } });
  });

  test('is told nothing of a call where there is none: before the password, and at a code from an app', async () => {
    const browser = world.browser();
    const asked = await browser.visit((await rp.begin()).url);
    const { page, browser: atCode } = await upToFactor(world.people.noor);
    const headers = { accept: 'application/json' };
    for (const told of [
      await browser.go(`${asked.path}/events`, { headers }),
      await atCode.go(`${page.path}/events`, { headers }),
    ])
      expect(JSON.parse(told.text)).toMatchObject({ phase: 'over', status: '' });
  });

  test('gets at most four event streams for one sign-in', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    const events = /data-waiting="([^"]*)"/.exec(page.text)?.[1] ?? '';
    const headers = { accept: 'text/event-stream' };
    const streams = Array.from({ length: 5 }, () => browser.go(events, { headers }));
    const first = await Promise.race(streams);
    expect(first.status).toBe(503);
    await browser.visit(formTo(page, /\/restart$/).action, { form: {} });
    const statuses = (await Promise.all(streams)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 503]);
  });
});

describe('going back and starting over', () => {
  test('"Not you?" hangs up and shows the password page', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    await ada.phone.ringing();
    const first = await browser.visit(formTo(page, /\/restart$/).action, { form: {} });
    expect(heading(first)).toBe('Sign in to Contoso Office');
    expect(await ada.phone.phone()).toMatchObject({ state: 'idle' });

    // The same person again: asked as at first.
    const calling = await enterPassword(browser, first, ada);
    expect(heading(calling)).toBe(heading(page));
    await ada.phone.ringing();
    await browser.visit(formTo(calling, /\/restart$/).action, { form: {} });
  });

  test('"Back to" the client sends access_denied to it', async () => {
    const browser = world.browser();
    const first = await browser.visit((await rp.begin()).url);
    expect(errorAt(browser, await browser.visit(formTo(first, /\/cancel$/).action, { form: {} }))).toBe(
      'access_denied',
    );
  });

  test('Back after success shows "signed in" and posts no form again', async () => {
    const { noor } = world.people;
    const { browser, request, page } = await upToFactor(noor);
    const form = { code: await noor.phone.code() };
    const done = await browser.visit(formTo(page, /\/factor$/).action, { form });
    await request.redeem(atClient(browser, done));
    const back = await browser.visit(page.path);
    expect({ status: back.status, heading: heading(back) }).toEqual({ status: 200, heading: 'You’re signed in' });
    const again = await browser.visit(formTo(page, /\/factor$/).action, { form });
    expect(again.status).toBe(409);
  });

  test('a second tab shows the ringing call and starts no second one', async () => {
    const { ada } = world.people;
    const { browser, page } = await upToFactor(ada);
    expect(heading(await browser.visit(page.path))).toBe(heading(page));
    await enterPassword(browser, { ...page, text: `<form action="${page.path}/password"></form>` }, ada);
    expect((await ada.phone.phone()).calls.filter(call => !call.isOver)).toHaveLength(1);
  });

  test('a sign-in that waited too long to be begun anew leads back to its client', async () => {
    const client = await world.addClient({ id: 'payroll', name: 'Payroll' });
    const payroll = await openRelyingParty(world, client);
    const browser = world.browser();
    const page = await browser.visit((await payroll.begin()).url);
    world.clock.advance(13 * 3_600_000);
    const over = await browser.visit(page.path);
    expect({ status: over.status, knows: over.text.includes('Payroll'), code: over.text.includes('IDP-1001') }).toEqual(
      {
        status: 400,
        knows: true,
        code: true,
      },
    );
    const resumed = await browser.visit(page.path.replace('/interaction/', '/auth/'));
    expect({ status: resumed.status, knows: resumed.text.includes('Payroll') }).toEqual({ status: 400, knows: true });
  });
});

describe('several people and clients', () => {
  test('the call of a first person approves no sign-in after a second person typed their password', async () => {
    const { ada, grace } = world.people;
    const { browser, page } = await upToFactor(ada);
    await ada.phone.ringing();
    await ada.phone.answer();
    const other = await enterPassword(
      browser,
      { ...page, text: `<form action="${page.path}/password"></form>` },
      grace,
    );
    expect(heading(other)).toBe('We’re calling +1 ••• 44');
    // The call was hung up, so no key can be pressed.
    expect(await ada.phone.phone()).toMatchObject({ state: 'idle' });
    await expect(ada.phone.press('#')).rejects.toMatchObject({ name: 'SimulatorError' });
    expect(heading(await checkAgain(browser, other))).toBe('We’re calling +1 ••• 44');
    const passed = (await world.audited('challenge.passed')).filter(each => each.at === world.clock());
    expect(passed).toEqual([]);
  });

  test('the call of a first person hangs up when a second person needs no second step', async () => {
    const { ada, linus } = world.people;
    const { browser, request, page } = await upToFactor(ada);
    await ada.phone.ringing();
    const form = { ...page, text: `<form action="${page.path}/password"></form>` };
    const done = await enterPassword(browser, form, linus);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: linus.user.id, acr: 'sfa' });
    expect(await ada.phone.phone()).toMatchObject({ state: 'idle' });
  });

  test('a sign-in beside the session of another person asks before ending that session', async () => {
    const { linus, noor } = world.people;
    const browser = world.browser();
    await signIn(rp, browser, linus);
    const request = await rp.begin({ prompt: 'login' });
    const asked = await enterPassword(browser, await browser.visit(request.url), noor);
    const code = await noor.phone.code();
    const question = await browser.visit(formTo(asked, /\/factor$/).action, { form: { code } });
    expect(question.text).toContain('linus');
    const library = await browser.visit(formTo(question, /\/switch$/).action, { form: {} });
    // The library ends the old session with a form of its own, which script submits.
    const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
    const done = await browser.visit(action, { form: hidden });
    const tokens = await request.redeem(atClient(browser, done));
    expect(tokens.claims()).toMatchObject({ sub: noor.user.id });
  });

  test('prompt=select_account asks which account to use, and goes on with it', async () => {
    const { linus } = world.people;
    const browser = world.browser();
    await signIn(rp, browser, linus);
    const request = await rp.begin({ prompt: 'select_account' });
    const page = await browser.visit(request.url);
    expect(heading(page)).toBe('Choose an account');
    expect(page.text).toContain('Continue as linus');
    const done = await browser.visit(formTo(page, /\/account$/).action, { form: { account: 'same' } });
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: linus.user.id });
  });

  test('prompt=select_account lets another person sign in, after a warning', async () => {
    const { linus, noor } = world.people;
    const browser = world.browser();
    await signIn(rp, browser, noor);
    const request = await rp.begin({ prompt: 'select_account' });
    const page = await browser.visit(request.url);
    const signIns = await browser.visit(formTo(page, /\/account$/).action, { form: { account: 'another' } });
    const question = await enterPassword(browser, signIns, linus);
    expect(question.text).toContain('noor');
    const library = await browser.visit(formTo(question, /\/switch$/).action, { form: {} });
    const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
    const tokens = await request.redeem(atClient(browser, await browser.visit(action, { form: hidden })));
    expect(tokens.claims()).toMatchObject({ sub: linus.user.id, acr: 'sfa' });
  });

  test('prompt=select_account can be left for the client, and takes no other answer', async () => {
    const browser = world.browser();
    await signIn(rp, browser, world.people.linus);
    const page = await browser.visit((await rp.begin({ prompt: 'select_account' })).url);
    const { action } = formTo(page, /\/account$/);
    expect((await browser.go(action, { form: { account: 'noor' } })).status).toBe(400);
    expect((await browser.go(action, { form: {} })).status).toBe(400);
    expect(errorAt(browser, await browser.visit(formTo(page, /\/cancel$/).action, { form: {} }))).toBe('access_denied');
  });

  test('a person without a second factor is not asked for one because the session of another person was', async () => {
    const { linus, noor } = world.people;
    const browser = world.browser();
    await signIn(rp, browser, noor);
    const request = await rp.begin({ prompt: 'login' });
    const question = await enterPassword(browser, await browser.visit(request.url), linus);
    expect(question.text).toContain('noor');
    const library = await browser.visit(formTo(question, /\/switch$/).action, { form: {} });
    const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
    const tokens = await request.redeem(atClient(browser, await browser.visit(action, { form: hidden })));
    expect(tokens.claims()).toMatchObject({ sub: linus.user.id, acr: 'sfa' });
  });

  test('a third-party client asks for consent and gets access_denied on refusal', async () => {
    const foreign = await openRelyingParty(
      world,
      await world.addClient({ id: 'foreign', name: 'Foreign', first_party: false }),
    );
    const { linus } = world.people;
    const browser = world.browser();
    const request = await foreign.begin();
    const asked = await enterPassword(browser, await browser.visit(request.url), linus);
    const { action } = formTo(asked, /\/consent$/);
    expect(errorAt(browser, await browser.visit(action, { form: { answer: 'deny' } }))).toBe('access_denied');
    const second = await foreign.begin();
    const again = await browser.visit(second.url);
    const allowed = await browser.visit(formTo(again, /\/consent$/).action, { form: { answer: 'allow' } });
    await expect(second.redeem(atClient(browser, allowed))).resolves.toMatchObject({ scope: 'openid profile email' });
  });

  test('a person whom no factor in use lets reach the required acr is told so, and the client gets an error', async () => {
    const strict = await openRelyingParty(
      world,
      await world.addClient({ id: 'stricter', name: 'Stricter', min_acr: 'phr' }),
    );
    const { grace } = world.people;
    const browser = world.browser();
    const unmet = await enterPassword(browser, await browser.visit((await strict.begin()).url), grace);
    expect(unmet.text).toContain('IDP-2301');
    const left = await browser.visit(formTo(unmet, /\/cancel$/).action, { form: {} });
    expect(errorAt(browser, left)).toBe('unmet_authentication_requirements');
    expect((await grace.phone.phone()).calls.filter(call => !call.isOver)).toEqual([]);
  });

  test('a method below the required acr is neither offered nor accepted', async () => {
    const strict = await openRelyingParty(
      world,
      await world.addClient({ id: 'strict', name: 'Strict', min_acr: 'aal2' }),
    );
    const { ada } = world.people;
    const browser = world.browser();
    const asked = await enterPassword(browser, await browser.visit((await strict.begin()).url), ada);
    expect(heading(asked)).toBe('Enter the code from your app');
    await expect(chooseOption(browser, asked, /call/i)).rejects.toThrow('no row');
    const [phone] = await world.services.authenticators.of(ada.user);
    const forced = await browser.go(`${asked.path}/options`, { form: { method: `call:${phone?.id ?? ''}` } });
    expect(forced.status).toBe(403);
  });
});
