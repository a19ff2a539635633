/**
 * A44. Another site makes the browser of a signed-in person send a form of ours: a password, a right code, "allow",
 * "sign out" or "continue as the other person". Each address that changes state is tried when its own form would change
 * it. It is tried by forms, scripts, disguised JSON, other methods, and with uid and cookies swapped. Then the own form
 * is sent, and changes it.
 * Guards: `src/http/same-origin.ts#requireSameOrigin` on every POST of a sign-in and of the language;
 * `src/oidc/sign-out/sign-out-guard.ts#guardSignOut` on the library's sign-out;
 * `interactions/protocols/oidc/protocol.ts#interactionOf`; routers that write by POST only.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditEventKind } from '../../src/records.ts';
import { Browser, type Ask } from '../support/browser/plain.ts';
import { Jar } from '../support/browser/jar.ts';
import { withRoutes, type SurfaceRoute } from '../support/surface/routes.ts';
import { anyAction, openActions, actions, type ActionForm, type ActionDeps } from '../support/surface/actions.ts';
import { createStateReader } from '../support/surface/state.ts';
import { createTestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld } from '../support/world/world.ts';

const kept = createStateReader();
const carrier = createTestCarrier();
let deps: ActionDeps;
let routes: readonly SurfaceRoute[];
beforeAll(async () => {
  const { started, routes: found } = await withRoutes(wrap =>
    startWorld({ store: kept.store, wrap: resources => carrier.wrap(wrap(resources)) }),
  );
  routes = found;
  deps = await openActions(started, carrier);
});
afterAll(() => deps.world.close());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const evil = 'https://evil.example';
const written = ({ form: fields }: ActionForm): string => new URLSearchParams(fields).toString();
const multipart = ({ form: fields }: ActionForm): string =>
  `${Object.entries(fields)
    .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--`;

/** Requests that another site can make a browser send, and requests of programs. */
const forged: Readonly<Record<string, (action: ActionForm) => Ask>> = {
  'a form that says nothing of where it comes from': action => ({ headers: form, body: written(action) }),
  'a form with a foreign Origin': action => ({ headers: { ...form, origin: evil }, body: written(action) }),
  'a form with Origin null and nothing else': action => ({
    headers: { ...form, origin: 'null' },
    body: written(action),
  }),
  'a cross-site form': action => ({
    headers: { ...form, origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    body: written(action),
  }),
  'a cross-site form without referrer': action => ({
    headers: { ...form, origin: 'null', 'sec-fetch-site': 'cross-site' },
    body: written(action),
  }),
  'a form of a sister site': action => ({
    headers: { ...form, origin: 'null', 'sec-fetch-site': 'same-site' },
    body: written(action),
  }),
  'a form that nobody’s page sent': action => ({
    headers: { ...form, 'sec-fetch-site': 'none' },
    body: written(action),
  }),
  'same-origin by its own word, with a foreign Origin': action => ({
    headers: { ...form, origin: evil, 'sec-fetch-site': 'same-origin' },
    body: written(action),
  }),
  'our Origin, cross-site': action => ({
    headers: { ...form, origin: deps.world.issuer.origin, 'sec-fetch-site': 'cross-site' },
    body: written(action),
  }),
  'two words for where it comes from': action => ({
    headers: { ...form, 'sec-fetch-site': 'same-origin, cross-site' },
    body: written(action),
  }),
  'fetch without CORS': action => ({
    headers: { ...form, origin: evil, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    body: written(action),
  }),
  'JSON as text': action => ({
    headers: { 'content-type': 'text/plain', origin: evil, 'sec-fetch-site': 'cross-site' },
    body: JSON.stringify(action.form),
  }),
  JSON: action => ({
    headers: { 'content-type': 'application/json', origin: evil, 'sec-fetch-site': 'cross-site' },
    body: JSON.stringify(action.form),
  }),
  'a form with files': action => ({
    headers: { 'content-type': 'multipart/form-data; boundary=x', origin: evil, 'sec-fetch-site': 'cross-site' },
    body: multipart(action),
  }),
};

/** Requests from our own page in a format that no form of ours has. */
const misshapen: Readonly<Record<string, (action: ActionForm) => Ask>> = {
  'JSON as text': action => ({ headers: { 'content-type': 'text/plain' }, body: JSON.stringify(action.form) }),
  JSON: action => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(action.form) }),
  'a form with files': action => ({
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: multipart(action),
  }),
};

/** Refusals are audited, so the audit may change. */
const refusals = [auditEventKind.name];
/** The library writes an unchanged session again when a request has a wrong secret. */
const sessions = ['oidc:Session'];
/** Addresses that use no cookies: signed by the carrier or by a phone, or authenticated by a client or a token. */
const withoutCookies = /^\/(?:callbacks\/|authenticator\/api\/|token|request$|me$|device\/auth$|backchannel$)/;
const writes = (): readonly SurfaceRoute[] =>
  routes.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
const paths = (): readonly string[] =>
  [...new Set(writes().map(({ path }) => path))].filter(path => !withoutCookies.test(path));

test('A44 every address that changes state is tested and does so by POST only', () => {
  expect(writes().filter(({ method, path }) => method !== 'POST' && !withoutCookies.test(path))).toEqual([]);
  expect(paths()).toEqual(expect.arrayContaining(Object.keys(actions)));
  expect(paths().length).toBeGreaterThanOrEqual(Object.keys(actions).length);
});

describe('A44 by another site', () => {
  test('A44 no forged request changes state, and our own form does', async () => {
    const results: unknown[] = [];
    for (const path of paths()) {
      const action = await (actions[path] ?? anyAction(path))(deps);
      const { browser } = action;
      const [before, without] = [await kept.snapshot(deps.world), await kept.snapshot(deps.world, sessions)];
      for (const [name, ask] of Object.entries(forged)) {
        const { status } = await browser.go(action.path, { method: 'POST', ...ask(action) });
        if (status !== 403) results.push({ path, name, status });
        if ((await kept.snapshot(deps.world)) !== before) results.push({ path, name, changed: true });
      }
      for (const [name, ask] of Object.entries(misshapen)) {
        const { headers, ...how } = ask(action);
        const ours = { ...headers, 'sec-fetch-site': 'same-origin' };
        const { status } = await browser.go(action.path, { method: 'POST', headers: ours, ...how });
        if (status < 400) results.push({ path, name: `our own ${name}`, status });
        if ((await kept.snapshot(deps.world, sessions)) !== without)
          results.push({ path, name: `our own ${name}`, changed: true });
      }
      const { status } = await browser.go(action.path, { form: action.form });
      const isDone = path in actions ? [200, 303].includes(status) : status !== 403;
      const isChanged = (await kept.snapshot(deps.world)) !== before;
      // The language is kept in the browser, not in the store.
      const changes = path in actions && path !== '/language';
      if (!isDone || (changes && !isChanged)) results.push({ path, name: 'the own form', status, isChanged });
    }
    expect(results).toEqual([]);
  }, 60_000);

  test('A44 no other method changes state, with fields in the address or the body', async () => {
    const results: unknown[] = [];
    for (const path of paths()) {
      const action = await (actions[path] ?? anyAction(path))(deps);
      const before = await kept.snapshot(deps.world);
      const reads = new Set(routes.filter(each => each.path === path).map(({ method }) => method));
      for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS']) {
        for (const override of [{}, { 'x-http-method-override': 'POST', 'x-http-method': 'POST' }]) {
          const ours = { ...form, ...override, 'sec-fetch-site': 'same-origin' };
          const body = ['GET', 'HEAD', 'TRACE'].includes(method) ? {} : { body: written(action) };
          const to = `${action.path}?${written(action)}&_method=POST`;
          const { status } = await action.browser.go(to, { method, headers: ours, ...body });
          const isRefused = [404, 405].includes(status) || reads.has(method) || method === 'OPTIONS';
          if (!isRefused) results.push({ path, method, status });
          if ((await kept.snapshot(deps.world)) !== before) results.push({ path, method, changed: true });
        }
      }
    }
    expect(results).toEqual([]);
  }, 60_000);
});

describe('A44 with uid and cookies swapped', () => {
  test('A44 swapped cookies or addresses of two browsers change no state', async () => {
    const results: unknown[] = [];
    for (const path of paths().filter(each => each.includes(':uid'))) {
      const mine = await (actions[path] ?? anyAction(path))(deps);
      const theirs = await anyAction(path)(deps);
      const before = await kept.snapshot(deps.world, refusals);
      const wide = (from: ActionForm): Browser =>
        // A sender who writes the header is not limited by the path of a cookie.
        new Browser(
          deps.world.place,
          new Jar(
            deps.world.clock,
            from.browser.jar.cookies.map(each => ({ ...each, path: '/' })),
          ),
        );
      for (const [name, browser, to] of [
        ['their cookies at my address', wide(theirs), mine],
        ['my cookies at their address', wide(mine), { ...theirs, form: mine.form }],
        ['no cookies', deps.world.browser(), mine],
      ] as const) {
        const { status } = await browser.go(to.path, { form: to.form });
        if (status !== 403) results.push({ path, name, status });
        if ((await kept.snapshot(deps.world, refusals)) !== before) results.push({ path, name, changed: true });
      }
      const { status } = await mine.browser.go(mine.path, { form: mine.form });
      if (![200, 303, 422].includes(status)) results.push({ path, name: 'the own form', status });
    }
    expect(results).toEqual([]);
  }, 60_000);

  test('A44 the secret of another sign-out, or no secret, signs nobody out', async () => {
    const arrive = actions['/session/end/confirm'];
    if (arrive === undefined) throw new Error('no scene');
    const [mine, theirs] = [await arrive(deps), await arrive(deps)];
    const besides = [...refusals, ...sessions];
    const before = await kept.snapshot(deps.world, besides);
    // One that does not fit is asked again; none at all is no form of ours.
    const statuses: number[] = [];
    for (const fields of [theirs.form, { logout: 'yes' }, { logout: 'yes', xsrf: '' }]) {
      statuses.push((await mine.browser.go(mine.path, { form: fields })).status);
    }
    expect(statuses).toEqual([303, 400, 400]);
    expect(await kept.snapshot(deps.world, besides)).toBe(before);
    const silent = { prompt: 'none' };
    expect((await mine.browser.visit((await deps.contoso.begin(silent)).url)).headers['location']).toContain('code=');
  });
});

describe('A44 endpoints without cookies', () => {
  test('A44 cookies do not authorise what carriers and clients post', async () => {
    const arrive = actions['/session/end/confirm'];
    const action = await arrive?.(deps);
    if (action === undefined) throw new Error('no scene');
    const before = await kept.snapshot(deps.world, refusals);
    const asked = writes().filter(({ path }) => withoutCookies.test(path));
    expect(asked.length).toBeGreaterThanOrEqual(8);
    for (const { path } of asked) {
      const to = path.replace(':token', 'x'.repeat(22));
      const { status } = await action.browser.go(to, {
        form: { Digits: '#', token: 'x', grant_type: 'refresh_token' },
      });
      expect({ path, refused: status >= 400 && status < 500 }).toEqual({ path, refused: true });
    }
    expect(await kept.snapshot(deps.world, refusals)).toBe(before);
  });
});
