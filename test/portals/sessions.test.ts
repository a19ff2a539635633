/** Tests the pages of sessions, sign-ins and apps: what they tell, and that what ends there is over on every node. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  checkAgain,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
  type RelyingParty,
  type Tokens,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { answerSignIn, openAccount } from './support/portal.ts';

const page = '/account/sessions';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

let world: World;
let grace: TestPerson;
let office: RelyingParty;
let browser: Browser;
let other: Browser;
beforeAll(async () => {
  world = await startWorld({ nodes: 2 });
  ({ grace } = world.people);
  office = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  [browser, other] = [world.browser(), world.browser()];
  browser.userAgent = firefox;
  other.userAgent = safari;
});

/** The page in words: without markup. */
const wordsOf = ({ text }: Answer): string =>
  text
    .replaceAll(/<(?:style|script|head)[^]*?<\/(?:style|script|head)>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', '’')
    .replaceAll(/\s+/g, ' ');
const post = async (at: Answer, path: RegExp, more: Record<string, string> = {}): Promise<Answer> => {
  const { action, hidden } = formTo(at, path);
  return browser.visit(action, { form: { ...hidden, ...more } });
};
const offline = { scope: 'openid offline_access', prompt: 'consent' };

/** What the tokens still open, on a node. The relying party talks to the first one. */
const userinfoOn = async (node: number, { access_token: token }: Tokens): Promise<number> =>
  (await world.browser().go('/me', { node, headers: { authorization: `Bearer ${token}` } })).status;
const refreshOn = async (node: number, { refresh_token: token = '' }: Tokens): Promise<number> => {
  const form = { grant_type: 'refresh_token', refresh_token: token };
  const credentials = Buffer.from(`${office.client.id}:${encodeURIComponent(office.client.secret ?? '')}`);
  const answer = await world.browser().go('/token', {
    node,
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${credentials.toString('base64')}`,
    },
  });
  return answer.status;
};

describe('the page of sessions', () => {
  test('shows each browser with its place, and this one first', async () => {
    await signIn(office, other, grace);
    const shown = wordsOf(await openAccount(browser, grace, page));
    expect(shown).toMatch(/Firefox on Linux This browser .*127\.0\.0\.1 · Phone call/);
    expect(shown).toMatch(/Safari on iPhone .*127\.0\.0\.1 · Phone call · Used for Contoso Office/);
    expect(shown.indexOf('Firefox')).toBeLessThan(shown.indexOf('Safari'));
  });

  test('tells times in UTC to a browser without script, and in the time zone of a person who has one', async () => {
    const { linus } = world.people;
    expect(wordsOf(await openAccount(browser, linus, page))).toMatch(/Signed in: \d+ \w+ \d{4}, \d\d:\d\d UTC/);
    await world.services.users.setProfile(linus.user.id, { zoneinfo: 'Asia/Kolkata' }, 'cli');
    expect(wordsOf(await browser.visit(page))).toMatch(/Signed in: \d+ \w+ \d{4}, \d\d:\d\d GMT\+5:30/);
  });

  test('after a session was ended on it, its opaque tokens answer 401 and 400 on every node at the next request', async () => {
    const lost = await signIn(office, other, grace);
    const shown = await openAccount(browser, grace, page);
    expect(await userinfoOn(1, lost)).toBe(200);
    const done = await post(shown, /\/sessions\/end$/);
    expect(wordsOf(done)).toContain('That browser is signed out');
    for (const node of [0, 1]) {
      expect(await userinfoOn(node, lost)).toBe(401);
      expect(await refreshOn(node, lost)).toBe(400);
    }
    expect(wordsOf(done)).toContain('You’re signed in only here.');
    expect((await world.audited('session.ended')).at(-1)).toMatchObject({
      actor: `user:${grace.user.id}`,
      facts: { reason: 'one' },
    });
  });

  test('ends all others and keeps this one', async () => {
    const lost = await signIn(office, other, grace);
    const kept = await signIn(office, browser, grace);
    await post(await openAccount(browser, grace, page), /\/end-others$/);
    expect([await userinfoOn(1, lost), await userinfoOn(1, kept)]).toEqual([401, 200]);
    expect([await refreshOn(1, lost), await refreshOn(1, kept)]).toEqual([400, 200]);
    expect(heading(await browser.visit(page))).toBe('Sessions and sign-ins');
  });

  test('ends others for a person who never had a method, after a recent password', async () => {
    const { linus } = world.people;
    const lost = await signIn(office, other, linus);
    const done = await post(await openAccount(browser, linus, page), /\/end-others$/);
    expect([done.path, await userinfoOn(1, lost)]).toEqual([page, 401]);
  });

  test('asks before everything ends, and then ends this one too', async () => {
    const lost = await signIn(office, other, grace);
    await openAccount(browser, grace, page);
    const question = await browser.visit('/account/sessions/end-all');
    expect(heading(question)).toBe('Sign out everywhere?');
    expect(await userinfoOn(1, lost)).toBe(200);
    expect(heading(await post(question, /\/end-all$/))).toMatch(/^Sign in to /);
    expect(await userinfoOn(1, lost)).toBe(401);
  });

  test('ends no session of another person', async () => {
    const { noor } = world.people;
    const kept = await signIn(office, other, noor);
    const [theirs] = await world.services.accountSessions.list(
      (await world.services.users.get(noor.user.id)) ?? noor.user,
    );
    await openAccount(browser, grace, page);
    const answer = await browser.visit('/account/sessions/end', { form: { session: theirs?.id ?? '' } });
    expect(wordsOf(answer)).toContain('That had ended already.');
    expect(await userinfoOn(1, kept)).toBe(200);
  });

  test('changes nothing five minutes and a second after the sign-in, and asks to sign in again', async () => {
    const kept = await signIn(office, other, grace);
    const shown = await openAccount(browser, grace, page);
    world.clock.advance(301_000);
    const asked = await post(shown, /\/sessions\/end$/);
    expect(asked.path).toMatch(/^\/interaction\//);
    expect(await userinfoOn(1, kept)).toBe(200);
    const back = await answerSignIn(browser, grace, asked);
    expect(back.path).toBe(page);
    expect(wordsOf(back)).toContain('make your change once more');
  });
});

describe('the last sign-ins', () => {
  test('are told in plain words, with the second step and the place', async () => {
    await signIn(office, other, grace);
    const request = await office.begin();
    const third = world.browser();
    third.userAgent = safari;
    const asked = await enterPassword(third, await third.visit(request.url), { ...grace, password: 'wrong' });
    expect(asked.status).toBe(422);
    const shown = wordsOf(await openAccount(browser, grace, page));
    expect(shown).toMatch(
      /You signed in to Contoso Office \. You answered the call and pressed #\. [^#]*Safari on iPhone · 127\.0\.0\.1/,
    );
    expect(shown).toMatch(/Somebody typed a wrong password for Contoso Office \. [^#]*Safari on iPhone/);
  });

  test('tell of a call that the person denied', async () => {
    await openAccount(browser, grace, page);
    const request = await office.begin();
    const calling = await enterPassword(other, await other.visit(request.url), grace);
    await pickUp(grace, '0#');
    await checkAgain(other, calling);
    const shown = wordsOf(await browser.visit(page));
    expect(shown).toMatch(/A sign-in to Contoso Office was stopped: you said it wasn’t you\. [^#]*Safari on iPhone/);
  });

  test('have a way to say "this wasn’t me": other sessions end, administrators are told, a new password is next', async () => {
    const lost = await signIn(office, other, grace);
    const shown = await openAccount(browser, grace, page);
    const [, link = ''] = /href="(\/account\/sign-ins\/[A-Z0-9]{8}\/not-me)"/.exec(shown.text) ?? [];
    const question = await browser.visit(link);
    expect(await userinfoOn(1, lost)).toBe(200);
    expect(wordsOf(question)).toContain('You signed in to Contoso Office');
    const done = await post(question, /\/not-me$/);
    expect(await userinfoOn(1, lost)).toBe(401);
    expect(done.path).toBe('/account/profile');
    expect(wordsOf(done)).toContain('Please choose a new password now.');
    const reference = link.split('/')[3];
    const told = (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'not-me');
    expect(told.map(each => [each.subject, each.reference, each.facts['audience']])).toEqual(
      expect.arrayContaining([
        [grace.user.id, reference, 'person'],
        [grace.user.id, reference, 'administrators'],
      ]),
    );
  });

  test('of other people cannot be opened', async () => {
    await signIn(office, other, world.people.noor);
    const theirs = (await world.audited('password.accepted')).at(-1)?.reference ?? '';
    await openAccount(browser, grace, page);
    expect((await browser.visit(`/account/sign-ins/${theirs}/not-me`)).status).toBe(404);
    expect((await browser.visit(`/account/sign-ins/${theirs}/not-me`, { form: {} })).status).toBe(404);
  });
});

describe('the page of apps', () => {
  test('shows what an app may see, and takes its access away on every node', async () => {
    await world.addClient({ id: 'foreign', name: 'Foreign Mail', first_party: false });
    const foreign = await openRelyingParty(world, {
      ...office.client,
      id: 'foreign',
      secret: 'secret of foreign',
      redirectUris: ['https://foreign.test/callback'],
    });
    await openAccount(browser, grace, page);
    const request = await foreign.begin(offline);
    const consent = await browser.visit(request.url);
    const agreed = await browser.visit(formTo(consent, /\/consent$/).action, { form: { answer: 'allow' } });
    const to = browser.next(agreed);
    const got = await request.redeem(to ?? new URL('https://x.test'));

    const shown = await browser.visit('/account/apps');
    expect(wordsOf(shown)).toMatch(/Foreign Mail .*Know who you are here .*Keeps its access while you are away/);
    const done = await post(shown, /\/apps\/remove$/);
    expect(wordsOf(done)).toContain('No app uses your account');
    for (const node of [0, 1]) expect(await userinfoOn(node, got)).toBe(401);
    await expect(oidc.refreshTokenGrant(foreign.config, got.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('names those of the organisation', async () => {
    await signIn(office, browser, grace);
    await openAccount(browser, grace, page);
    expect(wordsOf(await browser.visit('/account/apps'))).toContain('Contoso Office Belongs to your organisation');
  });
});
