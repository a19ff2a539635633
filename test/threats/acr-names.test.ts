/**
 * A94. A request demands a level by a name that every JavaScript object has. A table read without checking own
 * properties gives a function for it. A function compares as neither higher nor lower than any level, so a password
 * alone would meet the demand. The request must be refused as for any unknown level.
 * Guard: `src/oidc/required-acr.ts#levelOf` (`Object.hasOwn`).
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
