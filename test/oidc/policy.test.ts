/** Tests when a request needs a person, and the error that a client gets where no person may be asked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Acr } from '../../src/mfa/factor.ts';
import { authorize, redeem, signedIn, signIn } from './support/flows.ts';
import { Browser, type Stop } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso' });
});
afterEach(() => world.close());

/** The outcome in short: the prompt and its reasons, or `code` or the error that the client got. */
const outcome = ({ at, answer, params, url }: Stop): string => {
  if (at === 'interaction') return (JSON.parse(answer.text) as { prompt: { name: string } }).prompt.name;
  return params['code'] === undefined ? (params['error'] ?? `${answer.status} ${url.pathname}`) : 'code';
};
const reasons = ({ answer }: Stop): readonly string[] =>
  (JSON.parse(answer.text) as { prompt: { reasons: string[] } }).prompt.reasons;
const detail = ({ answer }: Stop): Record<string, unknown> =>
  (JSON.parse(answer.text) as { prompt: { details: Record<string, unknown> } }).prompt.details;

const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

/** Creates a person with a session of acr `session`, and then methods that reach `reaches`. */
const withSession = async (session: Acr | 'none', reaches: Acr): Promise<Browser> => {
  await world.addUser('ada');
  const browser = new Browser(world);
  if (session !== 'none') await signIn(browser, rp, 'ada', session);
  if (reaches !== 'sfa') await world.changeUser('ada', { authenticators: ['a1'] });
  world.reaches.set('ada', reaches);
  return browser;
};

describe('the policy for a session and a request', () => {
  const none = { prompt: 'none' };
  test.each<[string, Acr | 'none', Acr, Record<string, string>, string]>([
    // title, acr of the session, acr that the methods reach, request, outcome
    ['no session', 'none', 'sfa', {}, 'login'],
    ['no session, with prompt=none', 'none', 'sfa', none, 'login_required'],
    ['a session, for a person without a method', 'sfa', 'sfa', {}, 'code'],
    ['a session, for a person without a method, with prompt=none', 'sfa', 'sfa', none, 'code'],
    ['a session with a password, for a person with a method', 'sfa', 'mfa', {}, 'mfa'],
    [
      'a session with a password, for a person with a method, with prompt=none',
      'sfa',
      'mfa',
      none,
      'unmet_authentication_requirements',
    ],
    ['a session with a call, with prompt=none', 'mfa', 'mfa', none, 'code'],
    ['a voluntary acr below that of the session', 'aal2', 'aal2', { ...none, acr_values: 'mfa' }, 'code'],
    ['a voluntary acr within reach', 'mfa', 'aal2', { acr_values: 'aal2' }, 'mfa'],
    [
      'a voluntary acr within reach, with prompt=none',
      'mfa',
      'aal2',
      { ...none, acr_values: 'aal2' },
      'unmet_authentication_requirements',
    ],
    ['a voluntary acr out of reach', 'mfa', 'mfa', { acr_values: 'aal2' }, 'code'],
    ['two voluntary acr values, the lower one reached', 'mfa', 'aal2', { acr_values: 'phr mfa' }, 'code'],
    [
      'the preferred one of two voluntary acr values, not reached yet',
      'mfa',
      'aal2',
      { acr_values: 'aal2 mfa' },
      'mfa',
    ],
    ['the preferred one of two voluntary acr values, reached', 'mfa', 'aal2', { acr_values: 'mfa aal2' }, 'code'],
    [
      'two voluntary acr values, the less preferred one reached, with prompt=none',
      'mfa',
      'aal2',
      { ...none, acr_values: 'aal2 mfa' },
      'code',
    ],
    [
      'two voluntary acr values, none reached, with prompt=none',
      'mfa',
      'phr',
      { ...none, acr_values: 'phr aal2' },
      'unmet_authentication_requirements',
    ],
    ['the preferred one of two essential acr values, not reached yet', 'mfa', 'aal2', essential('aal2', 'mfa'), 'mfa'],
    ['the preferred one of two essential acr values, out of reach', 'mfa', 'mfa', essential('aal2', 'mfa'), 'code'],
    ['two essential acr values, the less preferred one in reach', 'mfa', 'aal2', essential('phr', 'aal2'), 'mfa'],
    [
      'two essential acr values, both out of reach',
      'mfa',
      'mfa',
      essential('phr', 'aal2'),
      'unmet_authentication_requirements',
    ],
    ['a voluntary acr by its alias', 'sfa', 'mfa', { acr_values: 'https://refeds.org/profile/mfa' }, 'mfa'],
    ['an unknown voluntary acr', 'sfa', 'sfa', { acr_values: 'urn:gold' }, 'code'],
    ['an essential acr that the session has', 'aal2', 'aal2', essential('aal2'), 'code'],
    ['an essential acr within reach', 'mfa', 'aal2', essential('aal2'), 'mfa'],
    ['an essential acr out of reach', 'mfa', 'mfa', essential('aal2'), 'unmet_authentication_requirements'],
    ['an unknown essential acr', 'mfa', 'mfa', essential('urn:gold'), 'unmet_authentication_requirements'],
    [
      'an unknown essential acr, without a session',
      'none',
      'mfa',
      essential('urn:gold'),
      'unmet_authentication_requirements',
    ],
    [
      'an essential acr out of reach, beside a voluntary one',
      'mfa',
      'mfa',
      { ...essential('aal2'), acr_values: 'mfa' },
      'unmet_authentication_requirements',
    ],
    ['prompt=login', 'aal2', 'aal2', { prompt: 'login' }, 'login'],
    ['prompt=mfa', 'aal2', 'aal2', { prompt: 'mfa' }, 'mfa'],
    ['prompt=mfa for a person without a method', 'sfa', 'sfa', { prompt: 'mfa' }, 'unmet_authentication_requirements'],
    ['prompt=consent', 'aal2', 'aal2', { prompt: 'consent' }, 'consent'],
    ['prompt=select_account', 'aal2', 'aal2', { prompt: 'select_account' }, 'select_account'],
    ['prompt=select_account without a session', 'none', 'sfa', { prompt: 'select_account' }, 'login'],
    ['prompt=login select_account', 'aal2', 'aal2', { prompt: 'login select_account' }, 'login'],
    ['prompt=none select_account', 'aal2', 'aal2', { prompt: 'none select_account' }, 'invalid_request'],
    ['an unknown prompt', 'aal2', 'aal2', { prompt: 'dance' }, 'invalid_request'],
    ['max_age=0', 'aal2', 'aal2', { max_age: '0' }, 'login'],
  ])('%s (session %s, methods reach %s)', async (_title, session, reaches, request, expected) => {
    const browser = await withSession(session, reaches);
    expect(outcome(await authorize(browser, rp, request))).toBe(expected);
  });
});

/** Answers a page with this result. */
const answer = (browser: Browser, asked: Stop, result: object): Promise<Stop> =>
  browser.open('POST', asked.url.pathname, { json: result });

describe('prompt=select_account', () => {
  const chosen = { prompt: 'select_account' };
  test('goes on with the account of the session', async () => {
    const browser = await withSession('sfa', 'sfa');
    const done = await answer(browser, await authorize(browser, rp, chosen), { select_account: 'same' });
    expect(outcome(done)).toBe('code');
  });

  test('asks for the second step after the account', async () => {
    const browser = await withSession('sfa', 'mfa');
    const then = await answer(browser, await authorize(browser, rp, chosen), { select_account: 'same' });
    expect(outcome(then)).toBe('mfa');
    expect(outcome(await answer(browser, then, signedIn(world, 'ada', 'mfa')))).toBe('code');
  });

  test('asks for a sign-in where another account was chosen, and not for the account again', async () => {
    const browser = await withSession('sfa', 'sfa');
    const then = await answer(browser, await authorize(browser, rp, chosen), { select_account: 'another' });
    expect([outcome(then), reasons(then)]).toEqual(['login', ['another_account']]);
    expect(outcome(await answer(browser, then, signedIn(world, 'ada')))).toBe('code');
  });

  test('asks nobody who has just signed in', async () => {
    const browser = await withSession('none', 'sfa');
    expect(outcome(await answer(browser, await authorize(browser, rp, chosen), signedIn(world, 'ada')))).toBe('code');
    expect(outcome(await authorize(browser, rp))).toBe('code');
  });
});

describe('the policy of clients and of the server', () => {
  test.each<[string, object, Acr, string]>([
    ['require_mfa asks a session with a password alone', { require_mfa: true }, 'mfa', 'mfa'],
    [
      'require_mfa refuses a person without a method',
      { require_mfa: true },
      'sfa',
      'unmet_authentication_requirements',
    ],
    [
      'min_acr refuses a person whose methods do not reach it',
      { min_acr: 'aal2' },
      'mfa',
      'unmet_authentication_requirements',
    ],
    ['min_acr asks a person whose methods reach it', { min_acr: 'aal2' }, 'aal2', 'mfa'],
  ])('%s', async (_title, metadata, reaches, expected) => {
    const browser = await withSession('sfa', reaches);
    const strict = await world.addClient({ client_id: 'bank', ...metadata });
    expect(outcome(await authorize(browser, strict))).toBe(expected);
  });

  test('a client may require a recent second step', async () => {
    const strict = await world.addClient({ client_id: 'bank', mfa_max_age: 300 });
    const browser = await withSession('mfa', 'mfa');
    expect(outcome(await authorize(browser, strict))).toBe('code');
    world.clock.advance(301_000);
    const asked = await authorize(browser, strict);
    expect(outcome(asked)).toBe('mfa');
    const ts = Math.floor(world.clock() / 1000) - 301;
    expect(outcome(await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa', ts) }))).toBe(
      'code',
    );
  });

  test('A76 a recent second step below the level of the client is none of the recent ones that it requires', async () => {
    const strict = await world.addClient({ client_id: 'bank', min_acr: 'phr', mfa_max_age: 300 });
    const usual = await world.addClient({ client_id: 'mail', mfa_max_age: 300 });
    const browser = await withSession('phr', 'phr');
    expect(outcome(await authorize(browser, strict))).toBe('code');
    world.clock.advance(301_000);
    const before = Math.floor(world.clock() / 1000) - 301;
    const stepUp = async (at: Rp, acr: Acr) => {
      const asked = await authorize(browser, at);
      const result = signedIn(world, 'ada', 'phr', before);
      const mfa = { ts: Math.floor(world.clock() / 1000), method: acr === 'phr' ? 'passkey' : 'call', acr };
      return [outcome(asked), outcome(await browser.open('POST', asked.url.pathname, { json: { ...result, mfa } }))];
    };
    expect(await stepUp(usual, 'mfa')).toEqual(['mfa', 'code']);
    expect(await stepUp(strict, 'phr')).toEqual(['mfa', 'code']);
    expect(outcome(await authorize(browser, strict))).toBe('code');
  });

  test('a server may require a second step of all', async () => {
    await world.close();
    world = await openWorld({ minimum: 'mfa' });
    rp = await world.addClient({ client_id: 'contoso' });
    const browser = await withSession('mfa', 'mfa');
    expect(outcome(await authorize(browser, rp))).toBe('code');
    await world.addUser('bob');
    const other = new Browser(world);
    expect(outcome(await signIn(other, rp, 'bob'))).toBe('unmet_authentication_requirements');
  });
});

describe('a session', () => {
  test('older than the first current method is asked for a second step', async () => {
    const browser = await withSession('mfa', 'mfa');
    expect(outcome(await authorize(browser, rp))).toBe('code');
    world.clock.advance(5_000);
    await world.changeUser('ada', { firstMethodAt: world.clock() });
    const asked = await authorize(browser, rp);
    expect([outcome(asked), reasons(asked)]).toEqual(['mfa', ['mfa_required']]);
    const ts = Math.floor(world.clock() / 1000) - 5;
    expect(outcome(await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa', ts) }))).toBe(
      'code',
    );
  });

  test('ends after an hour without use and after a day in any case', async () => {
    const browser = await withSession('mfa', 'mfa');
    for (let minutes = 0; minutes < 24 * 60; minutes += 55) {
      expect([minutes, outcome(await authorize(browser, rp))]).toEqual([minutes, 'code']);
      world.clock.advance(55 * 60_000);
    }
    expect(outcome(await authorize(browser, rp))).toBe('login');

    const idle = new Browser(world);
    await signIn(idle, rp, 'ada', 'mfa');
    world.clock.advance(3_599_000);
    expect(outcome(await authorize(idle, rp))).toBe('code');
    world.clock.advance(3_601_000);
    expect(outcome(await authorize(idle, rp))).toBe('login');
  });

  test('that is a day old at a step-up is asked for the password too', async () => {
    await world.addUser('ada');
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    const result = (age: number) => signedIn(world, 'ada', 'sfa', Math.floor(world.clock() / 1000) - age);
    const again = await browser.open('POST', asked.url.pathname, { json: result(24 * 3600 + 1) });
    expect([outcome(again), reasons(again)]).toEqual(['login', ['session_age']]);
    expect(outcome(await browser.open('POST', again.url.pathname, { json: result(24 * 3600) }))).toBe('code');
  });

  test('of a locked person requires a sign-in, and a silent request gets login_required', async () => {
    const browser = await withSession('mfa', 'mfa');
    await world.changeUser('ada', { lockedAt: world.clock() });
    expect(outcome(await authorize(browser, rp, { prompt: 'none' }))).toBe('login_required');
    const asked = await authorize(browser, rp);
    expect([outcome(asked), reasons(asked)]).toEqual(['login', ['account_gone']]);
  });

  test('keeps its auth_time when it steps up', async () => {
    await world.addUser('ada', { authenticators: ['a1'] });
    world.reaches.set('ada', 'aal2');
    const browser = new Browser(world);
    const first = await redeem(world, rp, await signIn(browser, rp, 'ada', 'mfa'));
    world.clock.advance(60_000);
    const asked = await authorize(browser, rp, { acr_values: 'aal2' });
    const done = await browser.open('POST', asked.url.pathname, {
      json: signedIn(world, 'ada', 'aal2', Number(first.claims['auth_time'])),
    });
    const second = await redeem(world, rp, { ...done, verifier: asked.verifier });
    expect(second.claims).toMatchObject({
      acr: 'aal2',
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: first.claims['auth_time'],
    });
  });
});

describe('the policy checks the result of the pages:', () => {
  test('a result without the required second step is asked for it', async () => {
    await world.addUser('ada', { authenticators: ['a1'] });
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, rp, 'ada', 'sfa'))).toBe('mfa');
  });

  test('an acr without a time of a second step is asked for it', async () => {
    await world.addUser('ada', { authenticators: ['a1'] });
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    const { login } = signedIn(world, 'ada', 'mfa');
    expect(outcome(await browser.open('POST', asked.url.pathname, { json: { login } }))).toBe('mfa');
  });

  test('a new password sign-in drops the earlier second step', async () => {
    const browser = await withSession('mfa', 'mfa');
    const asked = await authorize(browser, rp, { prompt: 'login' });
    expect(outcome(await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'sfa') }))).toBe(
      'mfa',
    );
  });

  test('another person gets no code for an id_token_hint', async () => {
    await world.addUser('bob');
    const browser = await withSession('sfa', 'sfa');
    const { id_token: hint = '' } = await redeem(world, rp, await authorize(browser, rp));
    const request = { id_token_hint: hint };
    expect(outcome(await signIn(new Browser(world), rp, 'ada', 'sfa', request))).toBe('code');
    expect(outcome(await signIn(new Browser(world), rp, 'bob', 'sfa', request))).toBe('login_required');
  });

  test('another person gets no code for a sub claim', async () => {
    await world.addUser('ada');
    await world.addUser('bob');
    const request = { claims: JSON.stringify({ id_token: { sub: { value: 'ada' } } }) };
    expect(outcome(await signIn(new Browser(world), rp, 'ada', 'sfa', request))).toBe('code');
    expect(outcome(await signIn(new Browser(world), rp, 'bob', 'sfa', request))).toBe('login_required');
  });
});

describe('the details for pages and clients:', () => {
  test('the required acr is in the details of login and mfa', async () => {
    await world.addUser('ada', { authenticators: ['a1'] });
    const browser = new Browser(world);
    const request = { acr_values: 'aal2', login_hint: 'ada' };
    const login = await authorize(browser, rp, request);
    const required = { acr: 'aal2', essential: false, minimum: 'sfa' };
    expect(detail(login)).toEqual({ login_hint: 'ada', required, requiredByClient: required });
    world.reaches.set('ada', 'aal2');
    const step = await browser.open('POST', login.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    expect(detail(step)).toEqual({ required: { acr: 'aal2', essential: false, minimum: 'mfa' } });
  });

  test('the other levels of the request follow in its order', async () => {
    await world.addUser('ada');
    const login = await authorize(new Browser(world), rp, { acr_values: 'phr urn:gold aal2 mfa' });
    const required = { acr: 'phr', alternatives: ['aal2', 'mfa'], essential: false, minimum: 'sfa' };
    expect(detail(login)).toMatchObject({ required });
  });

  test('a sign-in by a less preferred level is not asked for the preferred one again', async () => {
    await world.addUser('ada', { authenticators: ['a1'] });
    world.reaches.set('ada', 'phr');
    const login = await authorize(new Browser(world), rp, { acr_values: 'phr aal2' });
    expect(detail(login)).toMatchObject({ required: { acr: 'phr' } });
    const browser = new Browser(world);
    expect(outcome(await signIn(browser, rp, 'ada', 'aal2', { acr_values: 'phr aal2' }))).toBe('code');
    expect(outcome(await authorize(browser, rp, { acr_values: 'phr aal2' }))).toBe('mfa');
  });

  test.each([
    ['https://refeds.org/profile/mfa', 'https://refeds.org/profile/mfa'],
    ['mfa', 'mfa'],
    ['sfa mfa', 'mfa'],
    ['phr', 'aal2'],
    ['urn:gold', 'aal2'],
  ])('acr_values %s with a TOTP session returns acr %s', async (acr_values, answered) => {
    const browser = await withSession('aal2', 'aal2');
    const got = await redeem(world, rp, await authorize(browser, rp, { acr_values }));
    expect(got.claims['acr']).toBe(answered);
  });
});
