/** Tests that the page of a rich request (RFC 9396) shows the person all of it, in their language, before a token has it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Consents } from '../../src/oidc/consent/consents.ts';
import { oidcDocumentKind } from '../../src/records.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const types = `
payment: { words: { en: Make a payment, de: Eine Zahlung veranlassen }, members: [amount, payee] }
balance: { words: { en: See the balance of accounts, de: Kontostände sehen }, members: [accounts], remember: true }
`;
const resource = 'https://bank.test/';
let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_AUTHORIZATION_DETAILS: types } });
  await world.addClient({ id: 'bank', resource, access_token_format: 'jwt', redirectUris: [] });
  rp = await openRelyingParty(
    world,
    await world.addClient({ id: 'shop', authorization_details_types: ['payment', 'balance'], first_party: true }),
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
  expect(page.text).toContain('<span>Eine Zahlung veranlassen</span>');
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

const balance = (account: string) => ({ type: 'balance', accounts: [account] });

describe('details of a type that lasts', () => {
  const payment = { type: 'payment', amount: { value: '48.00', currency: 'EUR' } };
  let browser: Browser;
  beforeEach(async () => {
    await world.nextDay();
    browser = world.browser();
  });

  /** Sends a request, and allows what a page asks. Gives the accounts and amounts that the page showed, and those of the token. */
  const asked = async (details: readonly object[], wish: Readonly<Record<string, string>> = {}) => {
    const request = await rp.begin({ resource, authorization_details: JSON.stringify(details), ...wish });
    let page: Answer = await browser.visit(request.url);
    if (/\/password"/.test(page.text)) {
      page = await enterPassword(browser, page, world.people.noor);
      world.clock.advance(30_000);
      page = await enterCode(browser, page, await world.people.noor.phone.code());
    }
    const isAsked = /\/consent"/.test(page.text);
    const shown = [...page.text.matchAll(/<dd><bdi>([^<]*)<\/bdi><\/dd>/g)].map(([, value = '']) => value);
    if (isAsked) page = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
    const { access_token: token } = await request.redeem(atClient(browser, page));
    expect(decodeJwt(token)['authorization_details']).toEqual(details);
    return isAsked ? shown : 'nothing';
  };
  const silently = async (details: readonly object[]): Promise<string | null> => {
    const { url } = await rp.begin({ resource, authorization_details: JSON.stringify(details), prompt: 'none' });
    return atClient(browser, await browser.visit(url)).searchParams.get('error');
  };

  test('are asked for once, also in another browser, and shown on the security page until they are revoked', async () => {
    expect(await asked([balance('DE1')])).toEqual(['DE1']);
    expect(await asked([balance('DE1')])).toBe('nothing');
    browser = world.browser();
    expect(await asked([balance('DE1')])).toBe('nothing');
    expect(await silently([balance('DE1')])).toBeNull();

    const page = await browser.visit('/account/apps');
    expect(page.text).toContain('See the balance of accounts');
    expect(page.text).toContain('<bdi>DE1</bdi>');
    const { action, hidden } = formTo(page, /\/apps\/remove$/);
    await browser.visit(action, { form: hidden });
    expect(await silently([balance('DE1')])).toBe('consent_required');
    expect(await asked([balance('DE1')])).toEqual(['DE1']);
  });

  test('are asked for where one member differs, and the page shows the new ones alone', async () => {
    await asked([balance('DE1')]);
    expect(await asked([balance('DE1'), balance('DE2')])).toEqual(['DE2']);
    expect(await asked([{ ...balance('DE1'), actions: ['transfer'] }])).toEqual(['DE1', 'transfer']);
  });

  test('are asked for with `prompt=consent`, all of them', async () => {
    await asked([balance('DE1')]);
    expect(await asked([balance('DE1'), balance('DE3')], { prompt: 'consent' })).toEqual(['DE1', 'DE3']);
  });

  test('let nothing through that does not last: a payment is asked for each time, beside them and alone', async () => {
    await asked([balance('DE1'), payment]);
    expect(await asked([balance('DE1'), payment])).toEqual(['48.00', 'EUR']);
    expect(await asked([payment])).toEqual(['48.00', 'EUR']);
    expect(await silently([payment])).toBe('consent_required');
  });

  test('that were revoked while the page for others was open are asked for too', async () => {
    await asked([balance('DE1')]);
    const request = await rp.begin({
      resource,
      authorization_details: JSON.stringify([balance('DE1'), balance('DE9')]),
    });
    const page = await browser.visit(request.url);
    const consents = new Consents({ documents: world.store.durable.collection(oidcDocumentKind), clock: world.clock });
    await consents.remove(world.people.noor.user.id, 'shop');
    const again = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
    expect(again.text).toContain('<bdi>DE1</bdi>');
    const end = await browser.visit(formTo(again, /\/consent$/).action, { form: { answer: 'allow' } });
    expect(await request.redeem(atClient(browser, end))).toHaveProperty('access_token');
  });
});
