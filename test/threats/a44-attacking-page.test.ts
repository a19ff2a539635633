/**
 * A44, in a browser. A person has a session and eight of our pages open in tabs, and visits a page of another site.
 * That page knows everything that could be known: each address, each field, the secret of the sign-out and the right
 * code. It tries them by forms into frames and new windows, by scripts of every kind, beacons, images and plain
 * navigation.
 * The same again behind a gateway that drops the headers `Sec-Fetch-*`, as older browsers do: `Origin` alone must tell.
 * Guards: `src/oidc/provider.ts#cookies` (SameSite), `src/http/same-origin.ts#requireSameOrigin`,
 * `src/http/headers.ts#policy` (`frame-ancestors`), and routers that write by POST only. Each of them alone would stop
 * most of it: test/threats/a44-cross-site.test.ts tests them one at a time.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import {
  openSite,
  openBrowserSetup,
  servePage,
  type Site,
  type BrowserSetup,
} from '../support/surface/browser-setup.ts';
import { auditEventKind } from '../../src/records.ts';
import { codeAt } from '../support/codes.ts';
import { createStateReader } from '../support/surface/state.ts';
import { createTestCarrier, postStatus } from '../support/carrier/test-carrier.ts';

const patience = 120_000;
let kept: ReturnType<typeof createStateReader>;
let carrier: ReturnType<typeof createTestCarrier>;
let setup: BrowserSetup;
let evil: Site;
const isThere = (url: URL): boolean => url.href !== 'about:blank';

/** A request that our server received, with its status. */
interface Answered {
  readonly method: string;
  readonly step: string;
  readonly status: number;
  readonly site: string;
  readonly withSession: boolean;
}
const answered: Answered[] = [];
const stepOf = (path: string): string => path.split('?', 1)[0]?.replace(/^\/interaction\/[^/]+/, '') ?? '';
const note = (message: unknown): void => {
  const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
  // During the start the server requests its own discovery document.
  if (request.headers.host !== setup?.world.issuer.host) return;
  answered.push({
    method: request.method ?? '',
    step: stepOf(request.url ?? ''),
    status: response.statusCode,
    site: String(request.headers['sec-fetch-site']),
    withSession: /(?:^|; )sallyport-session=/.test(request.headers.cookie ?? ''),
  });
};
const finished = 'http.server.response.finish';

beforeAll(async () => {
  subscribe(finished, note);
  evil = await openSite(servePage('<title>kittens</title><body></body>'));
});
afterEach(() => setup?.close(), patience);
afterAll(async () => {
  unsubscribe(finished, note);
  await evil?.close();
}, patience);

/** A gateway in front of the server that drops these headers. */
const dropping =
  (dropped: RegExp) =>
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    for (const name of Object.keys(request.headers)) if (dropped.test(name)) delete request.headers[name];
    answer(request, response);
  };

/** The value of `Sec-Fetch-Site` that arrives of each POST of the other site. */
const ways = [
  { name: 'in a browser of today', drop: undefined, site: 'cross-site' },
  { name: 'behind a gateway that drops Sec-Fetch-*', drop: /^sec-/, site: 'undefined' },
] as const;

/** A form that is open in a tab of this browser. */
interface Target {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const tabs = ['account', 'consent', 'start', 'switch', 'password', 'factor', 'again', 'signOut'] as const;
type Tabs = Readonly<Record<(typeof tabs)[number], Page>>;

/** Signs in and opens one tab for each action that is possible with the session. */
const openTabs = async (context: BrowserContext): Promise<Tabs> => {
  const { noor, linus, grace } = setup.world.people;
  const open = async (address: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  const isNew = () => open(setup.authorizationUrl('contoso', '&prompt=login'));
  await setup.signIn(context, noor);
  const [account, consent, start] = [
    await open(setup.authorizationUrl('contoso', '&prompt=select_account')),
    await open(setup.authorizationUrl('stranger')),
    await open(setup.authorizationUrl('contoso', '&prompt=mfa')),
  ];
  const [changing, password, factor, again] = [await isNew(), await isNew(), await isNew(), await isNew()];
  await setup.enterPassword(changing, linus);
  await setup.enterPassword(factor, noor);
  await factor.locator('input[autocomplete="one-time-code"]').waitFor();
  await setup.enterPassword(again, grace);
  await again.locator('[data-waiting]').waitFor();
  await postStatus(setup.world, carrier.last(), 'busy');
  await again.locator('form[action$="/again"]').waitFor();
  const signOut = await open(`${setup.world.issuer.origin}/session/end`);
  return { account, consent, start, switch: changing, password, factor, again, signOut };
};

/** The attacker's knowledge: every form of every tab, with values that would make it act. */
const formsOf = async (page: Page): Promise<readonly Target[]> =>
  page.evaluate(`[...document.querySelectorAll('form[method=post]')].map(form => ({
    action: form.action,
    fields: Object.fromEntries([...form.querySelectorAll('input, button[name]')].map(each => [each.name, each.value])),
  }))`);

/** Runs on the attacking page: every way to make a browser send a request, for one target. Resolves when all ended. */
const attack = `async ({ action, fields }) => {
  const body = new URLSearchParams(fields).toString();
  const loaded = target => new Promise(resolve => { target.onload = target.onerror = resolve; });
  const submit = (target, enctype) => {
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action, target, enctype });
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input');
      Object.assign(input, { type: 'hidden', name, value });
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  };
  for (const enctype of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
    const frame = document.createElement('iframe');
    frame.name = 'frame-' + Math.random();
    document.body.append(frame);
    const done = loaded(frame);
    submit(frame.name, enctype);
    await done;
    frame.remove();
  }
  const ask = (address, options) => fetch(address, { credentials: 'include', redirect: 'follow', ...options }).catch(() => {});
  await ask(action, { method: 'POST', mode: 'no-cors', body: new URLSearchParams(fields) });
  await ask(action, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(fields) });
  await ask(action, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) });
  await ask(action, { method: 'POST', referrerPolicy: 'no-referrer', mode: 'no-cors', body: new URLSearchParams(fields) });
  await ask(action + '?' + body, { mode: 'no-cors' });
  for (const method of ['PUT', 'DELETE']) await ask(action + '?' + body, { method });
  navigator.sendBeacon(action, new URLSearchParams(fields));
  const image = new Image();
  const seen = loaded(image);
  image.src = action + '?' + body;
  await seen;
}`;
/** The same by whole windows, which send the same cookies as a link. */
const inWindow = `({ action, fields, method }) => {
  const name = 'window-' + Math.random();
  window.open('about:blank', name);
  const form = document.createElement('form');
  Object.assign(form, { method, action, target: name });
  for (const [field, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name: field, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}`;

test.each(ways)(
  'A44 a page of another site that knows everything changes no state, and our own pages still work, $name',
  async ({ drop, site: siteSaid }) => {
    [kept, carrier] = [createStateReader(), createTestCarrier()];
    const front = drop && { front: dropping(drop) };
    setup = await openBrowserSetup({ store: kept.store, wrap: carrier.wrap, ...front });
    const context = await setup.chromium.newContext();
    const own = await openTabs(context);
    const { noor } = setup.world.people;
    setup.world.clock.advance(60_000);
    const { password } = noor;
    const code = codeAt(noor, setup.world.clock());
    const right: Readonly<Record<string, string>> = { name: 'noor', password, code, answer: 'allow', method: 'totp' };
    const targets = new Map<string, Target>();
    for (const name of tabs) {
      for (const { action, fields } of await formsOf(own[name])) {
        const filled = Object.entries(fields).map(([field, value]): [string, string] => [field, right[field] ?? value]);
        const step = stepOf(new URL(action).pathname);
        // The form for which the tab was opened. Others (language, "Not you?") are on every page.
        if (!targets.has(step) || step === `/${name}`)
          targets.set(step, { action, fields: Object.fromEntries(filled) });
      }
    }
    const somewhere = targets.get('/factor')?.action ?? '';
    targets.set('/options', { action: somewhere.replace('/factor', '/options'), fields: { method: 'totp' } });
    expect([...targets.keys()].toSorted()).toEqual([
      '/account',
      '/again',
      '/cancel',
      '/consent',
      '/factor',
      '/language',
      '/options',
      '/password',
      '/restart',
      '/session/end/confirm',
      '/start',
      '/switch',
    ]);

    // Refusals are audited, and the library writes a session again when a sign-out page is shown.
    const besides = ['oidc:Session', auditEventKind.name];
    const cookies = async () =>
      JSON.stringify((await context.cookies()).toSorted((a, b) => (a.name + a.path < b.name + b.path ? -1 : 1)));
    const [before, jar, sent] = [await kept.snapshot(setup.world, besides), await cookies(), carrier.sent.length];
    const known = (await setup.world.store.durable.collection(auditEventKind).find({}, { limit: 1000 })).length;
    const page = await context.newPage();
    await page.goto(evil.origin);
    answered.length = 0;
    const all = [...targets.values()];
    await page.evaluate(`Promise.all(${JSON.stringify(all)}.map(${attack}))`);
    for (const method of ['post', 'get']) {
      const opened: Page[] = [];
      const collect = (window: Page): void => void opened.push(window);
      context.on('page', collect);
      await page.evaluate(`${JSON.stringify(all.map(target => ({ ...target, method })))}.forEach(${inWindow})`);
      for (let rounds = 0; opened.length < all.length && rounds < 100; rounds += 1) await page.evaluate('1');
      context.off('page', collect);
      await Promise.all(opened.map(window => window.waitForURL(isThere, { waitUntil: 'commit' })));
      await Promise.all(opened.map(window => window.close()));
    }
    const asked = answered.filter(({ step }) => targets.has(step));
    const posts = asked.filter(({ method }) => method === 'POST');
    expect(posts.length).toBeGreaterThanOrEqual(targets.size * 8);
    expect(new Set(posts.map(({ step }) => step)).size).toBe(targets.size);
    expect(new Set(posts.map(({ site }) => site))).toEqual(new Set([siteSaid]));
    expect(posts.filter(({ status, withSession }) => status !== 403 || withSession)).toEqual([]);
    // A whole window opened by GET sends the cookies, as a link does. It may only read.
    const gets = asked.filter(({ method }) => method === 'GET');
    expect(gets.some(({ withSession }) => withSession)).toBe(true);
    expect(gets.filter(({ status, step }) => ![404, 405].includes(status) && step !== '/options')).toEqual([]);
    expect(asked.filter(({ method }) => ['PUT', 'DELETE'].includes(method))).toEqual([]);
    expect(await kept.snapshot(setup.world, besides)).toBe(before);
    const written = (await setup.world.store.durable.collection(auditEventKind).find({}, { limit: 1000 })).slice(known);
    expect(written.filter(({ event, outcome }) => event !== 'sign-in.refused' || outcome !== 'refused')).toEqual([]);
    expect(await cookies()).toBe(jar);
    expect(carrier.sent.length).toBe(sent);
    await page.close();

    // The same actions by our own pages, in the same browser.
    const atClient = (tab: Page) => tab.waitForURL(url => url.href.startsWith(`${setup.client.origin}/callback?code=`));
    await own.account.locator('button[value=same]').click();
    await atClient(own.account);
    await own.consent.locator('button[value=allow]').click();
    await atClient(own.consent);
    await own.again.locator('form[action$="/again"] button').click();
    await own.again.locator('[data-waiting]').waitFor();
    expect(carrier.sent.length).toBe(sent + 1);
    await own.start.locator('form[action$="/start"] button').click();
    await own.start.locator('input[autocomplete="one-time-code"]').waitFor();
    await own.factor.locator('input[autocomplete="one-time-code"]').fill(code);
    await atClient(own.factor);
    await setup.enterPassword(own.password, noor);
    await own.password.locator('input[autocomplete="one-time-code"]').waitFor();
    await own.switch.locator('form[action$="/switch"] button').click();
    await atClient(own.switch);
    await own.signOut.reload();
    await own.signOut.locator('button[name=logout]').click();
    await own.signOut.waitForURL(/\/session\/end\/success/);
    await context.close();
  },
  patience,
);
