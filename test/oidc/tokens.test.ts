/** What a client is given, and what becomes of it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  authorize,
  Browser,
  credentials,
  openWorld,
  redeem,
  refresh,
  send,
  signIn,
  userinfo,
  type Rp,
  type World,
} from './world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
});
afterEach(() => world.close());

describe('tokens', () => {
  test('a sign-in ends with an ID token that says who, how sure, how and when', async () => {
    const at = Math.floor(world.clock() / 1000);
    const done = await signIn(new Browser(world), rp, 'ada', 'mfa');
    expect({ at: done.at, error: done.params['error_description'] }).toEqual({ at: 'client' });
    const got = await redeem(world, rp, done);
    expect(got.claims).toMatchObject({
      sub: 'ada',
      acr: 'mfa',
      amr: ['pwd', 'tel', 'mfa'],
      auth_time: at,
      aud: 'contoso',
    });
    expect(got.claims).not.toHaveProperty('name');
    expect(JSON.parse((await userinfo(world, got.access_token)).text)).toEqual({
      sub: 'ada',
      name: 'The one called ada',
      preferred_username: 'ada',
    });
    expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
  });
});
