/**
 * R03. Redis is full. With `noeviction` it refuses to store more. A limit that cannot be counted must not count as kept: an attacker
 * who fills Redis would otherwise guess without limits. So new sign-ins are refused for a while, and no value is forgotten. A refresh
 * token outlives it: it is used up only where its access token can be stored. Access tokens that are JWTs need no store.
 * Guards: `adapters/redis/calls.ts#createCall`, `src/oidc/replay.ts#detectReplay`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { refreshTokenGrant } from 'openid-client';
import { createInspectableStore, type InspectableStore } from '../support/world/inspectable-store.ts';
import { heading } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import {
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
  type Tokens,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const jwtResource = 'urn:example:jwt';

describe('R03 Redis out of memory', () => {
  let world: World;
  let rp: RelyingParty;
  let store: InspectableStore;

  beforeAll(async () => {
    store = await createInspectableStore('redis');
    world = await startWorld({ store });
    await world.addClient({
      id: 'files',
      resource: jwtResource,
      resource_scopes: ['files:read'],
      access_token_format: 'jwt',
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => limitMemory('0'));
  afterAll(() => world.close());

  /** In bytes; '0': without a limit. */
  const limitMemory = (bytes: string) => store.askRedis(redis => redis.config('SET', 'maxmemory', bytes));
  const refresh = (tokens: Tokens): Promise<Tokens> => refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
  const begin = async () => world.browser().visit((await rp.begin()).url);
  const refused = (answer: Awaited<ReturnType<typeof begin>>): void => {
    expect([answer.status, Number(answer.headers['retry-after'])]).toEqual([503, expect.any(Number)]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(heading(answer)).not.toBe('');
  };

  test('R03 a sign-in and a refresh succeed while there is memory', async () => {
    const tokens = await signIn(rp, world.browser(), world.people.noor);
    await expect(refresh(tokens)).resolves.toMatchObject({ refresh_token: expect.any(String) });
  });

  test('R03 new sign-ins get 503 with Retry-After, and one under way goes on once there is memory', async () => {
    await world.nextDay();
    const { noor } = world.people;
    const browser = world.browser();
    const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), noor);
    const finished = (await world.audited('sign-in.finished')).length;
    await limitMemory('1');
    refused(await begin());
    // The guess cannot be counted, so it is not compared, although it is right.
    refused(await enterCode(browser, page, codeAt(noor, world.clock())));
    expect(await world.audited('sign-in.finished')).toHaveLength(finished);
    await limitMemory('0');
    expect((await enterCode(browser, page, codeAt(noor, world.clock()))).status).toBeLessThan(400);
  });

  test('R03 a refresh token that cannot give an access token is not used up, however long it takes', async () => {
    await world.nextDay();
    const tokens = await signIn(rp, world.browser(), world.people.noor);
    await limitMemory('1');
    await expect(refresh(tokens)).rejects.toMatchObject({ cause: { status: 503 } });
    // Longer than a refresh may be repeated: a used token would end its family now.
    world.clock.advance(60_000);
    await expect(refresh(tokens)).rejects.toMatchObject({ cause: { status: 503 } });
    await limitMemory('0');
    await expect(refresh(tokens)).resolves.toMatchObject({ refresh_token: expect.any(String) });
  });

  test('R03 a refresh token goes on to give JWTs, which no store keeps', async () => {
    await world.nextDay();
    const parameters = { scope: 'openid files:read', resource: jwtResource };
    const tokens = await signIn(rp, world.browser(), world.people.noor, parameters);
    await limitMemory('1');
    const next = await refresh(tokens);
    expect(next.access_token.split('.')).toHaveLength(3);
    await expect(refresh(next)).resolves.toMatchObject({ refresh_token: expect.any(String) });
  });
});
