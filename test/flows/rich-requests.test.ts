/** Tests that the page of a rich request (RFC 9396) shows the person all of it, in their language, before a token has it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { Consents } from '../../src/oidc/consent/consents.ts';
import { oidcDocumentKind, sessionRecordKind } from '../../src/records.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { withHook } from '../support/world/failing-store.ts';
import { startWorld, type World } from '../support/world/world.ts';

const types = `
payment: { words: { en: Make a payment, de: Eine Zahlung veranlassen }, members: [amount, payee] }
balance: { words: { en: See the balance of accounts, de: Kontostände sehen }, members: [accounts], remember: true }
`;
const resource = 'https://bank.test/';
let world: World;
let rp: RelyingParty;
/** Called ahead of each call of a store. */
let beforeCall = async (_call: string): Promise<void> => {};
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_AUTHORIZATION_DETAILS: types },
    wrap: resources => ({ ...resources, ...withHook(resources, async call => beforeCall(call)) }),
  });
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

/** The details of an account on the page of apps: since when, and the form that takes them back. */
const allowedIn = (page: Answer, account: string) => {
  const row = page.text.split('<li>').find(each => each.includes(`<bdi>${account}</bdi>`)) ?? '';
  const [, since = ''] = /Allowed: <time datetime="([^"]*)"/.exec(row) ?? [];
  return { since: Date.parse(since), ...formTo({ ...page, text: row }, /\/apps\/withdraw$/) };
};

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

  test('are withdrawn one by one: the tokens that have them end, and the others are not asked for again', async () => {
    const first = world.clock();
    await asked([balance('DE7')]);
    await world.nextDay();
    browser = world.browser();
    await asked([balance('DE7'), balance('DE8')]);
    const request = await rp.begin({ resource, authorization_details: JSON.stringify([balance('DE8')]) });
    const tokens = await request.redeem(atClient(browser, await browser.visit(request.url)));
    const { refresh_token: token = '' } = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
    const page = await browser.visit('/account/apps');
    const [kept, withdrawn] = [allowedIn(page, 'DE7'), allowedIn(page, 'DE8')];
    expect([kept.since - first, withdrawn.since - world.clock()].map(each => Math.abs(each) < 120_000)).toEqual([
      true,
      true,
    ]);
    const after = await browser.visit(withdrawn.action, { form: withdrawn.hidden });
    expect(after.text).toContain('The app may no longer do that');
    expect(after.text).not.toContain('<bdi>DE8</bdi>');
    await expect(oidc.refreshTokenGrant(rp.config, token)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await silently([balance('DE8')])).toBe('consent_required');
    expect(await silently([balance('DE7')])).toBeNull();
    expect((await world.audited('grant.revoked')).at(-1)).toMatchObject({
      facts: { reason: 'detail', client: 'shop' },
    });
    const again = await browser.visit(withdrawn.action, { form: withdrawn.hidden });
    expect(again.text).toContain('That had ended already.');
  });

  test('that are withdrawn while a request for them ends reach no token', async () => {
    await asked([balance('DE1')]);
    const other = browser;
    const { action, hidden } = allowedIn(await other.visit('/account/apps'), 'DE1');
    browser = world.browser();
    const request = await rp.begin({ resource, authorization_details: JSON.stringify([balance('DE1')]) });
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
    world.clock.advance(30_000);
    // The record of the session is stored with the code, after everything was decided.
    beforeCall = async call => {
      if (!call.endsWith(` ${sessionRecordKind.name}`)) return;
      beforeCall = async () => {};
      await other.visit(action, { form: hidden });
    };
    const end = atClient(browser, await enterCode(browser, page, await world.people.noor.phone.code()));
    await expect(request.redeem(end)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await silently([balance('DE1')])).toBe('consent_required');
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
