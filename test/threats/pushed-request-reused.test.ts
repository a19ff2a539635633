/**
 * RFC 9126. A client pushes its authorization request and gets a `request_uri`, which its browser brings along. Somebody
 * who reads that address in a history or a log begins sign-ins of their own with it, with the state of the victim. So it
 * begins one sign-in, also where two requests come at once (§4: one-time use).
 * Guard: `src/oidc/prompts/pushed-requests.ts#beginOnce`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorizePushed, push, signedIn, signIn } from '../oidc/support/flows.ts';
import { Browser, type Stop } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { stores } from '../support/world/stores.ts';

const refusal = { at: 'client', error: 'invalid_request_uri', state: 'of the victim', code: undefined };
const seen = ({ at, params }: Stop) => ({
  at,
  error: params['error'],
  state: params['state'],
  code: params['code'],
});

describe.each(stores)('RFC 9126 on $name', store => {
  let world: World;
  let rp: Rp;
  beforeEach(async () => {
    world = await openWorld({ store, nodes: 2 });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  const pushed = () => push(world, rp, { state: 'of the victim' });

  test('RFC 9126 a request_uri begins one sign-in; its pages can be reloaded, and it ends with a code', async () => {
    const [victim, thief] = [new Browser(world), new Browser(world, 1)];
    const uri = await pushed();
    const asked = await authorizePushed(victim, rp, uri);
    expect((await victim.open('GET', asked.url.pathname)).answer.status).toBe(200);

    expect(seen(await authorizePushed(thief, rp, uri))).toEqual(refusal);
    expect(seen(await authorizePushed(victim, rp, uri))).toEqual(refusal);

    expect((await victim.open('GET', asked.url.pathname)).answer.status).toBe(200);
    const done = await victim.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    expect(seen(done)).toMatchObject({ at: 'client', error: undefined, code: expect.any(String) });
    expect(world.audited.filter(({ event }) => event === 'sign-in.refused')).toMatchObject([
      { reason: 'invalid_request_uri' },
      { reason: 'invalid_request_uri' },
    ]);
  });

  test('RFC 9126 of twenty parallel uses on two nodes one begins a sign-in, signed in or not', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    for (const cookies of [[], browser.cookies]) {
      const uri = await pushed();
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          authorizePushed(Object.assign(new Browser(world, at % 2), { cookies }), rp, uri),
        ),
      );

      // Told to the client, or by our page where the request was used up before it was read.
      const refused = all.filter(({ at, params, answer }) =>
        at === 'page' ? answer.text.includes('invalid_request_uri') : params['error'] === 'invalid_request_uri',
      );
      expect(refused).toHaveLength(19);
      const begun = all.find(each => !refused.includes(each));
      expect([begun?.at, begun?.params['error']]).toEqual([cookies.length === 0 ? 'interaction' : 'client', undefined]);
    }
    expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
  });

  test('RFC 9126 a request that is refused for another reason has begun nothing', async () => {
    const uri = await push(world, rp, { prompt: 'none' });
    expect(seen(await authorizePushed(new Browser(world), { ...rp, id: 'other' }, uri)).at).toBe('page');

    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    expect(seen(await authorizePushed(browser, rp, uri)).code).toBeDefined();
  });
});
