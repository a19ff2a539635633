/**
 * R25. Bytes of stored values change: a disk, a restored backup, or an attacker. Fifty sealed values, chosen at random, get one other
 * byte. Each of them counts as absent: a session is over, a factor is off, a begun sign-in begins again, and an audit event says so.
 * No person signs in with less than before, other people notice no difference, and no request is answered by 500.
 * Guards: `src/crypto.ts#openStored`, `src/oidc/adapter/sessions.ts#sessionAdapter`, `src/mfa/authenticators.ts#Authenticators`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSecret } from 'otplib';
import { maxCountedRecords } from '../../src/counted-audit.ts';
import { authenticatorKind } from '../../src/records.ts';
import type { Json, Key } from '../../src/ports/stores.ts';
import type { Answer, Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { recordKeys } from '../support/counts/recorded-keys.ts';
import { hashOf } from '../support/hash-of.ts';
import {
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { amount, seeded } from './support/amounts.ts';

const changes = amount({ test: 50, full: 500 });
const people = amount({ test: 16, full: 160 });
const random = seeded('R25');

interface Person {
  readonly id: string;
  readonly name: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly browser: Browser;
}

let world: World;
let rp: RelyingParty;
let keysOf: () => Promise<readonly Key<unknown>[]>;
beforeAll(async () => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no memory');
  const store = recordKeys(memory);
  keysOf = async () => store.present();
  world = await startWorld({ store });
  rp = await openRelyingParty(
    world,
    await world.addClient({ id: 'contoso', secret: 'a secret of contoso that is long' }),
  );
});
afterAll(() => world.close());

const addPerson = async (at: number): Promise<Person> => {
  const { services } = world;
  const [name, password, totpSecret] = [`person${at}`, 'copper-beacon-desert', generateSecret({ length: 20 })];
  const added = await services.users.add(
    { name, displayName: name, passwordHash: await hashOf(services, password) },
    'system',
  );
  if (!added.ok) throw new Error(added.reason);
  const { id } = added.user;
  await services.authenticators.bind(id, { type: 'totp', label: 'App', data: { secret: totpSecret, lastStep: -1 } });
  return { id, name, password, totpSecret, browser: world.browser() };
};

/** Signs in with password and app. undefined: the sign-in did not end at the client. */
const enter = async (person: Person, browser: Browser, answers: Answer[]): Promise<URL | undefined> => {
  const request = await rp.begin({ prompt: 'login' });
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  answers.push(page);
  if (!page.text.includes('name="code"')) return browser.next(page);
  const done = await enterCode(browser, page, codeAt(person, world.clock()));
  answers.push(done);
  return browser.next(done);
};

const sealedText = /^1\.test\.([\w-]{24,})$/;
/** The value with one other byte in its `at`th sealed text; and how many there are. */
const changed = (value: Json, at: number): { readonly value: Json; readonly count: number } => {
  let count = 0;
  const visit = (each: Json): Json => {
    if (typeof each === 'string') {
      if (!sealedText.test(each)) return each;
      count += 1;
      if (count - 1 !== at) return each;
      const place = 7 + Math.floor(random.next() * (each.length - 8));
      return `${each.slice(0, place)}${each[place] === 'A' ? 'B' : 'A'}${each.slice(place + 1)}`;
    }
    if (Array.isArray(each)) return each.map(visit);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, member]) => [name, visit(member)]));
  };
  return { value: visit(value), count };
};

test('R25 changed bytes in 50 sealed values end what they held, and no more', async () => {
  const all: Person[] = [];
  for (let at = 0; at < people; at += 1) all.push(await addPerson(at));
  const answers: Answer[] = [];
  for (const person of all) expect((await enter(person, person.browser, answers))?.searchParams.has('code')).toBe(true);
  world.clock.advance(60_000);
  // Begun sign-ins that wait for a code, in other browsers.
  const waiting = await Promise.all(
    all.map(async person => {
      const browser = world.browser();
      return { browser, page: await enterPassword(browser, await browser.visit((await rp.begin()).url), person) };
    }),
  );

  const { durable, shortLived } = world.store;
  const authenticators = durable.collection(authenticatorKind);
  const ofPeople = (await authenticators.find({}, { limit: 1000 })).filter(({ userId }) =>
    all.some(({ id }) => id === userId),
  );
  const ephemeral: (() => Promise<void>)[] = [];
  for (const key of (await keysOf()) as readonly Key<Json>[]) {
    const stored = await shortLived.ephemeral.get(key);
    if (stored === undefined) continue;
    for (let at = 0; at < changed(stored, -1).count; at += 1) {
      ephemeral.push(async () => {
        const now = await shortLived.ephemeral.get(key);
        if (now !== undefined) await shortLived.ephemeral.compareAndSwap(key, now, changed(now, at).value);
      });
    }
  }
  const isOff = new Set<string>();
  const durables = ofPeople.map(record => async () => {
    isOff.add(record.userId);
    const { value } = changed(record.sealed, 0);
    await authenticators.replace({ ...record, sealed: typeof value === 'string' ? value : '' });
  });
  const candidates = [...ephemeral, ...durables];
  expect(candidates.length).toBeGreaterThan(changes);
  for (let left = changes; left > 0; left -= 1) {
    const [change] = candidates.splice(Math.floor(random.next() * candidates.length), 1);
    await change?.();
  }

  // Twice, because an answer of 500 that repeats itself would be the worst of all.
  for (const round of [1, 2]) {
    for (const { browser } of all) {
      const silent = await browser.visit((await rp.begin({ prompt: 'none' })).url);
      answers.push(silent);
      expect([round, browser.next(silent)?.origin]).toEqual([round, 'https://contoso.test']);
    }
    for (const { browser, page } of waiting) answers.push(await browser.visit(page.path));
  }
  world.clock.advance(60_000);
  for (const person of all) {
    const end = await enter(person, world.browser(), answers);
    expect([person.name, end?.searchParams.has('code') ?? false]).toEqual([person.name, !isOff.has(person.id)]);
  }
  expect(answers.filter(({ status }) => status >= 500).map(({ status, path }) => [status, path])).toEqual([]);
  const { ada } = world.people;
  expect((await signIn(rp, world.browser(), ada)).claims()?.sub).toBe(ada.user.id);
  const off = ofPeople.filter(({ userId }) => isOff.has(userId));
  process.stderr.write(`R25: ${changes} changes, ${off.length} factors off, ${answers.length} answers, none of 500\n`);
  const told = await world.audited('value.unreadable');
  const logged = new Set(
    world.logged
      .filter(({ event }) => event === 'value.unreadable')
      .map(({ fields }) => String(Reflect.get(fields, 'record'))),
  );
  // The log names each. So does the audit up to its bound for an hour, which other events share. The rest it counts, without a name.
  const ofFactors = off.map(({ id, userId }) => `authenticator:${userId}:${id}`);
  expect(ofFactors.filter(each => !logged.has(each))).toEqual([]);
  const audited = told.filter(({ facts }) => facts['record'] !== undefined);
  const most = maxCountedRecords - 10;
  expect(audited.length).toBeGreaterThanOrEqual(Math.min(most, logged.size));
  const others = told.filter(each => !audited.includes(each));
  expect(others.map(({ subject }) => subject)).toEqual(others.map(() => undefined));
});
