/**
 * Tests that the mistakes which developers of clients make are told: the log always names what came and what is registered,
 * pages and token answers do so in development only. `test/flows/wrong-host.test.ts` has a wrong issuer.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { authorize, credentials, signIn, tryPush } from './support/flows.ts';
import { Browser, send, type Answer } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const registered = 'https://contoso.test:8443/Callback';
const native = 'http://localhost:4000/cb';
const modes = ['development', 'production'] as const;
let worlds: Readonly<Record<(typeof modes)[number], { readonly world: World; readonly rp: Rp }>>;
const open = async (explainsErrors: boolean) => {
  const world = await openWorld({ explainsErrors });
  await world.addUser('ada');
  const rp = await world.addClient({
    client_id: 'contoso',
    redirect_uris: [native, registered],
    post_logout_redirect_uris: ['https://contoso.test/bye'],
  });
  world.logged.length = 0;
  return { world, rp: { ...rp, redirectUri: registered } };
};
// For each test: the mocked clock of a world ends with its test.
beforeEach(async () => {
  worlds = { development: await open(true), production: await open(false) };
});
afterEach(() => Promise.all(modes.map(mode => worlds[mode].world.close())));

/** What a developer gets to see: the text of the answer, and the error that the client got. */
interface Seen {
  readonly shown: string;
}
/** Makes the mistake. */
type Mistake = (world: World, own: Rp) => Promise<Seen>;

const at = (params: Record<string, string | undefined>, who: Partial<Rp> = {}): Mistake => {
  return async (world, own) => {
    const { answer, params: got, url } = await authorize(new Browser(world), { ...own, ...who }, params);
    return { shown: `${answer.text} ${got['error_description'] ?? ''} ${decodeURIComponent(url.hash)}` };
  };
};
const shownBy = ({ text }: Answer): Seen => ({ shown: text });
/** Redeems a new code with some fields changed, or after something happened. */
const redeeming = (
  form: Record<string, string>,
  before: (world: World, post: () => Promise<Answer>) => Promise<unknown> = async () => undefined,
): Mistake => {
  return async (world, own) => {
    const { params, verifier } = await signIn(new Browser(world), own, 'ada');
    world.logged.splice(0);
    const sent = {
      grant_type: 'authorization_code',
      code: params['code'] ?? '',
      redirect_uri: own.redirectUri,
      code_verifier: verifier,
      ...form,
    };
    const post = () => send(world, 'POST', '/token', { form: sent, headers: credentials(own) });
    await before(world, post);
    return shownBy(await post());
  };
};
const signOutTo = (uri: string): Mistake => {
  const query = new URLSearchParams({ client_id: 'contoso', post_logout_redirect_uri: uri }).toString();
  return async world => shownBy((await new Browser(world).open('GET', `/session/end?${query}`)).answer);
};

const got = (uri: string, part: string): string =>
  `got "${uri}", registered "${registered}" and 1 more: different ${part}`;
type Readers = 'log' | 'developers' | 'everybody';
/** Each mistake with its sentence, and who reads it beside the log. Everybody reads the sentence of the error itself. */
const mistakes: readonly (readonly [string, Mistake, string, Readers])[] = [
  [
    'a slash at the end',
    at({ redirect_uri: `${registered}/` }),
    got(`${registered}/`, 'slash at the end'),
    'developers',
  ],
  [
    'another case',
    at({ redirect_uri: 'https://contoso.test:8443/callback' }),
    got('https://contoso.test:8443/callback', 'upper and lower case of the path'),
    'developers',
  ],
  [
    'another port',
    at({ redirect_uri: 'https://contoso.test/Callback' }),
    got('https://contoso.test/Callback', 'port'),
    'developers',
  ],
  [
    'another scheme',
    at({ redirect_uri: 'http://contoso.test:8443/Callback' }),
    got('http://contoso.test:8443/Callback', 'scheme'),
    'developers',
  ],
  [
    '127.0.0.1 for localhost',
    at({ redirect_uri: 'http://127.0.0.1:4000/cb' }),
    `got "http://127.0.0.1:4000/cb", registered "${native}" and 1 more: different host`,
    'developers',
  ],
  [
    'another path',
    at({ redirect_uri: 'https://contoso.test:8443/' }),
    got('https://contoso.test:8443/', 'path'),
    'developers',
  ],
  [
    'a host in capitals',
    at({ redirect_uri: 'https://CONTOSO.test:8443/Callback' }),
    got('https://CONTOSO.test:8443/Callback', 'spelling: the same characters are expected'),
    'developers',
  ],
  [
    'a query, which is not told',
    at({ redirect_uri: `${registered}?token=s3cret` }),
    got(registered, 'query'),
    'developers',
  ],
  [
    'credentials, which are not told',
    at({ redirect_uri: 'https://user:s3cret@contoso.test:8443/Callback' }),
    got(registered, 'spelling: the same characters are expected'),
    'developers',
  ],
  ['no address', at({ redirect_uri: 'callback' }), 'got "callback", registered', 'developers'],
  [
    'another address after sign-out',
    signOutTo('https://contoso.test/bye/'),
    'got "https://contoso.test/bye/", registered "https://contoso.test/bye": different slash at the end',
    'developers',
  ],
  [
    'an unknown client',
    at({}, { id: 'contosso' }),
    'got the client_id "contosso", which is not registered',
    'developers',
  ],
  [
    'an unknown client at the token endpoint',
    async world =>
      shownBy(
        await send(world, 'POST', '/token', {
          form: { grant_type: 'refresh_token', refresh_token: 'x' },
          headers: credentials({ id: 'contosso', secret: 's3cret', redirectUri: '' }),
        }),
      ),
    'got the client_id "contosso", which is not registered',
    'developers',
  ],
  [
    'a wrong secret',
    async world =>
      shownBy(
        await send(world, 'POST', '/token', {
          form: { grant_type: 'refresh_token', refresh_token: 'x' },
          headers: credentials({ id: 'contoso', secret: 's3cret', redirectUri: '' }),
        }),
      ),
    'the client_secret is not that of this client',
    'developers',
  ],
  [
    'no secret',
    async world =>
      shownBy(await send(world, 'POST', '/token', { form: { grant_type: 'refresh_token', client_id: 'contoso' } })),
    'the provided authentication mechanism does not match the registered client authentication method',
    'developers',
  ],
  ['response_type token', at({ response_type: 'token' }), 'got "token", expected "code"', 'log'],
  [
    'no PKCE and no nonce',
    at({ code_challenge: undefined, code_challenge_method: undefined }),
    'code_challenge and nonce are missing: send PKCE with S256, or a nonce with the scope openid',
    'everybody',
  ],
  ['plain PKCE', at({ code_challenge_method: 'plain' }), 'not supported value of code_challenge_method', 'everybody'],
  [
    'a pushed request without PKCE',
    async (world, own) => shownBy(await tryPush(world, own, { code_challenge: '', code_challenge_method: '' })),
    'code_challenge and nonce are missing',
    'everybody',
  ],
  ['an unknown prompt', at({ prompt: 'dance' }), 'got the prompt "dance"', 'log'],
  [
    'a nonce without openid',
    at({ scope: 'profile', nonce: 'n' }),
    'openid scope must be requested when using the nonce parameter',
    'everybody',
  ],
  [
    'an expired code',
    redeeming({}, async () => modes.forEach(mode => worlds[mode].world.clock.advance(61_000))),
    'the authorization code has expired: redeem it at once',
    'developers',
  ],
  [
    'a used code',
    redeeming({}, async (_world, post) => post()),
    'the authorization code was used before: each works once',
    'developers',
  ],
  ['an unknown code', redeeming({ code: 'no-such-c0de' }), 'got a code that is not known here', 'developers'],
  [
    'a wrong verifier',
    redeeming({ code_verifier: 'v'.repeat(43) }),
    'the code_verifier is not the one whose SHA-256 was the code_challenge',
    'developers',
  ],
  ['no verifier', redeeming({ code_verifier: '' }), 'the code_verifier is missing', 'developers'],
  [
    'another redirect_uri at the token endpoint',
    redeeming({ redirect_uri: `${registered}/` }),
    `got the redirect_uri "${registered}/", expected the one of the authorization request; registered: "${native}", "${registered}"`,
    'developers',
  ],
  [
    'a JSON body at the token endpoint',
    async (world, own) =>
      shownBy(
        await send(world, 'POST', '/token', { json: { grant_type: 'authorization_code' }, headers: credentials(own) }),
      ),
    'only application/x-www-form-urlencoded content-type bodies are supported on POST /token',
    'everybody',
  ],
];

/** HTML or JSON without its escapes. */
const plain = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('\\"', '"');

const isRead = (readers: Readers, mode: (typeof modes)[number]): boolean =>
  readers === 'everybody' || (readers === 'developers' && mode === 'development');

describe('a mistake', () => {
  test.each(mistakes)('of %s is explained', async (_, make, sentence, readers) => {
    for (const mode of modes) {
      const { world, rp } = worlds[mode];
      const page = plain((await make(world, rp)).shown);
      const log = plain(JSON.stringify(world.logged));
      expect(log).toContain(sentence);
      expect([mode, page.includes(sentence)]).toEqual([mode, isRead(readers, mode)]);
      // Neither tells a secret, and a page of production tells nothing that is registered.
      expect(log + page).not.toContain('s3cret');
      expect(log + page).not.toContain(rp.secret);
      expect([mode, page.includes(`registered "`)]).toEqual([mode, mode === 'development' && page.includes('got "')]);
    }
  });
});

test('A90 an explanation stays one line of the log', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: line => lines.push(line) });
  log.warn('authorization.error', { explanation: 'got "https://x.test/\n{\\"event\\":\\"forged\\"}\u2028"' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toMatch(/[\n\u2028]/);
});
