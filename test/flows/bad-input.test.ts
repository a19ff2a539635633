/**
 * Tests every address of the conversation with every kind of malformed request: the right status, a page that helps
 * (JSON where JSON was requested), and an unchanged sign-in. The addresses are read from the router, so a new one is
 * tested automatically.
 */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { interactionRoutes } from '../../interactions/index.ts';
import type { InteractionDeps } from '../../interactions/context.ts';
import { createStreams } from '../../src/http/event-streams.ts';
import { Browser, heading, type Answer, type Ask } from '../support/browser/plain.ts';
import { Jar } from '../support/browser/jar.ts';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const { stack } = interactionRoutes({} as InteractionDeps, createStreams());
const routes = [...new Set(stack.map(({ path }) => String(path)))].map(path => ({
  name: path,
  path: path.replace('/interaction/:uid', ''),
  methods: stack.filter(layer => layer.path === path).flatMap(({ methods }) => methods),
}));
const posts = routes.filter(({ methods }) => methods.includes('POST'));

let world: World;
let rp: RelyingParty;
let browser: Browser;
let here: string;
let before: Answer;

beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  await begin();
});
afterAll(() => world.close());

/** A sign-in that waits for a code. */
const begin = async (): Promise<void> => {
  browser = world.browser();
  const first = await browser.visit((await rp.begin()).url);
  before = await enterPassword(browser, first, world.people.noor);
  here = before.path;
};

const type = 'application/x-www-form-urlencoded';
const ours = { 'sec-fetch-site': 'same-origin', 'content-type': type };

/** Checks that a page is complete, shows no internals and has our headers. */
const isHelpful = ({ status, headers, text }: Answer): void => {
  const shown = {
    type: headers['content-type'],
    heading: heading({ status, headers, text, path: '' }) !== '',
    machine: /\bat .*:\d+:\d+|node_modules|node:internal|TypeError/.test(text),
    policy: String(headers['content-security-policy']).startsWith("default-src 'none'; script-src 'self'"),
    caching: headers['cache-control'],
    referrer: headers['referrer-policy'],
  };
  expect(shown).toEqual({
    type: 'text/html; charset=utf-8',
    heading: true,
    machine: false,
    policy: true,
    caching: 'no-store',
    referrer: 'same-origin',
  });
};
const isUnchanged = async (): Promise<void> => {
  expect(heading(await browser.visit(here))).toBe(heading(before));
};

interface Fault {
  readonly name: string;
  readonly status: number;
  readonly ask: Ask;
}
const body = (text: string | Buffer, headers: Record<string, string> = {}): Ask => ({
  method: 'POST',
  body: text,
  headers: { ...ours, ...headers },
});
const faults: readonly Fault[] = [
  { name: 'JSON', status: 415, ask: body('{"code":{"$ne":1}}', { 'content-type': 'application/json' }) },
  { name: 'plain text', status: 415, ask: body('code=123456', { 'content-type': 'text/plain' }) },
  { name: 'multipart', status: 415, ask: body('--x--', { 'content-type': 'multipart/form-data; boundary=x' }) },
  { name: 'a form without its type', status: 415, ask: body('code=123456', { 'content-type': '' }) },
  { name: 'a list', status: 400, ask: body('code[]=123456') },
  { name: 'an escaped list', status: 400, ask: body('code%5B%5D=123456') },
  { name: 'an object', status: 400, ask: body('code[$ne]=1') },
  { name: '__proto__', status: 400, ask: body('__proto__=1') },
  { name: 'a field of no form', status: 400, ask: body('step=done&aal=2') },
  {
    name: 'the same field twice',
    status: 400,
    ask: body('code=1&code=2&name=1&name=2&method=1&method=2&answer=1&answer=2'),
  },
  { name: 'a broken escape', status: 400, ask: body('%zz=1') },
  { name: 'bytes that are no text', status: 400, ask: body(Buffer.from([0x63, 0xff, 0xfe, 0x3d])) },
  { name: 'a body of more than 64 KiB', status: 413, ask: body('x'.repeat(65 * 1024)) },
  {
    name: 'another site’s Origin',
    status: 403,
    ask: body('', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }),
  },
  { name: 'another site’s form', status: 403, ask: body('', { 'sec-fetch-site': 'cross-site', origin: 'null' }) },
  { name: 'a sister site’s form', status: 403, ask: body('', { 'sec-fetch-site': 'same-site' }) },
  {
    name: 'no sign of where it comes from',
    status: 403,
    ask: { method: 'POST', headers: { 'content-type': type }, body: '' },
  },
];

describe.each(posts)('POST $name', ({ path }) => {
  test.each(faults)('with $name is answered with $status', async ({ status, ask }) => {
    const answer = await browser.go(here + path, ask);
    expect(answer.status).toBe(status);
    isHelpful(answer);
    const json = await browser.go(here + path, { ...ask, headers: { ...ask.headers, accept: 'application/json' } });
    expect({ status: json.status, body: JSON.parse(json.text) as unknown }).toMatchObject({
      status,
      body: { error: expect.any(String), label: expect.stringMatching(/^IDP-\d{4}$/) },
    });
    await isUnchanged();
  });
});

describe.each(routes)('$name', ({ path, methods }) => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'].filter(each => !methods.includes(each)))(
    'is answered with 405 for %s',
    async method => {
      const answer = await browser.go(here + path, { method, headers: ours });
      expect({ status: answer.status, allow: String(answer.headers['allow']).split(', ') }).toEqual({
        status: 405,
        allow: expect.arrayContaining(methods),
      });
      isHelpful(answer);
      await isUnchanged();
    },
  );

  const method = methods.includes('POST') && !methods.includes('GET') ? 'POST' : 'GET';
  const ask: Ask = method === 'POST' ? body('') : {};

  test('is answered with 400 for an unknown sign-in', async () => {
    const answer = await browser.go(`/interaction/${'x'.repeat(43)}${path}`, ask);
    expect(answer.status).toBe(400);
    isHelpful(answer);
  });

  test('is answered with 403 for the sign-in of another person', async () => {
    const other = world.browser();
    await other.visit((await rp.begin()).url);
    const answer = await other.go(here + path, ask);
    expect(answer.status).toBe(403);
    isHelpful(answer);
    await isUnchanged();
  });

  test('is answered with 403 with the cookies of another sign-in', async () => {
    const other = world.browser();
    await other.visit((await rp.begin()).url);
    // A browser sends these cookies only to their own path. An attacker writes the header without that limit.
    const jar = new Jar(
      world.clock,
      other.jar.cookies.map(each => ({ ...each, path: '/' })),
    );
    const answer = await new Browser(world.place, jar).go(here + path, ask);
    expect(answer.status).toBe(403);
    isHelpful(answer);
    await isUnchanged();
  });

  test('is answered with 403 with cookies signed by another key', async () => {
    const jar = new Jar(
      world.clock,
      browser.jar.cookies.map(each =>
        each.name.endsWith('.sig') ? { ...each, value: each.value.replace(/^.../, 'AAA') } : each,
      ),
    );
    const answer = await new Browser(world.place, jar).go(here + path, ask);
    expect(answer.status).toBe(403);
    isHelpful(answer);
    await isUnchanged();
  });

  test('is answered in JSON with code and label without a cookie', async () => {
    const answer = await world
      .browser()
      .go(here + path, { ...ask, headers: { ...ask.headers, accept: 'application/json' } });
    expect({ status: answer.status, body: JSON.parse(answer.text) as unknown }).toEqual({
      status: 403,
      body: {
        error: 'sign-in-elsewhere',
        label: 'IDP-1002',
        retryable: false,
        reference: expect.stringMatching(/^[0-9A-Z]{8}$/),
      },
    });
  });
});

describe('fields of a form', () => {
  test.each([
    ['/password', { name: 'n'.repeat(1025), password: 'x' }, 413],
    ['/password', { name: 'noor', password: 'p'.repeat(4097) }, 413],
    ['/password', { name: 'noor', password: '' }, 422],
    ['/password', { name: ' ', password: 'x' }, 422],
    ['/factor', { code: '1'.repeat(1025) }, 413],
    ['/factor', { code: '' }, 422],
    ['/factor', { code: '#' }, 422],
    ['/factor', { code: '①②③④⑤⑥' }, 422],
    ['/factor', { code: '12345\u0000' }, 422],
    ['/factor', { code: '1234567' }, 422],
    ['/options', { method: 'call' }, 403],
    ['/options', { method: '__proto__' }, 403],
    ['/options', {}, 403],
  ] as const)('%s with %j is answered with %i, and no secret was compared', async (path, form, status) => {
    const answer = await browser.go(here + path, { form });
    expect(answer.status).toBe(status);
    isHelpful(answer);
    await isUnchanged();
    expect(await world.audited('challenge.answered')).toEqual([]);
  });

  test.each(['/again', '/start', '/switch', '/account', '/consent'])(
    '%s without fields at the wrong step redirects to the current page',
    async path => {
      const answer = await browser.go(here + path, body(''));
      expect({ status: answer.status, to: answer.headers['location'] }).toEqual({ status: 303, to: here });
      await isUnchanged();
    },
  );

  test('HEAD answers as GET without a body', async () => {
    const { status, text, headers } = await browser.go(here, { method: 'HEAD' });
    expect({ status, text, type: headers['content-type'] }).toEqual({
      status: 200,
      text: '',
      type: 'text/html; charset=utf-8',
    });
  });
});

test('a body without a length that is too long is answered', async () => {
  const { host } = world.issuer;
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: world.place.ports[0],
        path: `${here}/factor`,
        method: 'POST',
        headers: { ...ours, host, cookie: browser.jar.for(here) },
        agent: false,
      },
      answer => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    for (let part = 0; part < 65; part += 1) asked.write('x'.repeat(1024));
  });
  expect(status).toBe(413);
  await isUnchanged();
});

describe('outside the conversation', () => {
  test.each([
    ['GET', '/nowhere', 404],
    ['GET', '/interaction', 404],
    ['GET', `/interaction/${'x'.repeat(43)}/nowhere`, 404],
    ['GET', '/interaction/%zz', 400],
    ['GET', '/assets/nothing.js', 404],
    ['POST', '/assets/nothing.js', 405],
    ['GET', '/callbacks/twilio/call/x/keys', 405],
    ['POST', '/callbacks/twilio/call/x/else', 404],
    ['POST', '/healthz', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const answer = await browser.go(path, { method });
    expect(answer.status).toBe(status);
    isHelpful(answer);
  });

  test('/healthz and /readyz answer 200', async () => {
    expect(await browser.go('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect(await browser.go('/readyz')).toMatchObject({ status: 200 });
  });
});

test('an expired sign-in is begun anew at its page and refused at every other address', async () => {
  await begin();
  world.clock.advance(11 * 60_000);
  expect(await browser.go(here)).toMatchObject({
    status: 303,
    headers: { location: expect.stringMatching(/^\/auth\?/) },
  });
  for (const { path, methods } of routes.filter(each => each.path !== '')) {
    const ask = methods.includes('GET') ? {} : body('');
    const answer = await browser.go(here + path, ask);
    expect({ path, status: answer.status }).toEqual({ path, status: 400 });
    isHelpful(answer);
  }
});
