/**
 * Tests what leads to the pages on which methods are set up: a task of the security page, after a fresh sign-in at the highest
 * level, and a level that no method of the person reaches.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Method } from '../../src/mfa/assurance.ts';
import { accountPortal, callbackPathOf, portalSecret } from '../../src/oidc/clients/built-in.ts';
import { authorize, signedIn, signIn } from './support/flows.ts';
import { Browser, type Stop } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const call: Method = { factor: 'call', chosen: 'p', reaches: 'mfa', label: 'Phone', isDefault: true };
const totp: Method = { factor: 'totp', reaches: 'aal2', label: 'App', isDefault: false };

let world: World;
let account: Rp;
let contoso: Rp;
beforeEach(async () => {
  world = await openWorld({ canEnroll: ['mfa', 'aal2'] });
  account = {
    id: accountPortal.clientId,
    redirectUri: `${world.issuer.origin}${callbackPathOf(accountPortal)}`,
    secret: portalSecret(world.common.secrets.hashKey, accountPortal),
  };
  contoso = await world.addClient({ client_id: 'contoso' });
});
afterEach(() => world.close());

const promptOf = ({ answer }: Stop) =>
  (JSON.parse(answer.text) as { prompt: { name: string; reasons: string[]; details: Record<string, unknown> } }).prompt;
const outcome = (stop: Stop): string => {
  if (stop.at === 'interaction') return promptOf(stop).name;
  // The address of the security page is on our own origin, where the test browser goes on.
  const { answer, url } = stop;
  const said = url.searchParams;
  return said.has('code') ? 'code' : (said.get('error') ?? `${answer.status} ${url.pathname}`);
};
const task = { scope: 'openid', task: 'add-method' };

/** A person with these methods and a session of this level. */
const withSession = async (acr: 'sfa' | 'mfa' | 'aal2', methods: readonly Method[]): Promise<Browser> => {
  await world.addUser('ada', methods.length > 0 ? { authenticators: ['p'] } : {});
  world.usable.set('ada', methods);
  world.reaches.set('ada', methods.some(({ reaches }) => reaches === 'aal2') ? 'aal2' : 'mfa');
  const browser = new Browser(world);
  await signIn(browser, contoso, 'ada', acr);
  return browser;
};

describe('a task of the security page begins', () => {
  test('with a fresh sign-in at the highest level', async () => {
    const browser = await withSession('aal2', [call, totp]);
    const asked = await authorize(browser, account, task);
    expect(outcome(asked)).toBe('manage');
    const done = await browser.open('POST', asked.url.pathname, { json: { manage: 'done' } });
    expect(outcome(done)).toBe('code');
  });

  test('with the password alone where nothing else was ever bound', async () => {
    const browser = await withSession('sfa', []);
    expect(outcome(await authorize(browser, account, task))).toBe('manage');
    world.clock.advance(301_000);
    expect(outcome(await authorize(browser, account, task))).toBe('login');
  });

  test.each([
    ['not with the password alone', 'sfa', 0, 'mfa'],
    ['not with a weaker method', 'mfa', 0, 'mfa'],
    ['not with a sign-in of 5 min 1 s ago', 'aal2', 301_000, 'login'],
  ] as const)('%s', async (_, acr, age, prompt) => {
    const browser = await withSession(acr, [call, totp]);
    world.clock.advance(age);
    const asked = await authorize(browser, account, task);
    expect(outcome(asked)).toBe(prompt);
    expect(promptOf(asked).details['required']).toMatchObject({ strongest: true });
    expect(outcome(await authorize(browser, account, { ...task, prompt: 'none' }))).toMatch(
      /^(?:login_required|unmet_authentication_requirements)$/,
    );
  });

  test('not where the last method was removed', async () => {
    const browser = await withSession('sfa', []);
    await world.changeUser('ada', { everHadMethodAt: 1 });
    expect(outcome(await authorize(browser, account, task))).toBe('mfa');
  });

  test('again after a sign-in that its pages found too old', async () => {
    const browser = await withSession('aal2', [totp]);
    const asked = await authorize(browser, account, task);
    world.clock.advance(301_000);
    const again = await browser.open('POST', asked.url.pathname, { json: { manage: 'stale' } });
    expect(outcome(again)).toBe('login');
    const back = await browser.open('POST', again.url.pathname, { json: { ...signedIn(world, 'ada', 'aal2') } });
    expect(outcome(back)).toBe('manage');
  });
});

describe('a task', () => {
  test('is not known at another client, and grants nothing there', async () => {
    const browser = await withSession('sfa', []);
    expect(outcome(await authorize(browser, contoso, task))).toBe('code');
    expect(outcome(await authorize(browser, contoso, { task: 'anything' }))).toBe('code');
  });

  test('is one of a closed list', async () => {
    const browser = await withSession('aal2', [totp]);
    expect(outcome(await authorize(browser, account, { ...task, task: 'remove-everything' }))).toBe('invalid_request');
  });

  test('does not remain for the next request', async () => {
    const browser = await withSession('aal2', [totp]);
    await authorize(browser, account, task);
    expect(outcome(await authorize(browser, account, { scope: 'openid' }))).toBe('code');
  });
});

describe('a level that no method of the person reaches', () => {
  const strong = { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['aal2'] } } }) };
  const unmet = 'unmet_authentication_requirements';

  test('leads to a sign-in in which one is set up', async () => {
    const browser = await withSession('mfa', [call]);
    const asked = await authorize(browser, contoso, strong);
    expect([outcome(asked), promptOf(asked).reasons]).toEqual(['login', ['method_missing']]);
    world.reaches.set('ada', 'aal2');
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'aal2') });
    expect(outcome(done)).toBe('code');
  });

  test('is an error after a sign-in that set up none, and does not ask again', async () => {
    const browser = await withSession('mfa', [call]);
    const asked = await authorize(browser, contoso, strong);
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    expect(outcome(done)).toBe(unmet);
  });

  test('is an error with prompt=none', async () => {
    const browser = await withSession('mfa', [call]);
    expect(outcome(await authorize(browser, contoso, { ...strong, prompt: 'none' }))).toBe(unmet);
  });

  test('is an error where no factor in use reaches it', async () => {
    const browser = await withSession('mfa', [call]);
    const phr = { claims: strong.claims.replace('aal2', 'phr') };
    expect(outcome(await authorize(browser, contoso, phr))).toBe(unmet);
  });
});
