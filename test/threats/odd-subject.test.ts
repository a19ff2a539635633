/**
 * A94. A request names a subject that no person has: a number, `null` or a list. The library asks for the password
 * again and again, because no person ever matches. A check for texts only would not stop it. The person would type
 * their password without end. The request must end at the client, with an error.
 * Guards: `src/oidc/request.ts#subjectWanted`, `src/oidc/prompts/guard-prompt.ts#refuseOtherSubject`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('A94 a request that names its subject', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());

  const signIn = async (value: unknown) => {
    const browser = world.browser();
    const request = await rp.begin({ claims: JSON.stringify({ id_token: { sub: { value } } }) });
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    return { request, at: atClient(browser, page) };
  };

  test('A94 a request for a subject gets a code for that person', async () => {
    const { id: sub } = world.people.linus.user;
    const { request, at } = await signIn(sub);
    expect((await request.redeem(at)).claims()).toMatchObject({ sub });
  });

  test.each([[1], [null], [['x']], [{}], [''], ['somebody else']])(
    'A94 a request for the subject %j ends with one error',
    async value => {
      const { at } = await signIn(value);
      expect(at.searchParams.get('error')).toBe('login_required');
    },
  );
});
