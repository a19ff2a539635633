/**
 * Tests how each parameter of a request meets a session, at a client and over HTTP: one test for each row of the table of step-ups, which
 * says which pages are shown, which error the client gets, and what the ID token says afterwards.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formTo, heading } from '../support/browser/plain.ts';
import { addDeviceClient, answer, askForCodes, poll, typeCode } from '../support/world/device.ts';
import {
  addBoundOwner,
  addOwner,
  beginSession,
  send,
  startWorldOfLevels,
  type Level,
  type Owner,
} from '../support/world/every-method.ts';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import type { TestClient } from '../support/world/clients.ts';
import type { World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let people = 0;
beforeAll(async () => {
  world = await startWorldOfLevels();
  rp = await client('contoso');
  await addDeviceClient(world, 'tv', { first_party: false });
});
afterAll(() => world.close());

const client = async (id: string, own: Partial<TestClient> = {}): Promise<RelyingParty> =>
  openRelyingParty(world, await world.addClient({ id, ...own }));
const essential = (...values: readonly string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});
const minute = 60_000;
const now = (): number => Math.floor(world.clock() / 1000);

/** A person with a session of this level, a minute old. Without a level their methods came after its beginning. */
const signedIn = async (level?: Level) => {
  people += 1;
  const owner = await (level === undefined ? addOwner : addBoundOwner)(world, `person-${people}`);
  const browser = world.browser();
  const signedInAt = await beginSession(world, browser, rp, { owner, ...(level && { by: level }) });
  if (level === undefined) await owner.bind();
  world.clock.advance(minute);
  return { owner, browser, signedInAt };
};
/** The second step by the method of this level. */
const by = (owner: Owner, level: Level) => ({ owner, by: level });

test('a client that needs a second step, and a session by password: the second step alone, then consent', async () => {
  const strict = await client('strict', { require_mfa: true, first_party: false });
  const { owner, browser, signedInAt } = await signedIn();
  const got = await send(browser, strict, {}, by(owner, 'mfa'));
  expect(got).toEqual({ pages: 'second step, consent', said: 'mfa: mfa pwd tel', authTime: signedInAt });
});

describe('prompt=none', () => {
  test('without a session is login_required, also where a level is missing too', async () => {
    const owner = await addBoundOwner(world, 'nobody-yet');
    const got = await send(world.browser(), rp, { prompt: 'none', ...essential('phr') }, { owner });
    expect(got).toEqual({ pages: '', said: 'login_required' });
  });

  test('with a session that is too weak is unmet_authentication_requirements, and leaves the session', async () => {
    const { owner, browser } = await signedIn('mfa');
    for (const wish of [{ acr_values: 'aal2' }, essential('aal2'), { acr_values: 'phr aal2' }]) {
      const got = await send(browser, rp, { prompt: 'none', ...wish }, { owner });
      expect(got).toEqual({ pages: '', said: 'unmet_authentication_requirements' });
    }
    expect((await send(browser, rp, { prompt: 'none' }, { owner })).said).toBe('mfa: mfa pwd tel');
  });

  test('is satisfied by each of several levels', async () => {
    const { owner, browser } = await signedIn('aal2');
    const got = await send(browser, rp, { prompt: 'none', acr_values: 'phr aal2' }, { owner });
    expect(got.said).toBe('aal2: mfa otp pwd');
  });
});

describe('prompt=login', () => {
  test('asks for everything anew: the earlier second step does not count any more', async () => {
    const { owner, browser } = await signedIn('phr');
    const at = now();
    const got = await send(browser, rp, { prompt: 'login' }, by(owner, 'mfa'));
    expect(got).toEqual({ pages: 'password, second step', said: 'mfa: mfa pwd tel', authTime: at });
  });

  test('may stand beside prompt=mfa, and is asked once', async () => {
    const { owner, browser } = await signedIn('mfa');
    const got = await send(browser, rp, { prompt: 'login mfa' }, by(owner, 'aal2'));
    expect(got).toMatchObject({ pages: 'password, second step', said: 'aal2: mfa otp pwd' });
  });
});

describe('max_age', () => {
  test('counts from the first step: a later second step does not make a session younger', async () => {
    const { owner, browser, signedInAt } = await signedIn('mfa');
    world.clock.advance(5 * minute);
    const stepUp = await send(browser, rp, { acr_values: 'aal2' }, by(owner, 'aal2'));
    expect(stepUp).toMatchObject({ pages: 'second step', authTime: signedInAt });
    const at = now();
    const got = await send(browser, rp, { max_age: '300' }, by(owner, 'mfa'));
    expect(got).toMatchObject({ pages: 'password, second step', authTime: at });
  });

  test('0 asks for a sign-in each time', async () => {
    const { owner, browser } = await signedIn('mfa');
    for (let times = 0; times < 2; times += 1) {
      const at = now();
      const got = await send(browser, rp, { max_age: '0' }, by(owner, 'mfa'));
      expect(got).toMatchObject({ pages: 'password, second step', authTime: at });
    }
  });

  test('of the second step is a member of the client, and repeats the second step alone', async () => {
    const recent = await client('recent', { mfa_max_age: 300 });
    const { owner, browser, signedInAt } = await signedIn('mfa');
    expect((await send(browser, recent, {}, { owner })).pages).toBe('');
    world.clock.advance(5 * minute);
    const got = await send(browser, recent, {}, by(owner, 'mfa'));
    expect(got).toEqual({ pages: 'second step', said: 'mfa: mfa pwd tel', authTime: signedInAt });
  });
});

describe('acr_values', () => {
  test('asks for a level that a method of the person reaches', async () => {
    const { owner, browser } = await signedIn('mfa');
    const got = await send(browser, rp, { acr_values: 'phr' }, by(owner, 'phr'));
    expect(got).toMatchObject({ pages: 'second step', said: 'phr: mfa pwd swk tel user' });
  });

  test('beyond what the person reaches gives the level that was reached', async () => {
    const { grace } = world.people;
    const browser = world.browser();
    const owner = { ...(await addBoundOwner(world, 'like-grace')), ...grace };
    const got = await send(browser, rp, { acr_values: 'phr' }, by(owner, 'mfa'));
    expect(got).toMatchObject({ pages: 'password, second step', said: 'mfa: mfa pwd tel' });
    expect((await send(browser, rp, { acr_values: 'phr' }, { owner })).pages).toBe('');
  });

  test.each([
    ['phr aal2', 'a passkey', 'phr', 'second step', 'phr: mfa pwd swk tel user'],
    ['aal2 phr', 'a code', 'aal2', 'second step', 'aal2: mfa otp pwd tel'],
    ['mfa phr', 'nothing', 'mfa', '', 'mfa: mfa pwd tel'],
  ] as const)('%s asks a session by call for %s', async (acrValues, _title, level, pages, said) => {
    const { owner, browser } = await signedIn('mfa');
    expect(await send(browser, rp, { acr_values: acrValues }, by(owner, level))).toMatchObject({ pages, said });
  });

  test('phr aal2 asks a person without a passkey for a code, at the first sign-in too', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const request = await rp.begin({ acr_values: 'phr aal2' });
    const page = await enterPassword(browser, await browser.visit(request.url), noor);
    expect(page.text).toContain('name="code"');
  });
});

describe('an essential acr', () => {
  test('that the person reaches is a step-up, and no loop', async () => {
    const { owner, browser } = await signedIn();
    const got = await send(browser, rp, essential('phr'), by(owner, 'phr'));
    expect(got).toMatchObject({ pages: 'second step', said: 'phr: mfa pwd swk user' });
    expect((await send(browser, rp, essential('phr'), { owner })).pages).toBe('');
  });

  test('that nobody knows is unmet_authentication_requirements before any page', async () => {
    const { owner, browser } = await signedIn('mfa');
    const got = await send(browser, rp, essential('urn:gold'), { owner });
    expect(got).toEqual({ pages: '', said: 'unmet_authentication_requirements' });
  });

  test('that no method of the person reaches is never answered with less', async () => {
    const { grace } = world.people;
    const owner = { ...(await addBoundOwner(world, 'also-grace')), ...grace };
    const browser = world.browser();
    await beginSession(world, browser, rp, { owner, by: 'mfa' });
    const silent = await send(browser, rp, { ...essential('phr'), prompt: 'none' }, { owner });
    expect(silent.said).toBe('unmet_authentication_requirements');
    // A passkey can be set up here, after a proof of what the person has.
    const got = await send(browser, rp, essential('phr'), by(owner, 'mfa'));
    expect(got).toEqual({ pages: 'password, second step', said: 'A stronger method is needed' });
  });

  test('beside acr_values stays essential', async () => {
    const { owner, browser } = await signedIn('mfa');
    const wish = { ...essential('phr'), acr_values: 'mfa' };
    expect((await send(browser, rp, { ...wish, prompt: 'none' }, { owner })).said).toBe(
      'unmet_authentication_requirements',
    );
    expect((await send(browser, rp, wish, by(owner, 'phr'))).said).toBe('phr: mfa pwd swk tel user');
  });
});

test('a client is bound to a level by min_acr, which no request lowers', async () => {
  const bank = await client('bank', { min_acr: 'aal2' });
  const { owner, browser } = await signedIn('mfa');
  const silent = await send(browser, bank, { acr_values: 'sfa', prompt: 'none' }, { owner });
  expect(silent.said).toBe('unmet_authentication_requirements');
  const got = await send(browser, bank, { acr_values: 'sfa' }, by(owner, 'aal2'));
  expect(got).toMatchObject({ pages: 'second step', said: 'sfa: mfa otp pwd tel' });
});

describe('a person that the client names', () => {
  test.each(['id_token_hint', 'claims.id_token.sub'])('by %s is the only one who gets a code', async how => {
    const { owner, browser } = await signedIn('mfa');
    const request = await rp.begin({ prompt: 'none' });
    const tokens = await request.redeem(browser.next(await browser.visit(request.url)) ?? world.issuer);
    const wish: Record<string, string> =
      how === 'id_token_hint'
        ? { id_token_hint: tokens.id_token ?? '' }
        : { claims: JSON.stringify({ id_token: { sub: { value: owner.user.id } } }) };
    expect((await send(browser, rp, wish, { owner })).said).toBe('mfa: mfa pwd tel');
    const other = await addBoundOwner(world, `other-by-${how.length}`);
    const got = await send(world.browser(), rp, wish, by(other, 'mfa'));
    expect(got).toEqual({ pages: 'password, second step', said: 'login_required' });
  });
});

test('another account than that of the session is confirmed before the session is replaced', async () => {
  const { browser } = await signedIn('mfa');
  const other = await addBoundOwner(world, 'second-account');
  const got = await send(browser, rp, { prompt: 'login' }, by(other, 'mfa'));
  expect(got.said).toBe('Continue as second-account?');
});

test('login_hint and ui_locales reach the pages', async () => {
  const request = await rp.begin({ login_hint: 'ada', ui_locales: 'fr' });
  const { text } = await world.browser().visit(request.url);
  expect(text).toContain('value="ada"');
  expect(text).toContain('<html lang="fr"');
});

test('cancelling a step-up is access_denied, and leaves the session as it was', async () => {
  const { owner, browser } = await signedIn('mfa');
  const page = await browser.visit((await rp.begin({ acr_values: 'aal2' })).url);
  expect(heading(page)).toBe('Confirm it’s you');
  const left = browser.next(await browser.visit(formTo(page, /\/cancel$/).action, { form: {} }));
  expect(left?.searchParams.get('error')).toBe('access_denied');
  expect((await send(browser, rp, { prompt: 'none' }, { owner })).said).toBe('mfa: mfa pwd tel');
});

test('a device passes the same policy: a session needs a second step of its own, and consent', async () => {
  const { owner, browser } = await signedIn('mfa');
  const codes = await askForCodes(world, 'tv', { acr_values: 'aal2' });
  let page = await answer(browser, await typeCode(browser, codes.user_code), 'allow');
  expect(heading(page)).toBe('Confirm it’s you');
  page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
  page = await browser.visit(formTo(page, /\/factor$/).action, { form: await owner.answer('phr', page) });
  page = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  expect(heading(page)).toBe('Device connected');
  const { id_token: token } = await poll(world, 'tv', codes);
  const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as object;
  expect(claims).toMatchObject({ sub: owner.user.id, acr: 'aal2' });
});
