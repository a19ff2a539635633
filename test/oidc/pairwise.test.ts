/** Tests subjects that differ between sectors (OIDC Core §8.1), wherever a client learns or sends one. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { authorize, introspect, redeem, signedIn, signIn, userinfo } from './support/flows.ts';
import { Browser } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const sector = 'https://sector.test/clients.json';
let world: World;
let fetched: string[];
let answer: () => Response;
beforeEach(async () => {
  fetched = [];
  answer = () => Response.json(['https://one.test/cb', 'https://two.test/cb']);
  world = await openWorld({
    outbound: async address => (
      fetched.push(address instanceof Request ? address.url : new URL(address).href),
      answer()
    ),
  });
  for (const name of ['ada', 'noor']) await world.addUser(name);
});
afterEach(() => world.close());
const client = (client_id: string, more: Partial<NewClient> = {}): Promise<Rp> =>
  world.addClient({ client_id, subject_type: 'pairwise', ...more });
const tokensOf = async (rp: Rp, who: string) => redeem(world, rp, await signIn(new Browser(world), rp, who));
const subOf = async (rp: Rp, who: string) => (await tokensOf(rp, who)).claims['sub'];

test('a person is another one for each sector, and the same one each time', async () => {
  const [one, two] = [await client('one'), await client('two')];
  const subs = [await subOf(one, 'ada'), await subOf(one, 'ada'), await subOf(two, 'ada'), await subOf(one, 'noor')];
  expect(subs[0]).toBe(subs[1]);
  expect(new Set([...subs, 'ada', 'noor']).size).toBe(5);
  expect(await subOf(await world.addClient({ client_id: 'public' }), 'ada')).toBe('ada');
});

test('userinfo and introspection say the same as the ID token', async () => {
  const rp = await client('one');
  const { claims, access_token: token } = await tokensOf(rp, 'ada');
  expect(JSON.parse((await userinfo(world, token)).text)).toMatchObject({ sub: claims['sub'] });
  expect(await introspect(world, rp, token)).toMatchObject({ sub: claims['sub'], active: true });
});

test('subjects stay the same after a restart', async () => {
  const before = await subOf(await client('one'), 'ada');
  world = await world.restart();
  const found = await world.clients.find('one');
  expect(found?.metadata.subject_type).toBe('pairwise');
  const secret = await world.clients.secrets.add('one', 0, 'cli');
  const rp = { id: 'one', redirectUri: 'https://one.test/cb', ...(secret.ok && { secret: secret.secret }) };
  expect(await subOf(rp, 'ada')).toBe(before);
});

test('a hint and a requested subject mean the person of this client', async () => {
  const rp = await client('one');
  const { claims, id_token: hint = '' } = await tokensOf(rp, 'ada');
  for (const params of [
    { id_token_hint: hint },
    { claims: JSON.stringify({ id_token: { sub: { value: claims['sub'] } } }) },
  ]) {
    for (const [who, outcome] of [
      ['ada', 'code'],
      ['noor', 'error'],
    ] as const) {
      const browser = new Browser(world);
      const asked = await authorize(browser, rp, params);
      const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, who) });
      expect(done.params).toHaveProperty(outcome);
    }
  }
});

describe('clients of one sector', () => {
  test('know people by the same subject; the list is read when they are registered, not when people sign in', async () => {
    const [one, two] = [
      await client('one', { sector_identifier_uri: sector }),
      await client('two', { sector_identifier_uri: sector }),
    ];
    expect(fetched).toEqual([sector, sector]);
    answer = () => new Response('gone', { status: 500 });
    expect(await subOf(one, 'ada')).toBe(await subOf(two, 'ada'));
    expect(fetched).toHaveLength(2);
  });

  test.each<[string, () => Response]>([
    ['does not list the client', () => Response.json(['https://other.test/cb'])],
    ['is no list', () => Response.json({ uris: [] })],
    ['is no JSON', () => new Response('<html>')],
    ['is not there', () => new Response('', { status: 404 })],
    ['leads elsewhere', () => new Response(null, { status: 302, headers: { location: 'https://x.test/' } })],
  ])('are refused where the list %s', async (_title, answered) => {
    answer = answered;
    const added = await world.clients.add(
      { redirect_uris: ['https://one.test/cb'], subject_type: 'pairwise', sector_identifier_uri: sector },
      'cli',
    );
    expect(added).toMatchObject({ ok: false, message: expect.stringContaining('sector_identifier_uri') });
  });

  test('need a list where their addresses have several hosts', async () => {
    const redirect_uris = ['https://one.test/cb', 'https://two.test/cb'];
    await expect(client('one', { redirect_uris })).rejects.toThrow('sector_identifier_uri');
    await client('one', { redirect_uris, sector_identifier_uri: sector });
  });
});
