/**
 * A94. `__proto__`, `constructor` and `toString` are members of every JavaScript object. A look-up in a plain object
 * finds a value for them. A copy of one may change all objects at once. A repeated parameter is a list, and some
 * parsers make an object of `[x]`: a value that was checked as a text is then no text.
 * Guards: `src/strict-form.ts#readForm` and `src/http/body.ts#parseForm` (own fields, one value each); look-ups by own
 * property or in lists (`src/mfa/assurance.ts#isAcr`, `src/oidc/required-acr.ts#levelOf`,
 * `src/oidc/own-metadata.ts#extraClientMetadata`, `src/locales/wording.ts#primaryOf`,
 * `src/oidc/adapter.ts#createAdapters`); `adapters/twilio/signed-form.ts#createFormReader`,
 * `src/oidc/clients/check.ts#createClientCheck`, `src/config/reading.ts#readSettings`.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createReader } from '../../adapters/twilio/callback.ts';
import { sign, type Fields } from '../../simulator/network/signature.ts';
import { ConfigError, loadSettings } from '../../src/config.ts';
import { entryOf, keys } from '../../src/config/table.ts';
import { isAcr } from '../../src/mfa/assurance.ts';
import { createAdapters } from '../../src/oidc/adapter.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { levelOf } from '../../src/oidc/required-acr.ts';
import { key, type Doc, type Json, type Kind } from '../../src/ports/stores.ts';
import { oidcDocumentKind } from '../../src/records.ts';
import { languages, wording } from '../../src/locales/wording.ts';
import { heading, uidOf, type Answer } from '../support/browser/plain.ts';
import { createClock } from '../support/world/clock.ts';
import { listenAsServed, createCostMeter, writes } from '../support/hostile/costs.ts';
import { everyAddress, type Address } from '../support/hostile/routes.ts';
import { head, sendRaw } from '../support/hostile/wire.ts';
import { start } from '../support/world/programs.ts';
import { everyStore } from '../support/world/stores.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

/** Names of members that every object inherits. */
const inherited = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'isPrototypeOf',
];

/** Parameters of an authorization request. */
const parameters =
  'response_type client_id redirect_uri scope response_mode prompt code_challenge_method code_challenge display max_age \
id_token_hint claims request request_uri resource registration acr_values ui_locales claims_locales login_hint nonce state'.split(
    ' ',
  );

/** False for streams and the resume address: a request to them changes the sign-in. */
const quiet = ({ path }: Address) => !path.endsWith('/events') && !/^\/auth\/./.test(path);

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype, Map.prototype];
const members = () => prototypes.map(each => Reflect.ownKeys(each).map(String));
const clean = members();
afterEach(() => {
  // oxlint-disable-next-line jest/no-standalone-expect -- no test here may change the prototype of objects
  expect([members(), Reflect.get({}, 'x')]).toEqual([clean, undefined]);
});

describe('A94 over HTTP', () => {
  const watched = createCostMeter();
  let world: ThreatWorld;
  let served: Awaited<ReturnType<typeof listenAsServed>>;
  let browser: RecordingBrowser;
  let page: Answer;
  let addresses: readonly Address[];
  beforeAll(async () => {
    world = await startThreatWorld({ wrap: watched.wrap, env: { SALLYPORT_REGISTRATION: 'tokens' } });
    served = await listenAsServed(watched.resources());
  });
  afterAll(async () => {
    await served.close();
    await world.close();
  });
  /** Ada's sign-in, with a code to type and options to choose, so that most fields have a meaning. */
  beforeEach(async () => {
    world.clock.advance(3_600_000);
    browser = world.recordingBrowser();
    ({ page } = await world.beginAs(browser, world.people.noor));
    addresses = await everyAddress(world, uidOf(page));
    watched.reset();
  });

  const faults = () => world.logged.filter(({ level }) => level === 'error').map(({ event }) => event);
  const isUnchanged = async (): Promise<void> => {
    expect({ hashes: watched.hashes, sends: watched.sends, faults: faults() }).toEqual({
      hashes: 0,
      sends: 0,
      faults: [],
    });
    expect(heading(await browser.visit(page.path))).toBe(heading(page));
    expect(await world.outcome(browser)).toMatchObject({ codes: [], accountId: undefined });
  };
  const ask = async ({ method, path }: Pick<Address, 'method' | 'path'>, query: string, body: string, headers = {}) => {
    const all = {
      host: world.issuer.host,
      cookie: browser.jar.for(path),
      accept: 'text/html',
      'sec-fetch-site': 'same-origin',
      ...(method === 'POST' && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    };
    const asked = await sendRaw(served.port, [
      head(method, query === '' ? path : `${path}?${query}`, all),
      ...(method === 'POST' ? [body] : []),
    ]);
    return asked.statuses[0] ?? 500;
  };
  test('A94 the same requests with the fields of the form are accepted', async () => {
    const { name, password } = world.people.noor;
    const other = world.recordingBrowser();
    const { page: first } = await world.begin(other);
    expect((await other.go(`${first.path}/password`, { form: { name, password } })).status).toBe(303);
    expect(
      (await browser.go('/language', { form: { language: 'de', back: page.path } })).headers['set-cookie'],
    ).toEqual([expect.stringContaining('language=de')]);
  });

  test.each([
    ...inherited.map(name => `${name}=x`),
    '__proto__[x]=1',
    '__proto__.x=1',
    '__proto__%5Bx%5D=1',
    'constructor[prototype][x]=1',
    'constructor.prototype.x=1',
    'prototype[x]=1',
    '[__proto__][x]=1',
    'x[]=1&x[]=2',
    'x[0]=1',
    'x[length]=1e9',
    'code[]=123456',
    'code[toString]=1',
    'name[]=noor&password[]=x',
    'method[$ne]=x',
  ])('A94 %s is refused by every form and changes no answer', async fields => {
    const wrong: string[] = [];
    const tried = addresses.filter(quiet).toSorted((one, other) => other.of.localeCompare(one.of));
    for (const address of tried) {
      const { method, name, of, path } = address;
      const status = await ask(address, fields, fields);
      const isForm = method === 'POST' && of === 'ours' && !path.startsWith('/callbacks/');
      if (isForm ? status !== 400 : status >= 500) wrong.push(`${name}: ${status}`);
      const kept = writes(watched).filter(each => !each.startsWith('audit-events.'));
      if (of === 'ours' && kept.length > 0) wrong.push(`${name}: ${kept.join()}`);
    }
    expect(wrong).toEqual([]);
    await isUnchanged();
  });

  test.each([
    ['/password', 'name=noor&password=x&name=ada'],
    ['/factor', 'code=123456&code=654321'],
    ['/options', 'method=totp&method=totp'],
    ['/language', 'language=de&language=fr'],
  ])('A94 %s with a repeated field is answered with 400', async (step, body) => {
    const path = step === '/language' ? step : page.path + step;
    expect(await ask({ method: 'POST', path }, '', body)).toBe(400);
    await isUnchanged();
  });

  describe.each(inherited.slice(0, 4))('%s as a value', value => {
    test.each([
      ['/options', { method: value }, 403],
      ['/factor', { code: value }, 422],
      ['/consent', { answer: value }, 303],
      ['/account', { account: value }, 303],
      ['/language', { language: value, back: value }, 303],
    ] as const)('A94 an inherited name selects no value at %s (%j)', async (step, form, status) => {
      const answer = await browser.go(step === '/language' ? step : page.path + step, { form });
      expect(answer.status).toBe(status);
      expect([undefined, '/', page.path]).toContain(answer.headers['location']);
      expect(browser.jar.cookies.map(each => each.value)).not.toContain(value);
      await isUnchanged();
    });

    test('A94 an inherited name is an unknown user', async () => {
      const other = world.recordingBrowser();
      const { page: first } = await world.begin(other);
      const answer = await other.go(`${first.path}/password`, { form: { name: value, password: value } });
      expect(answer.status).toBe(422);
      expect(await world.outcome(other)).toMatchObject({ codes: [], accountId: undefined });
    });

    test('A94 an inherited name as a protocol parameter is refused or ignored', async () => {
      const { pathname, searchParams } = new URL((await world.rp.begin()).url);
      const names = [...parameters, value];
      const wrong: string[] = [];
      for (const name of names) {
        const query = new URLSearchParams(searchParams);
        query.set(name, value);
        const answer = await world.recordingBrowser().go(`${pathname}?${query.toString()}`);
        const to = String(answer.headers['location'] ?? '');
        if (![303, 400].includes(answer.status) || /[?&]code=/.test(to)) wrong.push(`${name}: ${answer.status} ${to}`);
      }
      expect(wrong).toEqual([]);
      expect(faults()).toEqual([]);
    });

    test('A94 an inherited name is an unknown grant, client and token', async () => {
      const basic = `Basic ${Buffer.from(`contoso:${encodeURIComponent(world.rp.client.secret ?? '')}`).toString('base64')}`;
      const stranger = `Basic ${Buffer.from(`${value}:${value}`).toString('base64')}`;
      const tried = [
        ['/token', { grant_type: value }, basic, 400],
        [
          '/token',
          { grant_type: 'authorization_code', code: value, redirect_uri: value, code_verifier: value },
          basic,
          400,
        ],
        ['/token', { grant_type: 'refresh_token', refresh_token: value }, basic, 400],
        ['/token', { grant_type: 'authorization_code', code: 'x' }, stranger, 401],
        ['/token', { grant_type: 'authorization_code', client_id: value, client_secret: value }, '', 401],
        [
          '/token',
          { grant_type: 'authorization_code', client_assertion_type: value, client_assertion: value },
          '',
          400,
        ],
        ['/token/introspection', { token: value }, basic, 200],
        ['/token/introspection', { token: value, token_type_hint: value }, basic, 200],
        ['/token/revocation', { token: value, token_type_hint: value }, basic, 200],
        ['/me', { access_token: value }, '', 401],
        ['/me', {}, `Bearer ${value}`, 401],
      ] as const;
      for (const [path, form, authorization, status] of tried) {
        const answer = await world.recordingBrowser().go(path, {
          method: 'POST',
          body: new URLSearchParams(form).toString(),
          headers: {
            accept: 'application/json',
            'content-type': 'application/x-www-form-urlencoded',
            ...(authorization !== '' && { authorization }),
          },
        });
        expect({ path, form, status: answer.status }).toEqual({ path, form, status });
        expect(answer.text).not.toMatch(/"active":true|"access_token"|native code/);
      }
      const leaving = new URLSearchParams({ id_token_hint: value, client_id: value, post_logout_redirect_uri: value });
      expect((await world.recordingBrowser().go(`/session/end?${leaving.toString()}`)).status).toBe(400);
      expect(faults()).toEqual([]);
    });

    test('A94 an inherited name in cookies and headers is ignored', async () => {
      const cookie = inherited.map(name => `${name}=${value}; ${name}.sig=${value}`).join('; ');
      const headers = {
        cookie: `${browser.jar.for(page.path)}; ${cookie}; sallyport-language=${value}`,
        'accept-language': `${value}, ${value};q=0.5`,
        accept: `${value}/${value}, text/html`,
        'x-forwarded-for': value,
        forwarded: `for=${value}`,
        [value === '__proto__' ? 'x-proto' : value]: value,
      };
      const answer = await browser.go(page.path, { headers });
      expect({ status: answer.status, heading: heading(answer) }).toEqual({ status: 200, heading: heading(page) });
      expect(answer.text).not.toContain('native code');
      await isUnchanged();
    });
  });

  test.each([
    [
      '{"__proto__":{"id_token":{"acr":{"essential":true,"value":"phr"}}}}',
      'claims parameter should have userinfo or id_token properties',
    ],
    [
      '{"id_token":{"__proto__":{"acr":{"essential":true,"value":"phr"}},"acr":{"__proto__":{"essential":true}}}}',
      undefined,
    ],
    ['{"constructor":{"prototype":{"x":1}},"id_token":{"constructor":null}}', undefined],
    ['{"id_token":{"acr":{"values":["__proto__","constructor",{"toString":1}]}}}', undefined],
    ['{"id_token":{"acr":{"values":"mfa"}}}', undefined],
    ['{"id_token":{"acr":{"values":{"length":1,"0":"mfa"}}}}', undefined],
    ['{"id_token":{"acr":[]},"id_token":{"acr":{"essential":true,"value":"sfa"}}}', undefined],
    ['{"id_token":[],"userinfo":"x"}', 'claims.userinfo should be an object'],
    ['[]', 'claims parameter should be a JSON object'],
    ['"__proto__"', 'claims parameter should be a JSON object'],
    ['null', 'claims parameter should be a JSON object'],
  ])(
    'A94 the claims %s begin a sign-in, or are refused at the client with their own reason (%s)',
    async (claims, reason) => {
      const other = world.recordingBrowser();
      const { page: first } = await world.begin(other, { claims });
      const back = other.next(first)?.searchParams;
      expect([first.status, back?.get('error'), back?.get('error_description')]).toEqual(
        reason === undefined ? [200, undefined, undefined] : [303, 'invalid_request', reason],
      );
      expect(other.codes).toEqual([]);
      await isUnchanged();
    },
  );

  test('A94 afterwards people sign in as before', async () => {
    const other = world.recordingBrowser();
    await world.beginAs(other, world.people.linus);
    await expectSignedIn(world, other, world.people.linus);
  });
});

describe('A94 a signed callback', () => {
  const accountSid = `AC${'5'.repeat(32)}`;
  const authToken = 'c0ffee'.repeat(6);
  const callbackBase = new URL('https://login.example.com');
  const line = createReader({ accountSid, authTokens: [authToken], callbackBase });
  const path = `/callbacks/twilio/call/${'A'.repeat(22)}/keys?heard=`;
  const hear = (more: Fields) => {
    const fields: Fields = [['AccountSid', accountSid], ['CallSid', `CA${'1'.repeat(32)}`], ['Digits', '1'], ...more];
    const body = Buffer.from(fields.map(pair => pair.map(encodeURIComponent).join('=')).join('&'));
    const signature = sign(authToken, callbackBase.href.replace(/\/$/, '') + path, fields);
    return line({ path, headers: { 'x-twilio-signature': signature }, body });
  };

  test('A94 a signed callback is read with additional fields of any name', () => {
    expect(hear([])).toMatchObject({ keys: '1' });
    expect(
      hear([
        ['constructor', 'x'],
        ['toString', 'x'],
      ]),
    ).toEqual(hear([]));
  });

  test.each([
    ['__proto__', 'x'],
    ['Digits[]', '#'],
    ['Digits', '#'],
    ['AnsweredBy', 'constructor'],
    ['CallStatus', '__proto__'],
  ])('A94 a signed callback with %s=%s is refused', (name, value) => {
    expect(() => hear([[name, value]])).toThrow(expect.objectContaining({ code: 'forged' }));
  });
});

describe('A94 client metadata', () => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startThreatWorld();
  });
  afterAll(() => world.close());
  const add = async (text: string) => (await world.services.clients()).add(JSON.parse(text) as NewClient, 'cli');

  test('A94 a client with plain metadata is added', async () => {
    expect(await add('{"client_name":"A","redirect_uris":["https://a.test/cb"],"min_acr":"mfa"}')).toMatchObject({
      ok: true,
    });
  });

  test.each([
    '{"redirect_uris":"https://a.test/cb"}',
    '{"redirect_uris":{"0":"https://a.test/cb","length":1}}',
    '{"redirect_uris":[["https://a.test/cb"]]}',
    '{"redirect_uris":[{"toString":"https://a.test/cb"}]}',
    '{"redirect_uris":[]}',
    '{"redirect_uris":["https://a.test/cb"],"client_id":["a"]}',
    '{"redirect_uris":["https://a.test/cb"],"client_id":"__proto__ "}',
    '{"redirect_uris":["https://a.test/cb"],"client_id":{"$ne":1}}',
    '{"redirect_uris":["https://a.test/cb"],"client_name":["A"]}',
    '{"redirect_uris":["https://a.test/cb"],"min_acr":"__proto__"}',
    '{"redirect_uris":["https://a.test/cb"],"min_acr":["mfa"]}',
    '{"redirect_uris":["https://a.test/cb"],"require_mfa":"false"}',
    '{"redirect_uris":["https://a.test/cb"],"require_mfa":1}',
    '{"redirect_uris":["https://a.test/cb"],"mfa_max_age":"60"}',
    '{"redirect_uris":["https://a.test/cb"],"mfa_max_age":-1}',
    '{"redirect_uris":["https://a.test/cb"],"first_party":[]}',
    '{"redirect_uris":["https://a.test/cb"],"token_endpoint_auth_method":"constructor"}',
    '{"redirect_uris":["https://a.test/cb"],"token_endpoint_auth_method":["none"]}',
    '{"redirect_uris":["https://a.test/cb"],"grant_types":"authorization_code"}',
    '{"redirect_uris":["https://a.test/cb"],"grant_types":["__proto__"]}',
    '{"redirect_uris":["https://a.test/cb"],"response_types":["toString"]}',
    '{"redirect_uris":["https://a.test/cb"],"scope":["openid"]}',
    '{"redirect_uris":["https://a.test/cb"],"scope":"openid constructor"}',
    '{"redirect_uris":["https://a.test/cb"],"id_token_signed_response_alg":"__proto__"}',
    '{"redirect_uris":["https://a.test/cb"],"subject_type":"__proto__"}',
  ])('A94 a client with the metadata %s is refused', async text => {
    expect(await add(text)).toMatchObject({ ok: false, reason: 'invalid' });
  });

  test('A94 a client with inherited member names gets no inherited value, and a later client of that name is separate', async () => {
    const text =
      '{"redirect_uris":["https://a.test/cb"],"__proto__":{"first_party":true,"client_id":"evil"},"constructor":{"prototype":{"x":1}}}';
    const added = await add(text);
    if (!added.ok) throw new Error(added.message);
    expect(added.id).not.toBe('evil');
    const documents = world.store.durable.collection(oidcDocumentKind);
    const kept = (await documents.find({ model: 'Client', clientId: added.id }))[0]?.payload ?? {};
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
    expect(Reflect.get(kept, 'first_party')).toBeUndefined();
    for (const id of ['__proto__', 'constructor', 'toString']) {
      const first = await add(JSON.stringify({ client_id: id, redirect_uris: ['https://a.test/cb'] }));
      const again = await add(JSON.stringify({ client_id: id, redirect_uris: ['https://b.test/cb'] }));
      expect([first.ok, again]).toEqual([true, { ok: false, reason: 'taken', message: expect.stringContaining(id) }]);
    }
  });
});

describe('A94 look-ups by name', () => {
  test.each(inherited)('A94 %s selects no level, language, model, factor or setting', async name => {
    expect([isAcr(name), levelOf(name), wording(name)]).toEqual([false, undefined, wording('en')]);
    expect(languages).not.toContain(name);
    expect(() => createAdapters({} as never)(name)).toThrow(expect.objectContaining({ code: 'internal' }));
    // Lists of people or groups, a domain, a folder and a header may have any name.
    const free = new Set<string>(['breakGlass', 'developers', 'passkeyRpId', 'clientsDir', 'clientCertificateHeader']);
    for (const each of keys.filter(member => !free.has(member))) {
      const { name: setting, check } = entryOf(each);
      expect({ setting, success: check.safeParse(name).success }).toEqual({ setting, success: false });
      expect(() => loadSettings({ SALLYPORT_DATABASE_URL: 'memory:', [setting]: name })).toThrow(ConfigError);
    }
    expect(() => loadSettings({ SALLYPORT_DATABASE_URL: 'memory:', [`SALLYPORT_${name}`]: 'x' })).toThrow(
      `SALLYPORT_${name}`,
    );
  });

  test('A94 a scope with an inherited name is shown by its name', () => {
    for (const language of languages) {
      const { pages } = wording(language);
      for (const name of inherited) expect(pages.consent.scope(name)).toBe(name);
    }
  });
});

describe.each(everyStore)('A94 stored values on $name', ({ open }) => {
  interface Note extends Doc {
    readonly content: Json;
  }
  const kind: Kind<Note> = { name: 'a94-notes', index: [], unique: [] };
  const text = '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"toString":[{"__proto__":null}]}';

  test('A94 stored values keep every member as given', async () => {
    const store = await open(createClock());
    const notes = store.durable.collection(kind);
    const content = JSON.parse(text) as Json;
    const { ephemeral } = store.shortLived;
    for (const name of inherited) {
      await notes.insert({ id: name, rev: 1, content });
      await expect(notes.insert({ id: name, rev: 1, content })).rejects.toMatchObject({ code: 'conflict' });
      const kept = await notes.replace({ id: name, rev: 1, content });
      expect(JSON.stringify([kept?.content, (await notes.get(name))?.content])).toBe(`[${text},${text}]`);
      expect(await ephemeral.get(key(name))).toBeUndefined();
      expect(await ephemeral.setIfAbsent(key(name), content, 1000, [name])).toBe(true);
      expect(JSON.stringify(await ephemeral.get(key(name)))).toBe(text);
      expect(await ephemeral.increment(key<number>(name, 'hits'), 1000)).toBe(1);
    }
    expect(await notes.find({})).toHaveLength(inherited.length);
    await store.close();
  });
});

test('A94 a settings file gives only texts under its own names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-a94-'));
  await mkdir(join(folder, '.sallyport'));
  const settings =
    '{"__proto__":{"SALLYPORT_ISSUER":"http://evil.example"},"SALLYPORT_LISTEN":["0.0.0.0:1"],"SALLYPORT_ISSUER":"http://localhost:3456"}';
  await writeFile(join(folder, '.sallyport/settings.json'), settings);
  const { child, ended, said } = start('cli/index.ts', ['config', 'check'], { cwd: folder });
  child.stdin.end();
  expect({ code: await ended, ...said }).toEqual({
    code: 0,
    out: 'The configuration is good: development, http://localhost:3456.\n',
    err: '',
  });
  await rm(folder, { recursive: true });
});
