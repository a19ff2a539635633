/**
 * A request demands a level by a name that every object of the language has. A table that is read without looking whether
 * the name is its own gives a function for it, which compares as neither higher nor lower than any level: the demand would
 * be met by a password alone. It must be refused as any other level that does not exist.
 * Guard: `levelOf` in src/oidc/required-acr.ts (`Object.hasOwn`).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { levelOf } from '../../src/oidc/required-acr.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const essential = (value: string): Readonly<Record<string, string>> => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, value } } }),
});

describe('A94 an essential acr', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());

  test('A94 an essential acr that a password reaches is met by a password', async () => {
    const browser = world.browser();
    const request = await rp.begin(essential('sfa'));
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    expect((await request.redeem(atClient(browser, page))).claims()).toMatchObject({ acr: 'sfa' });
  });

  test.each(['nonsense', 'constructor', 'toString', 'hasOwnProperty', '__proto__', ''])(
    'A94 an essential acr of %j is refused before a password is asked for',
    async value => {
      const browser = world.browser();
      const request = await rp.begin(essential(value));
      const to = browser.next(await browser.visit(request.url));
      expect(to?.searchParams.get('error')).toBe('unmet_authentication_requirements');
      expect(levelOf(value)).toBeUndefined();
    },
  );
});
