/** Tests the commands `clients …` as an operator types them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openCommandLine, type CommandLine, type Ran } from '../support/world/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await openCommandLine({ SALLYPORT_ISSUER: 'http://localhost:4300' });
  // The first command creates the database and the secrets of the installation, and says so.
  await line.run('clients', 'list');
});
afterAll(() => line.close());

const clients = (...args: readonly string[]) => line.run('clients', ...args);
const add = (id: string, ...more: readonly string[]) =>
  clients(
    'add',
    id,
    '--id',
    id,
    ...(more.includes('--redirect-uri') ? [] : ['--redirect-uri', `https://${id}.example/cb`]),
    ...more,
  );
const secretIn = ({ out }: Ran): string => /^client_secret +(\S{43})$/m.exec(out)?.[1] ?? '';
const shown = async (id: string): Promise<{ readonly metadata: Record<string, unknown> }> => {
  const { out } = await clients('show', id, '--json');
  return JSON.parse(out) as { metadata: Record<string, unknown> };
};

/** Options of `add`, and what is stored for them. */
const options: readonly (readonly [option: string, args: readonly string[], stored: object])[] = [
  ['--client-uri', ['--client-uri', 'https://a.example/'], { client_uri: 'https://a.example/' }],
  ['--public', ['--public'], { token_endpoint_auth_method: 'none' }],
  ['--native', ['--native', '--redirect-uri', 'com.example.app:/cb'], { application_type: 'native' }],
  ['--auth-method', ['--auth-method', 'client_secret_post'], { token_endpoint_auth_method: 'client_secret_post' }],
  ['--id-token-alg', ['--id-token-alg', 'RS256'], { id_token_signed_response_alg: 'RS256' }],
  ['--pkce', ['--pkce', 'optional'], { pkce: 'optional' }],
  ['--first-party', ['--first-party'], { first_party: true }],
  ['--require-mfa', ['--require-mfa'], { require_mfa: true }],
  ['--min-acr', ['--min-acr', 'aal2'], { min_acr: 'aal2' }],
  ['--mfa-max-age', ['--mfa-max-age', '3600'], { mfa_max_age: 3600 }],
  ['--claims-in-id-token', ['--claims-in-id-token'], { claims_in_id_token: true }],
  [
    '--post-logout-redirect-uri',
    ['--post-logout-redirect-uri', 'https://a.example/', 'https://a.example/bye'],
    { post_logout_redirect_uris: ['https://a.example/', 'https://a.example/bye'] },
  ],
];

describe('clients add and set', () => {
  test('--jwks says which file cannot be read, and which is no JSON', async () => {
    expect(await add('keys', '--auth-method', 'private_key_jwt', '--jwks', 'absent.json')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^--jwks: cannot open "\/.*absent\.json": ENOENT/),
    });
    const here = import.meta.filename;
    expect(await add('keys', '--auth-method', 'private_key_jwt', '--jwks', here)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`--jwks: got ${here}, expected a file with a JSON Web Key Set`),
    });
  });

  test.each(options)('%s is stored, changed and unset', async (option, args, stored) => {
    const id = option.slice(2);
    expect(await add(id, ...args)).toMatchObject({ code: 0, err: '' });
    expect((await shown(id)).metadata).toMatchObject(stored);
    if (option === '--public' || (option.endsWith('-uri') && args.length > 2)) return;

    const other = `${id}-later`;
    const uris = args.includes('--redirect-uri') ? ['--add-redirect-uri', 'com.example.app:/cb'] : [];
    expect(await add(other)).toMatchObject({ code: 0 });
    const before = (await shown(other)).metadata;
    const set = args.slice(0, args.includes('--redirect-uri') ? 1 : undefined);
    expect(await clients('set', other, ...set, ...uris)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Changed: /),
    });
    expect((await shown(other)).metadata).toMatchObject(stored);
    const back = args.includes('--redirect-uri') ? ['--remove-redirect-uri', 'com.example.app:/cb'] : [];
    expect(await clients('set', other, `--no-${id}`, ...back)).toMatchObject({ code: 0 });
    expect((await shown(other)).metadata).toEqual(before);
  });

  test('addresses are trimmed, added and removed one by one', async () => {
    await add('payroll', '--redirect-uri', ' https://payroll.example/cb ');
    const [one, two] = ['https://payroll.example/cb', 'https://payroll.example/other'];
    await clients('set', 'payroll', '--add-redirect-uri', two, '--add-post-logout-redirect-uri', one);
    expect((await shown('payroll')).metadata).toMatchObject({
      redirect_uris: [one, two],
      post_logout_redirect_uris: [one],
    });
    await clients('set', 'payroll', '--remove-redirect-uri', `${one}\n`, '--remove-post-logout-redirect-uri', one);
    const { metadata } = await shown('payroll');
    expect([metadata['redirect_uris'], metadata['post_logout_redirect_uris']]).toEqual([[two], undefined]);
  });

  test.each([
    ['a wildcard', ['--redirect-uri', 'https://*.example.com/cb'], 'no wildcards'],
    ['plain http', ['--redirect-uri', 'http://contoso.example/cb'], 'expected https'],
    ['an own scheme of a client that is not native', ['--redirect-uri', 'com.example.app:/cb'], 'native clients only'],
    ['a public client with optional PKCE', ['--public', '--pkce', 'optional'], 'pkce must be required'],
    ['a time that is no number', ['--mfa-max-age', 'soon'], 'mfa_max_age must be a number'],
  ])('%s is refused with the reason, and nothing is stored', async (_desc, args, sentence) => {
    expect(await add('refused', ...args)).toMatchObject({ code: 1, err: expect.stringContaining(sentence) });
    expect(await clients('show', 'refused')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no client "refused"'),
    });
  });

  test('a name is needed with its addresses, and the answer names the option', async () => {
    expect(await clients('add', 'Lonely')).toMatchObject({ code: 1, err: expect.stringContaining('--redirect-uri') });
  });

  test('a public client at a loopback address or an own scheme is native without being told, unless it is a page', async () => {
    const uris = ['http://127.0.0.1/cb', 'com.example.app:/cb', 'http://localhost:5173/', 'https://spa.example/'];
    const types: unknown[] = [];
    for (const [at, uri] of uris.entries()) {
      await add(`program-${at}`, '--public', '--redirect-uri', uri);
      types.push((await shown(`program-${at}`)).metadata['application_type']);
    }
    await add('page', '--public', '--no-native', '--redirect-uri', 'http://localhost:5173/');
    types.push((await shown('page')).metadata['application_type']);
    expect(types).toEqual(['native', 'native', 'native', undefined, undefined]);
  });

  test('an id that is taken is refused, and the other client keeps its secret', async () => {
    await add('taken');
    const before = await shown('taken');
    expect(await add('taken')).toMatchObject({ code: 1, err: expect.stringContaining('the client id taken is taken') });
    expect(await shown('taken')).toEqual(before);
  });

  test('a type that a client cannot get is refused', async () => {
    await add('spa', '--public');
    expect(await clients('set', 'spa', '--auth-method', 'client_secret_post')).toMatchObject({
      code: 1,
      err: expect.stringContaining('this client is public'),
    });
  });
});

describe('clients show', () => {
  test('says in words what applies, and neither the secret nor its digest', async () => {
    const added = await add('bank', '--pkce', 'optional', '--min-acr', 'aal2', '--mfa-max-age', '600', '--first-party');
    const { out } = await clients('show', 'bank');
    expect(out).toMatch(/^discovery +http:\/\/localhost:4300\/\.well-known\/openid-configuration$/m);
    expect(out).toMatch(/^PKCE +optional, .*weaker/m);
    expect(out).toMatch(/^second step +at least aal2, again after 10m$/m);
    expect(out).toMatch(/^consent +not asked/m);
    expect(out).toMatch(/^client secret +one, sent by client_secret_basic$/m);
    expect(out).toMatch(/^ID tokens +ES256, 1h; name, e-mail address and groups come from userinfo$/m);
    const json = await clients('show', 'bank', '--json');
    expect(secretIn(added)).toHaveLength(43);
    expect(out + json.out).not.toMatch(/[\w-]{43}/);
  });
});

describe('clients new-secret', () => {
  test('prints a second secret and when the old one ends; the old one can be ended, or the new one taken back', async () => {
    const first = secretIn(await add('moving'));
    const renewed = await clients('new-secret', 'moving', '--expires-in', '2d');
    expect(renewed).toMatchObject({ code: 0, out: expect.stringMatching(/old secret works until \d{4}-/) });
    expect(secretIn(renewed)).not.toBe(first);
    expect((await clients('show', 'moving')).out).toMatch(/^client secret +two, .* until \d{4}-/m);
    expect(await clients('new-secret', 'moving')).toMatchObject({
      code: 1,
      err: expect.stringContaining('two secrets'),
    });
    expect(await clients('remove-secret', 'moving', '--new')).toMatchObject({ code: 0 });
    expect(await clients('remove-secret', 'moving')).toMatchObject({
      code: 1,
      err: expect.stringContaining('one secret only'),
    });
    expect(await clients('new-secret', 'moving', '--now')).toMatchObject({
      code: 0,
      out: expect.stringContaining('no longer works'),
    });
    expect((await clients('show', 'moving')).out).toMatch(/^client secret +one, /m);
  });

  test.each(['0', '10', '1x', '400d', 'forever'])('refuses --expires-in %s with what is expected', async typed => {
    await add('moving-too');
    const ran = await clients('new-secret', 'moving-too', '--expires-in', typed);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('expected 1m to 365d') });
  });
});

describe('--json', () => {
  test('every listing prints one array without secrets', async () => {
    await add('listed');
    await line.run('users', 'add', 'ada', '--display-name', 'Ada', '--no-password');
    for (const args of [
      ['clients', 'list'],
      ['users', 'list'],
      ['methods', 'list', 'ada'],
      ['audit', 'find', '--user', 'ada'],
    ]) {
      const { code, out } = await line.run(...args, '--json');
      expect([code, Array.isArray(JSON.parse(out))]).toEqual([0, true]);
      expect(out).not.toMatch(/[\w-]{43}|passwordHash|sealed/);
    }
    const users = JSON.parse((await line.run('users', 'list', '--json')).out) as unknown;
    expect(users).toMatchObject([{ name: 'ada', displayName: 'Ada', methods: 0 }]);
  });
});

const addAs = (id: string, ...args: readonly string[]) => clients('add', id, '--id', id, ...args);

describe('clients that sign nobody in at their own pages', () => {
  test('--resource-server registers an API, says what applies to its tokens, and one client has an identifier', async () => {
    const scopes = ['--resource-scope', 'files:read', 'files:write'];
    expect(await addAs('files', '--resource-server', 'https://files.example/', ...scopes)).toMatchObject({ code: 0 });
    expect((await shown('files')).metadata).toMatchObject({
      resource: 'https://files.example/',
      resource_scopes: ['files:read', 'files:write'],
      grant_types: [],
    });
    const opaque = (await clients('show', 'files')).out;
    expect(opaque).toMatch(/^resource server +https:\/\/files\.example\/, knows files:read files:write$/m);
    expect(opaque).toMatch(/^tokens for it +opaque, 1h; it asks the introspection endpoint with its secret$/m);
    expect(await addAs('copy', '--resource-server', 'https://FILES.example')).toMatchObject({
      code: 1,
      err: expect.stringContaining('another client has the resource https://FILES.example'),
    });
    expect(await clients('set', 'files', '--access-token-format', 'jwt')).toMatchObject({ code: 0 });
    expect((await clients('show', 'files')).out).toMatch(
      /^tokens for it +JWT \(RFC 9068\), ES256, 5m; can be neither introspected nor revoked$/m,
    );
    expect(await clients('set', 'files', '--remove-resource-scope', 'files:write')).toMatchObject({ code: 0 });
    expect((await shown('files')).metadata['resource_scopes']).toEqual(['files:read']);
  });

  test('--service registers a program that acts for itself, which needs scopes', async () => {
    const resource = ['--default-resource', 'https://files.example/'];
    expect(await addAs('nightly', '--service', '--service-scope', 'files:read', ...resource)).toMatchObject({
      code: 0,
    });
    expect((await clients('show', 'nightly')).out).toMatch(
      /^service +may request files:read; for https:\/\/files\.example\/ unless it names another$/m,
    );
    expect(await addAs('idle', '--service')).toMatchObject({
      code: 1,
      err: expect.stringContaining('got no service_scopes'),
    });
    expect(await addAs('open', '--service', '--public', '--service-scope', 'files:read')).toMatchObject({ code: 1 });
  });

  test('--device registers a program that people connect with a code', async () => {
    expect(await addAs('tv', '--device', '--public', '--first-party')).toMatchObject({ code: 0 });
    const { out } = await clients('show', 'tv');
    expect(out).toMatch(
      /^device +people connect it at http:\/\/localhost:4300\/device with a code that expires after 10m$/m,
    );
    expect(out).not.toMatch(/^PKCE/m);
  });
});

const register = (...more: readonly string[]) => clients('add', 'Bank', '--first-party', ...more);

test('--ciba registers a client that asks people in their authenticator, where they can approve', async () => {
  const refused = await register('--id', 'b0', '--ciba', 'poll');
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('SALLYPORT_PUSH_UNLOCK')]);
  process.env['SALLYPORT_PUSH_UNLOCK'] = 'pin';
  try {
    expect(await register('--id', 'b1', '--ciba', 'poll')).toMatchObject({ code: 0, err: '' });
    expect((await shown('b1')).metadata).toMatchObject({
      grant_types: ['urn:openid:params:grant-type:ciba'],
      backchannel_token_delivery_mode: 'poll',
      redirect_uris: [],
    });
    expect((await clients('show', 'b1')).out).toContain('asks people there for an approval (mfa), and polls');
    const address = ['--ciba-notification-uri', 'https://bank.example/ping'];
    expect(await register('--id', 'b2', '--ciba', 'ping', ...address)).toMatchObject({ code: 0 });
    expect((await clients('show', 'b2')).out).toContain('is told of it at https://bank.example/ping');
    expect(await clients('set', 'b2', '--ciba-notification-uri', 'https://bank.example/new')).toMatchObject({
      code: 0,
    });
    // Its type stays: without the address it could not be told.
    expect(await clients('set', 'b2', '--no-ciba-notification-uri')).toMatchObject({ code: 1 });
    expect(await register('--id', 'b3', '--ciba', 'ping')).toMatchObject({ code: 1 });
    expect((await clients('add', 'Other', '--id', 'b4', '--ciba', 'poll')).err).toContain('not first-party');
  } finally {
    delete process.env['SALLYPORT_PUSH_UNLOCK'];
  }
});
