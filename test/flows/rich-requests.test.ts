/** Tests that the page of a rich request (RFC 9396) shows the person all of it, in their language, before a token has it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { formTo } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const types = 'payment: { words: { en: Make a payment, de: Eine Zahlung veranlassen }, members: [amount, payee] }';
const resource = 'https://bank.test/';
let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_AUTHORIZATION_DETAILS: types } });
  await world.addClient({ id: 'bank', resource, access_token_format: 'jwt', redirectUris: [] });
  rp = await openRelyingParty(
    world,
    await world.addClient({ id: 'shop', authorization_details_types: ['payment'], first_party: true }),
  );
});
afterAll(() => world.close());

test('the person sees the operator’s words and every member, and the token has what they allowed', async () => {
  const details = [
    {
      type: 'payment',
      amount: { value: '48.00', currency: 'EUR' },
      actions: ['make', 'list'],
      payee: '<b>Contoso & Sons</b>',
    },
  ];
  const request = await rp.begin({ resource, ui_locales: 'de', authorization_details: JSON.stringify(details) });
  const browser = world.browser();
  let page = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
  page = await enterCode(browser, page, await world.people.noor.phone.code());
  expect(page.text).toContain('<span lang="de">Eine Zahlung veranlassen</span>');
  const shown = [...page.text.matchAll(/<dt>([^<]*)<\/dt><dd><bdi>([^<]*)<\/bdi><\/dd>/g)];
  expect(shown.map(([, name, value]) => `${name}: ${value}`)).toEqual([
    'amount.value: 48.00',
    'amount.currency: EUR',
    'actions: make',
    'actions: list',
    'payee: &lt;b&gt;Contoso &amp; Sons&lt;/b&gt;',
  ]);
  const allowed = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  const tokens = await request.redeem(atClient(browser, allowed));
  expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: resource, authorization_details: details });
});
