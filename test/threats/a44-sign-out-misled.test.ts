/**
 * A44. While a person looks at the sign-out page of one client, another site opens the sign-out of a second client in the same
 * browser. The library keeps one client for all these pages: the first page would lead to the second client, with a `state` of
 * the attacker's choice, and "stay signed in" would end that client's grant. A page acts for its own client only.
 * Guards: `src/oidc/sign-out/sign-out.ts#keepSecret`, `src/oidc/sign-out/sign-out.ts#answerOldForm`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, signIn } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { stores } from '../support/world/stores.ts';

const xsrfIn = (text: string): string => /name="xsrf" value="([^"]*)"/.exec(text)?.[1] ?? '';

describe.each(stores)('A44 the sign-out pages of two clients on $name', store => {
  let world: World;
  let rp: Rp;
  let browser: Browser;
  beforeEach(async () => {
    world = await openWorld({ store });
    rp = await world.addClient({ client_id: 'contoso', post_logout_redirect_uris: ['https://contoso.test/bye'] });
    await world.addClient({ client_id: 'other', post_logout_redirect_uris: ['https://other.test/bye'] });
    await world.addUser('ada');
    browser = new Browser(world);
    await signIn(browser, rp, 'ada');
  });
  afterEach(() => world.close());

  const ask = async (client: string, state: string): Promise<string> => {
    const to = { client_id: client, post_logout_redirect_uri: `https://${client}.test/bye`, state };
    const page = await browser.open('GET', `/session/end?${new URLSearchParams(to).toString()}`);
    return xsrfIn(page.answer.text);
  };
  const answer = async (form: Record<string, string>) =>
    (await browser.open('POST', '/session/end/confirm', { form })).answer.text;

  test('A44 the newest page signs out at once, and so does each other one of the same request', async () => {
    const [first, second] = [await ask('contoso', 's'), await ask('contoso', 's')];
    expect(second).toBe(first);
    expect(await answer({ xsrf: first, logout: 'yes' })).toContain('url=https://contoso.test/bye?state=s');
  });

  test('A44 an older page asks again, and then leads to its own client with its own state', async () => {
    const own = await ask('contoso', 'own');
    await ask('other', 'of the attacker');
    const again = await answer({ xsrf: own, logout: 'yes' });
    expect(again).toContain('action="http://idp.test/session/end/confirm"');
    expect(await answer({ xsrf: xsrfIn(again), logout: 'yes' })).toContain('url=https://contoso.test/bye?state=own');
  });

  test('A44 to stay signed in on an older page ends nothing of the other client', async () => {
    const own = await ask('contoso', 'own');
    await ask('other', 'of the attacker');
    expect(await answer({ xsrf: own })).toContain('action="http://idp.test/session/end/confirm"');
    expect((await authorize(browser, rp, { prompt: 'none' })).params['code']).toBeDefined();
    expect(world.audited.map(({ event }) => event)).not.toContain('session.ended');
  });

  test('A44 a page whose address was changed is asked again at most, and leads to registered addresses only', async () => {
    const [secret = ''] = (await ask('contoso', 'own')).split('.', 1);
    const evil = new URLSearchParams({ client_id: 'contoso', post_logout_redirect_uri: 'https://evil.test/' });
    for (const query of [evil.toString(), 'client_id=', '\u0000', 'x'.repeat(3000)]) {
      const xsrf = `${secret}.${Buffer.from(query).toString('base64url')}`;
      expect(await answer({ xsrf, logout: 'yes' })).not.toContain('evil.test/');
      expect((await authorize(browser, rp, { prompt: 'none' })).params['code']).toBeDefined();
    }
  });
});
