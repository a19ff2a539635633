/** Tests that a sign-in whose page was open past its time is begun anew, and which ones are not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, onward, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { startWorld, type World } from '../support/world/world.ts';

const lifetime = 600_000;
let world: World;
let rp: RelyingParty;
let browser: Browser;
let request: Request;
let page: Answer;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(24 * 3_600_000);
  browser = world.browser();
  request = await rp.begin({ scope: 'openid email', ui_locales: 'de' });
  page = await browser.visit(request.url);
});

const begunCount = (): number => world.logged.filter(({ event }) => event === 'sign-in.begun').length;
/** The value in the field of the user name. */
const nameIn = ({ text }: Answer): string | undefined => /<input id="name"[^>]* value="([^"]*)"/.exec(text)?.[1];
const typed = (name: string) => ({ form: { name, password: 'copper-beacon-desert' } });

test('a form that is sent after its time begins the same request anew, with the user name kept and no password', async () => {
  const { noor } = world.people;
  world.clock.advance(lifetime + 1000);
  const before = begunCount();
  const moving = await browser.go(`${page.path}/password`, typed(noor.name));
  // By a page and not a redirect: a session may lead on to the client, which a form must not be redirected to.
  expect([moving.status, heading(moving), moving.headers['location']]).toEqual([200, 'Einen Moment', undefined]);
  expect(onward(moving)).toMatch(/^\/auth\?/);
  expect(moving.text).not.toContain('copper-beacon-desert');
  const again = await browser.visit(onward(moving) ?? '');
  expect(uidOf(again)).not.toBe(uidOf(page));
  expect([nameIn(again), begunCount() - before]).toEqual([noor.name, 1]);
  expect(again.text).toContain('Diese Seite war lange offen.');
  expect(again.text).not.toContain('copper-beacon-desert');
  expect(await world.audited('password.refused')).toEqual([]);

  // The name is shown once.
  expect(nameIn(await browser.go(again.path))).toBeUndefined();
  const asked = await enterPassword(browser, again, noor);
  const done = await enterCode(browser, asked, codeAt(noor, world.clock()));
  const { scope } = await request.redeem(atClient(browser, done));
  expect(scope).toBe('openid email');
});

test('a page that is loaded again after its time is renewed silently', async () => {
  world.clock.advance(lifetime + 1000);
  const again = await browser.visit(page.path);
  expect([again.status, uidOf(again) === uidOf(page), heading(again)]).toEqual([200, false, heading(page)]);
  expect(again.text).not.toContain('lange offen');
});

test('a sign-in at its second step that waited past its time is begun anew too, at the password', async () => {
  const { noor } = world.people;
  const asked = await enterPassword(browser, page, noor);
  expect(asked.status).toBe(200);
  world.clock.advance(lifetime + 1000);
  const moving = await browser.go(`${page.path}/factor`, { form: { code: codeAt(noor, world.clock()) } });
  const again = await browser.visit(onward(moving) ?? '');
  expect(again.text).toContain('name="password"');
});

test('a session of the meantime leads on to the client', async () => {
  await signIn(rp, browser, world.people.linus);
  world.clock.advance(lifetime + 1000);
  const moving = await browser.go(`${page.path}/password`, typed('linus'));
  expect(atClient(browser, await browser.visit(onward(moving) ?? '')).searchParams.has('code')).toBe(true);
});

/** Whether the page of a sign-in and its form both answer with an error and lead nowhere. */
const leadsNowhere = async (by: Browser, path: string): Promise<boolean> => {
  const answers = [await by.go(path), await by.go(`${path}/password`, typed('noor'))];
  return answers.every(answer => answer.status >= 400 && by.next(answer) === undefined);
};

describe('a sign-in is not begun anew', () => {
  test('a second time: each renewed sign-in has an address of its own', async () => {
    world.clock.advance(lifetime + 1000);
    const again = await browser.visit(page.path);
    expect(await leadsNowhere(browser, page.path)).toBe(true);
    // The renewed one is renewed after its own time, one step each time.
    world.clock.advance(lifetime + 1000);
    const third = await browser.go(again.path);
    expect([third.status, third.headers['location']]).toEqual([303, expect.stringMatching(/^\/auth\?/)]);
  });

  test('after it was cancelled, also with a copy of its cookies', async () => {
    const copy = browser.jar.copy();
    await browser.visit(`${page.path}/cancel`, { form: {} });
    world.clock.advance(lifetime + 1000);
    expect(await leadsNowhere(browser, page.path)).toBe(true);
    browser.jar = copy;
    expect(await leadsNowhere(browser, page.path)).toBe(true);
  });

  test('after it was finished, also with a copy of its cookies', async () => {
    const copy = browser.jar.copy();
    await enterPassword(browser, page, world.people.linus);
    world.clock.advance(lifetime + 1000);
    browser.jar = copy;
    const answer = await browser.go(page.path);
    expect(answer.headers['location']).toBeUndefined();
    expect(heading(answer)).not.toBe(heading(page));
  });

  test('in another browser', async () => {
    world.clock.advance(lifetime + 1000);
    expect(await leadsNowhere(world.browser(), page.path)).toBe(true);
    const other = world.browser();
    await other.visit((await rp.begin()).url);
    expect(await leadsNowhere(other, page.path)).toBe(true);
  });

  test('half a day later', async () => {
    world.clock.advance(12 * 3_600_000 + lifetime);
    expect(await leadsNowhere(browser, page.path)).toBe(true);
  });

  test('where its request was pushed', async () => {
    const pushed = await world.browser().go('/request', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`contoso:${encodeURIComponent('secret of contoso')}`).toString('base64')}`,
      },
      body: new URL(request.url).search.slice(1),
    });
    const { request_uri: uri } = JSON.parse(pushed.text) as { request_uri: string };
    const begun = await browser.visit(
      `/auth?${new URLSearchParams({ client_id: 'contoso', request_uri: uri }).toString()}`,
    );
    expect(begun.status).toBe(200);
    world.clock.advance(lifetime + 1000);
    expect(await leadsNowhere(browser, begun.path)).toBe(true);
  });

  test('beyond the limit of begun sign-ins, which it counts towards', async () => {
    world.clock.advance(lifetime + 1000);
    const limited = await startWorld({ env: { SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '1' } });
    try {
      const party = await openRelyingParty(limited, await limited.addClient({ id: 'contoso' }));
      const waiting = limited.browser();
      const begun = await waiting.visit((await party.begin()).url);
      limited.clock.advance(lifetime + 1000);
      expect((await limited.browser().go((await party.begin()).url)).status).toBe(303);
      expect((await waiting.visit(begun.path)).status).toBe(429);
    } finally {
      await limited.close();
    }
  });
});

test('an event stream gets JSON, not a new sign-in', async () => {
  world.clock.advance(lifetime + 1000);
  const answer = await browser.go(`${page.path}/events`, { headers: { accept: 'application/json' } });
  expect([answer.status, JSON.parse(answer.text)]).toEqual([400, expect.objectContaining({ error: 'sign-in-lost' })]);
});
