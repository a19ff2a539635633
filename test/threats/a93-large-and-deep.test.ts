/**
 * A93. Large input costs the server much. Examples are a body collected before it is measured and a form of a hundred
 * thousand fields. Others are JSON deeper than the parser's stack and the hash of a password of a megabyte. One laptop
 * could stop the service for everybody. So size is checked first. Too much is refused before it is parsed, hashed,
 * stored or sent, at every address, while other requests are answered.
 * Guards: `src/http/body.ts#readBody` and `src/http/body.ts#parseForm`, `server/listen.ts#maxHeaderSize`, the field
 * limits of each route, `src/users/passwords/password-text.ts#isHashable`; the library's own body limit (56 KiB) for its endpoints.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Browser, heading, type Answer } from '../support/browser/plain.ts';
import { listenAsServed, createCostMeter, writes } from '../support/hostile/costs.ts';
import { everyAddress, routerFiles, type Address } from '../support/hostile/routes.ts';
import { chunk, head, sendRaw } from '../support/hostile/wire.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

const form = 'application/x-www-form-urlencoded';
const watched = createCostMeter();
let world: ThreatWorld;
let served: Awaited<ReturnType<typeof listenAsServed>>;
let browser: RecordingBrowser;
let addresses: readonly Address[];
let posts: readonly Address[];
let passwordPath: string;
let before: Answer;

beforeAll(async () => {
  world = await startThreatWorld({ wrap: watched.wrap, env: { SALLYPORT_REGISTRATION: 'tokens' } });
  served = await listenAsServed(watched.resources());
});
afterAll(async () => {
  await served.close();
  await world.close();
});
/** Each test begins at the password page of a new sign-in. */
beforeEach(async () => {
  browser = world.recordingBrowser();
  const { page, uid } = await world.begin(browser);
  before = page;
  passwordPath = `${page.path}/password`;
  addresses = await everyAddress(world, uid);
  posts = addresses.filter(({ method }) => method === 'POST');
  watched.reset();
});

const base = (path: string) => ({
  host: world.issuer.host,
  cookie: browser.jar.for(path),
  'sec-fetch-site': 'same-origin',
  accept: 'text/html',
});
/** Sends a request with a body that is announced or begun and never ends. An answer shows that the server did not wait. */
const post = (path: string, headers: Readonly<Record<string, string>>, ...body: readonly (string | Uint8Array)[]) =>
  sendRaw(served.port, [head('POST', path, { ...base(path), 'content-type': form, ...headers }), ...body]);

/** No hash, no message and no write. */
const nothingDone = { hashes: 0, sends: 0, writes: [] as readonly string[] };
/** The work that was done. The audit of a refusal is the only write that is allowed. */
const done = () => ({
  hashes: watched.hashes,
  sends: watched.sends,
  writes: writes(watched).filter(name => !name.startsWith('audit-events.')),
});
/** Errors in the log. A request that broke off is not an error of the server. */
const faults = (): readonly string[] =>
  world.logged
    .filter(({ level }) => level === 'error')
    .map(({ event, fields }) => `${event} ${inspect(Reflect.get(fields, 'error'))}`);

/** Statuses of a refusal. An address that reads no body may answer 404 or 405. */
const refusals = new Set([400, 401, 403, 404, 405, 411, 413, 415, 421, 431]);
const expectRefused = async (
  all: readonly Address[],
  ask: (address: Address) => ReturnType<typeof sendRaw>,
): Promise<void> => {
  const wrong: string[] = [];
  for (const address of all) {
    const { statuses } = await ask(address);
    if (statuses.length !== 1 || !refusals.has(statuses[0] ?? 0)) wrong.push(`${address.name}: ${statuses.join()}`);
  }
  expect(wrong).toEqual([]);
  expect(done()).toEqual(nothingDone);
  // The sign-in is unchanged.
  expect(heading(await browser.visit(passwordPath.replace(/\/password$/, '')))).toBe(heading(before));
};

test('A93 every router is in the list of addresses', () => {
  const root = join(import.meta.dirname, '../..');
  const made = globSync(['src/**/*.ts', 'server/**/*.ts', 'cli/**/*.ts', 'interactions/**/*.ts'], { cwd: root }).filter(
    file => readFileSync(join(root, file), 'utf8').includes('new Router('),
  );
  // This one finds the routers of others, and has no addresses of its own.
  expect(made.filter(file => file !== 'server/routers.ts').toSorted()).toEqual(routerFiles);
  expect(addresses.length).toBeGreaterThan(40);
  const names = addresses.map(({ name }) => name);
  const callbacks = ['call/:token/answered', 'call/:token/keys', 'call/:token/status', 'text/:token/status'];
  expect(names).toEqual(expect.arrayContaining(callbacks.map(path => `POST /callbacks/twilio/${path}`)));
});

test('A93 a form of ordinary size signs in at the same listener', async () => {
  const honest = new Browser({ ...world.place, ports: [served.port] });
  const page = await honest.visit((await world.rp.begin()).url);
  const { name, password } = world.people.linus;
  const answer = await honest.go(`${page.path}/password`, { form: { name, password } });
  expect(answer.status).toBe(200);
  expect(done()).toMatchObject({ hashes: 1, writes: expect.arrayContaining(['ephemeral.put']) });
});

describe('A93 a body of ten megabytes', () => {
  const huge = String(10 * 1024 * 1024);

  test('A93 a declared body of ten megabytes is refused at every address before it arrives', async () => {
    await expectRefused(posts, ({ path }) => post(path, { 'content-length': huge }));
    const { statuses } = await post('/callbacks/twilio/call/AAAAAAAAAAAAAAAAAAAAAA/keys', { 'content-length': huge });
    expect(statuses).toEqual([413]);
  });

  test('A93 an undeclared body is refused at every address after 64 KiB', async () => {
    const parts = Array.from({ length: 66 }, () => chunk('x'.repeat(1024)));
    await expectRefused(posts, ({ path }) => post(path, { 'transfer-encoding': 'chunked' }, ...parts));
  });

  test('A93 an address without a body does not wait for one', async () => {
    const looks = addresses.filter(({ method, path }) => method === 'GET' && !path.endsWith('/events'));
    for (const { path } of looks) {
      const asked = sendRaw(served.port, [
        head('GET', path, { ...base(path), 'content-length': huge }),
        'x'.repeat(4096),
      ]);
      expect((await asked).statuses).toHaveLength(1);
    }
    expect(watched.hashes + watched.sends).toBe(0);
  });

  test('A93 other requests are answered while many uploads are held open', async () => {
    const open = Array.from({ length: 50 }, () =>
      post(passwordPath, { 'transfer-encoding': 'chunked' }, chunk('name=ada&password=')).catch(
        (error: unknown) => error,
      ),
    );
    const other = world.recordingBrowser();
    await world.beginAs(other, world.people.linus);
    await expectSignedIn(world, other, world.people.linus);
    expect(watched.hashes).toBe(1);
    await served.close();
    await Promise.all(open);
    served = await listenAsServed(watched.resources());
  });
});

describe('A93 a form', () => {
  test('A93 a form of a hundred thousand fields is refused by its size', async () => {
    const fields = 'a=1&'.repeat(100_000);
    await expectRefused(posts, ({ path }) => post(path, { 'content-length': String(fields.length) }, fields));
  });

  test('A93 a form of as many fields as fit is refused at the first unknown field', async () => {
    const fields = 'a=&'.repeat(18_000);
    await expectRefused(posts, ({ path }) => post(path, { 'content-length': String(fields.length) }, fields));
  });

  test.each([
    ['name', 1025, 413],
    ['password', 4097, 413],
    ['password', 1024 * 1024, 413],
  ])('A93 a form with a %s of %i bytes is answered with %i and not hashed', async (field, bytes, status) => {
    const fields = new URLSearchParams({ name: 'linus', password: 'p', [field]: 'x'.repeat(bytes) }).toString();
    const { statuses } = await post(passwordPath, { 'content-length': String(fields.length) }, fields);
    expect({ statuses, ...done() }).toEqual({ statuses: [status], ...nothingDone });
  });

  test.each([
    ['gzip', gzipSync('name=linus&password=x'), 'gzip'],
    ['a gzip bomb', gzipSync('name=linus&password='.padEnd(10_000_000, 'x')), 'gzip'],
    ['several codings', Buffer.from('name=linus&password=x'), 'gzip, identity'],
    ['an unknown coding', Buffer.from('name=linus&password=x'), 'x-unheard-of'],
  ])('A93 a form in %s is refused at every address without unpacking', async (_desc, body, coding) => {
    await expectRefused(posts, ({ path }) =>
      post(path, { 'content-encoding': coding, 'content-length': String(body.length) }, body),
    );
  });

  const types = [
    'text/plain',
    'application/json',
    'application/xml',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    `${form}; charset=utf-16`,
    `${form}; charset=${'x'.repeat(8000)}`,
    `${form}${' '.repeat(8000)}x`,
    `${form}, ${form}`,
  ].map(type => [type.slice(0, 60), type] as const);
  test.each(types)('A93 a form with the content type %s is refused at our addresses', async (_label, type) => {
    const body = 'name=linus&password=x';
    const ours = posts.filter(({ of, path }) => of === 'ours' && !path.startsWith('/callbacks/'));
    await expectRefused(ours, ({ path }) =>
      post(path, { 'content-type': type, 'content-length': String(body.length) }, body),
    );
    for (const { path } of ours) {
      const { statuses } = await post(path, { 'content-type': type, 'content-length': String(body.length) }, body);
      expect({ path, statuses }).toEqual({ path, statuses: [415] });
    }
  });
});

describe('A93 JSON of ten thousand levels', () => {
  const lists = '['.repeat(10_000) + ']'.repeat(10_000);
  const objects = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;

  test.each([
    ['lists', lists],
    ['objects', objects.slice(0, 60_000)],
  ])('A93 JSON of ten thousand nested %s as a body is refused at every address', async (_desc, body) => {
    const type = { 'content-type': 'application/json', 'content-length': String(body.length) };
    await expectRefused(posts, ({ path }) => post(path, type, body));
  });

  // As deep as a request head can hold: the library takes authorization requests by GET only.
  test.each([
    ['lists', `{"id_token":{"acr":{"essential":true,"values":${'['.repeat(6000)}${']'.repeat(6000)}}}}`],
    ['objects', `{"id_token":{"acr":${'{"a":'.repeat(1200)}1${'}'.repeat(1200)}}}`],
    ['lists in the place of a subject', `{"id_token":{"sub":{"value":${'['.repeat(6000)}${']'.repeat(6000)}}}}`],
    ['unfinished lists', '['.repeat(12_000)],
  ])('A93 deep %s in the claims parameter give a protocol answer and no 5xx', async (_desc, claims) => {
    const { pathname, search } = new URL((await world.rp.begin()).url);
    watched.reset();
    const asked = head('GET', `${pathname}${search}&claims=${claims.replaceAll('"', '%22')}`, base(pathname));
    const { statuses } = await sendRaw(served.port, [asked]);
    expect(statuses).toEqual([303]);
    expect(done()).toMatchObject({ hashes: 0, sends: 0 });
    expect(faults()).toEqual([]);
  });
});

describe('A93 a head of a megabyte', () => {
  const megabyte = 'x'.repeat(1024 * 1024);

  test.each<[string, (address: Address) => readonly string[]]>([
    ['one header', ({ method, path }) => [head(method, path, { ...base(path), 'x-long': megabyte })]],
    [
      'its cookie',
      ({ method, path }) => [head(method, path, { ...base(path), cookie: `sallyport-browser=${megabyte}` })],
    ],
    ['its query', ({ method, path }) => [head(method, `${path}?q=${megabyte}`, base(path))]],
    [
      'Accept-Language',
      ({ method, path }) => [head(method, path, { ...base(path), 'accept-language': 'en;q=0.1,'.repeat(2000) })],
    ],
    [
      'many headers',
      ({ method, path }) => [
        head(method, path, {
          ...base(path),
          ...Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${at}`, '1'])),
        }),
      ],
    ],
    [
      'X-Forwarded-For',
      ({ method, path }) => [head(method, path, { ...base(path), 'x-forwarded-for': '1.2.3.4,'.repeat(4000) })],
    ],
  ])('A93 a megabyte in %s is answered with 431 at every address', async (_desc, ask) => {
    const wrong: string[] = [];
    for (const address of addresses) {
      const { statuses } = await sendRaw(served.port, ask(address));
      if (statuses.join() !== '431') wrong.push(`${address.name}: ${statuses.join()}`);
    }
    expect(wrong).toEqual([]);
    expect({ ...done(), calls: watched.calls }).toEqual({ ...nothingDone, calls: [] });
  });

  test.each([
    ['Accept-Language', { 'accept-language': 'en;q=0.1,'.repeat(1500) }],
    ['Accept', { accept: `${'text/x;q=0.1,'.repeat(1000)}text/html` }],
    ['X-Forwarded-For', { 'x-forwarded-for': '1.2.3.4,'.repeat(1500) }],
    ['Forwarded', { forwarded: 'for=1.2.3.4;'.repeat(1000) }],
    ['cookies', { cookie: 'a=b; '.repeat(2500) }],
    ['cookies without =', { cookie: ';'.repeat(12_000) }],
  ])('A93 the largest allowed %s gives no 5xx at any address', async (_desc, headers) => {
    const wrong: string[] = [];
    for (const { method, path, name } of addresses.filter(each => !each.path.endsWith('/events'))) {
      const { statuses } = await sendRaw(served.port, [
        head(method, path, { ...base(path), 'content-length': '0', 'content-type': form, ...headers }),
      ]);
      if (statuses.length !== 1 || (statuses[0] ?? 500) >= 500) wrong.push(`${name}: ${statuses.join()}`);
    }
    expect(wrong).toEqual([]);
    expect(done()).toMatchObject({ hashes: 0, sends: 0 });
  });
});

describe('A93 a false length', () => {
  const body = 'name=linus&password=x';
  const lies: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
    ['negative', { 'content-length': '-1' }, [body]],
    ['in another base', { 'content-length': '0x15' }, [body]],
    ['with a sign', { 'content-length': '+21' }, [body]],
    ['too large', { 'content-length': '9'.repeat(30) }, [body]],
    ['repeated', { 'content-length': '21', 'Content-Length': '20' }, [body]],
    ['beside a chunked coding', { 'content-length': '21', 'transfer-encoding': 'chunked' }, [chunk(body), '0\r\n\r\n']],
    ['a chunk size that is no number', { 'transfer-encoding': 'chunked' }, ['zz\r\n', body]],
    ['a chunk size too large', { 'transfer-encoding': 'chunked' }, [`${'f'.repeat(20)}\r\n`, body]],
    ['an unknown transfer coding', { 'transfer-encoding': 'gzip' }, [body]],
  ];
  test.each(lies)('A93 a false length (%s) is refused at every address', async (_desc, headers, sent) => {
    await expectRefused(posts, ({ path }) => post(path, headers, ...sent));
  });

  test('A93 a Content-Length that is too small leaves no second request', async () => {
    const said = await sendRaw(
      served.port,
      [
        head('POST', passwordPath, { ...base(passwordPath), 'content-type': form, 'content-length': '0' }),
        'name=linus&password=x\r\n\r\n',
      ],
      2,
    );
    expect(said.statuses.at(-1)).toBe(400);
    expect(done()).toMatchObject({ hashes: 0, sends: 0 });
  });
});

test('A93 afterwards all requests are answered as before', async () => {
  const other = world.recordingBrowser();
  await world.beginAs(other, world.people.linus);
  await expectSignedIn(world, other, world.people.linus);
  expect(faults()).toEqual([]);
});
