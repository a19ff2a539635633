/**
 * C47. Two services must not compare whom they know, so each knows people by subjects of its own (OIDC Core §8.1). A developer, or a client
 * that registers itself, moves to the host of another service with tokens from before, to learn its subjects; or to the list of that service.
 * Installed programs share the address of the machine.
 * Guards: `src/oidc/clients/sector.ts#sectorProblem`, `src/oidc/clients/sector.ts#sectorChangeProblem`,
 * `src/oidc/clients/sector.ts#sharedSectorProblem`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { deviceGrant, type NewClient } from '../../src/oidc/client-metadata.ts';
import type { ClientChange } from '../../src/oidc/clients/change.ts';
import type { Registrar } from '../../src/oidc/clients/doors.ts';
import { redeem, refresh, signIn } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

/** The list of the other service, which names its redirect address. */
const list = 'https://other.test/clients.json';
const otherAddress = 'https://other.test/callback';
const ownAddress = 'https://own.test/callback';

let world: World;
beforeEach(async () => {
  world = await openWorld({
    outbound: async () => Response.json([otherAddress, 'http://127.0.0.1/callback']),
  });
  await world.addUser('ada');
});
afterEach(() => world.close());

const tokensOf = async (rp: Rp) => redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));

/** The subject by which the other service knows her. */
const otherSubject = async (): Promise<unknown> => {
  const other = { client_id: 'other', subject_type: 'pairwise', redirect_uris: [otherAddress] } as const;
  const rp = await world.addClient(other);
  return (await tokensOf({ ...rp, redirectUri: otherAddress })).claims['sub'];
};

const doors: readonly (readonly [string, Registrar])[] = [
  ['developer', { door: 'developer', actor: 'user:mallory' }],
  ['dynamic', { door: 'dynamic', actor: 'client:mallory' }],
];

describe.each(doors)('C47 the door %s', (_door, by) => {
  const add = async (client: Partial<NewClient>) => world.clients.add({ redirect_uris: [ownAddress], ...client }, by);
  const added = async (client: Partial<NewClient> = {}): Promise<Rp & { readonly secret: string }> => {
    const answer = await add(client);
    if (!answer.ok) throw new Error(answer.message);
    // People are not asked for consent, which is of no matter here.
    await world.clients.change(answer.id, { set: { first_party: true } }, 'cli');
    return { id: answer.id, redirectUri: ownAddress, secret: answer.secret ?? '' };
  };

  test('C47 a client stays in its sector, also when it moves to another address', async () => {
    const rp = await added({ subject_type: 'pairwise' });
    const { claims, refresh_token: token } = await tokensOf(rp);
    expect(claims['sub']).toMatch(/^[\w-]{43}$/);
    const moved = { set: { redirect_uris: ['https://own.test/new-callback'] } };
    expect(await world.clients.change(rp.id, moved, by)).toMatchObject({ ok: true });
    expect((await refresh(world, rp, token)).claims['sub']).toBe(claims['sub']);

    const attacks: readonly ClientChange[] = [
      { set: { redirect_uris: [otherAddress] } },
      { set: { redirect_uris: [otherAddress], sector_identifier_uri: list } },
      { set: { redirect_uris: ['http://127.0.0.1/callback'], application_type: 'native' } },
    ];
    const before = (await world.clients.find(rp.id))?.metadata;
    for (const attack of attacks) {
      expect(await world.clients.change(rp.id, attack, by)).toMatchObject({ ok: false, reason: 'invalid' });
    }
    expect((await world.clients.find(rp.id))?.metadata).toEqual(before);
    expect(claims['sub']).not.toBe(await otherSubject());
  });

  test('C47 a client that knew people by their common subjects cannot carry its tokens into a sector', async () => {
    const rp = await added();
    const { refresh_token: token } = await tokensOf(rp);
    expect(await world.clients.change(rp.id, { set: { redirect_uris: [otherAddress] } }, by)).toMatchObject({
      ok: true,
    });
    const change = await world.clients.change(rp.id, { set: { subject_type: 'pairwise' } }, by);
    expect(change).toMatchObject({ ok: false, message: expect.stringMatching(/^subject_type: got pairwise/) });
    expect((await refresh(world, rp, token)).claims['sub']).toBe('ada');
  });

  test('C47 a client that proves itself by the keys of its sector takes no token to another one', async () => {
    const keys = 'https://own.test/keys';
    const device = {
      redirect_uris: [],
      grant_types: [deviceGrant],
      token_endpoint_auth_method: 'private_key_jwt',
      subject_type: 'pairwise',
    } as const;
    const answer = await add({ ...device, jwks_uri: keys });
    expect(answer).toMatchObject({ ok: true });
    const id = answer.ok ? answer.id : '';
    expect(await world.clients.change(id, { set: { client_name: 'Television' } }, by)).toMatchObject({ ok: true });
    const moved = await world.clients.change(id, { set: { jwks_uri: 'https://other.test/keys' } }, by);
    expect(moved).toMatchObject({ ok: false, message: expect.stringContaining('other.test') });
  });

  test.each<readonly [string, Partial<NewClient>]>([
    [
      'the address of an installed program',
      { redirect_uris: ['http://127.0.0.1/callback'], application_type: 'native', sector_identifier_uri: list },
    ],
    ['an address of this machine', { redirect_uris: ['https://localhost/callback'] }],
  ])('C47 no client is registered in a sector with %s', async (_title, client) => {
    expect(await add({ subject_type: 'pairwise' })).toMatchObject({ ok: true });
    const answer = await add({ ...client, subject_type: 'pairwise' });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('pairwise') });
  });
});

test('C47 installed programs share no sector without a list of their operator', async () => {
  const program = {
    redirect_uris: ['http://127.0.0.1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  } as const;
  expect(await world.clients.add(program, 'cli')).toMatchObject({ ok: true });
  const answer = await world.clients.add({ ...program, subject_type: 'pairwise' }, 'cli');
  expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('sector_identifier_uri') });
});
