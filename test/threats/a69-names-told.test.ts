/**
 * A69. An attacker who can tell names with an account from names without one makes a list of accounts, and attacks
 * those. So every address that takes a name gives the same answer for every name, byte for byte: unknown, known,
 * locked, without a password, or without a second step. This holds before and after the last attempt of a name.
 * Guards: `src/users/passwords/password.ts#verify` (one answer for all), `src/users/limits/password-limits.ts#accountOf` (an
 * unknown name is counted too), `web/pages/password.ts#passwordPage`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fields } from '../../web/pages/links.ts';
import type { Answer } from '../support/browser/plain.ts';
import { behindProxy, nextHour } from './support/passwords.ts';
import { posts } from './support/routes.ts';
import { uidOf } from '../support/browser/plain.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';
import { hashOf } from '../support/hash-of.ts';

const password = 'correct-horse-battery';
let world: ThreatWorld;
/** Routes that take a name, each with its fields. */
let taking: readonly { readonly route: string; readonly takes: readonly string[] }[];

beforeAll(async () => {
  world = await startThreatWorld({ env: behindProxy });
  const { users } = world.services;
  const passwordHash = await hashOf(world.services, password);
  await users.add({ name: 'qempx', displayName: 'No password' }, 'system');
  const added = await users.add({ name: 'qlatx', displayName: 'Locked', passwordHash }, 'system');
  if (added.ok) await users.lock(added.user.id, 'system');

  const probe = world.recordingBrowser();
  const { uid } = await world.begin(probe);
  const isTaken = async (route: string, field: string): Promise<boolean> =>
    (await probe.go(`/interaction/${uid}${route}`, { form: { [field]: 'x' } })).status !== 400;
  taking = [];
  for (const route of posts) {
    const takes = [];
    for (const field of [fields.name, fields.password]) if (await isTaken(route, field)) takes.push(field);
    if (takes.includes(fields.name)) taking = [...taking, { route, takes }];
  }
});
afterAll(() => world.close());
beforeEach(() => world.clock.set(nextHour(world.clock())));

/** Names of one length, so that lengths of answers can be compared, and in no word of a page. */
const people: readonly { readonly who: string; readonly name: string; readonly password: string }[] = [
  { who: 'an unknown name', name: 'qghox', password },
  { who: 'an existing account', name: 'grace', password: 'wrong-horse-battery-1' },
  { who: 'an account without a second step', name: 'linus', password: 'wrong-horse-battery-1' },
  { who: 'a locked account', name: 'qlatx', password },
  { who: 'an account without a password', name: 'qempx', password },
];

/**
 * An answer without values that are always new: id and reference of the sign-in, values of cookies, the typed name, and the random
 * time after which an event stream is opened again.
 */
const seen = ({ status, headers, text }: Answer, uid: string, name: string): unknown => {
  const mask = (value: string): string =>
    value
      .replaceAll(uid, 'UID')
      .replaceAll(name, 'NAME')
      .replaceAll(/^retry: \d+$/gm, 'retry: SOON')
      .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}\b/g, 'REFERENCE');
  const { date: _date, 'set-cookie': cookies = [], ...rest } = headers;
  const set = [cookies].flat().map(each => mask(each).replace(/=[^;]*/, '=VALUE'));
  return { status, headers: mask(JSON.stringify(rest)), set, text: mask(text) };
};

/** Attempts for one name, each from another network, and then every page of that sign-in. */
const walk = async (by: (typeof people)[number], { route, takes }: (typeof taking)[number], times: number) => {
  const browser = world.recordingBrowser();
  const { uid, page } = await world.begin(browser);
  const all = { [fields.name]: by.name, [fields.password]: by.password };
  const form = Object.fromEntries(Object.entries(all).filter(([field]) => takes.includes(field)));
  const answers = [page];
  for (let at = 0; at < times; at += 1) {
    const headers = { 'x-forwarded-for': `198.18.${at}.1` };
    answers.push(await browser.go(`/interaction/${uid}${route}`, { form, headers }));
  }
  for (const step of ['', '/options', '/help', '/events']) answers.push(await browser.go(`/interaction/${uid}${step}`));
  const cookies = browser.jar.cookies.map(({ name, path }) => `${name} ${path}`.replaceAll(uid, 'UID'));
  return {
    statuses: answers.map(({ status }) => status),
    seen: answers.map(each => seen(each, uid, by.name)),
    cookies,
  };
};

describe('A69 a name in the password form', () => {
  test('A69 addresses with a name field are found, the password form among them', () => {
    expect(taking).toContainEqual({ route: '/password', takes: [fields.name, fields.password] });
  });

  test('A69 a right password is accepted', async () => {
    const { name, password: right } = world.people.grace;
    const browser = world.recordingBrowser();
    const { uid } = await world.begin(browser);
    const answer = await browser.go(`/interaction/${uid}/password`, { form: { name, password: right } });
    expect(answer.status).toBe(303);
  });

  test.each(people.slice(1))(
    'A69 the answer for $who equals that for an unknown name, to the last attempt and after it',
    async existing => {
      const [unknown] = people;
      if (unknown === undefined) throw new Error('there is no account');
      for (const route of taking) {
        const expected = await walk(unknown, route, 22);
        expect(await walk(existing, route, 22)).toEqual(expected);
      }
    },
  );

  test('A69 the answer for the address of an account equals that for an unknown address', async () => {
    const addresses = ['qghox@example.com', 'grace@example.com'].map(name => ({ who: '', name, password: 'wrong' }));
    for (const route of taking) {
      const [unknown, existing] = await Promise.all(addresses.map(address => walk(address, route, 22)));
      expect(existing).toEqual(unknown);
    }
  });

  test('A69 twenty passwords are compared on the password page, then no more', async () => {
    const [unknown] = people;
    const route = taking.find(each => each.route === '/password');
    if (unknown === undefined || route === undefined) throw new Error('there is no account');
    expect((await walk(unknown, route, 22)).statuses.slice(19, 23)).toEqual([422, 422, 429, 429]);
  });

  test('A69 the wait of one name is not shown for another name', async () => {
    const [unknown, existing] = people;
    const [first] = taking;
    if (unknown === undefined || existing === undefined || first === undefined) throw new Error('there is no account');
    await walk(existing, first, 22);
    expect((await walk({ ...unknown, name: 'qothx' }, first, 1)).statuses[1]).toBe(422);
  });
});

/** Every answer to an authorization request with a `login_hint`. */
const hinted = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const browser = world.recordingBrowser();
  const { request, page } = await world.begin(browser, { login_hint: name, state: 's', nonce: 'n', ...more });
  const sent = new URL(request.url).searchParams.get('code_challenge') ?? '';
  const answers = browser.answers.map(answer => seen(answer, uidOf(page) || 'none', name));
  return JSON.parse(JSON.stringify(answers).replaceAll(sent, 'CHALLENGE'));
};

describe('A69 a login_hint', () => {
  test.each(people.slice(1))(
    'A69 the page with a login_hint for $who equals that for an unknown name',
    async ({ name }) => {
      expect(await hinted(name)).toEqual(await hinted('qghox'));
      expect(await hinted(name, { prompt: 'none' })).toEqual(await hinted('qghox', { prompt: 'none' }));
    },
  );
});
