/**
 * R16. Sealing keys are replaced, and one is lost. While values are sealed anew people sign in; afterwards the earlier key can be
 * removed. A value of a lost key turns off that factor alone, with an audit event, and says which key is missing.
 * Guards: `src/sealing/resealing.ts#Resealing`, `src/sealing/sealed-records.ts#sealedRecords`, `src/crypto.ts#openStored`.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSealer, sealingKeyOf, sealJson, type SealingKey } from '../../src/crypto.ts';
import { sealedTo } from '../../src/mfa/sealed-authenticators.ts';
import type { Json } from '../../src/ports/stores.ts';
import { authenticatorKind } from '../../src/records.ts';
import { codeAt } from '../support/codes.ts';
import {
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const minute = 60_000;
const newKey = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [first, second, lost] = [newKey('first'), newKey('second'), newKey('lost')];
let sealingKeys: readonly [SealingKey, ...SealingKey[]] = [first];

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  const store = stores.find(({ name }) => name === 'sqlite') ?? stores[0];
  world = await startWorld({
    ...(store !== undefined && { store }),
    wrap: resources => ({ ...resources, settings: { ...resources.settings, sealingKeys } }),
  });
  rp = await openRelyingParty(
    world,
    await world.addClient({ id: 'contoso', secret: 'a secret of contoso that is long' }),
  );
});
afterAll(() => world.close());

const restartWith = async (...keys: typeof sealingKeys): Promise<void> => {
  sealingKeys = keys;
  await world.restart();
};
/** Lets the background work for so long, in steps in which a timer may set the next one. */
const pass = async (time: number): Promise<void> => {
  for (let passed = 0; passed < time; passed += minute / 2) {
    world.clock.advance(minute / 2);
    await world.clock.fired();
  }
};
const usedKeys = async (): Promise<ReadonlySet<string>> => {
  const found = await world.store.durable.collection(authenticatorKind).find({});
  return new Set(found.map(({ sealed }) => sealingKeyOf(sealed)));
};

test('R16 people sign in while values are sealed anew, and afterwards without the earlier key', async () => {
  const { ada, noor } = world.people;
  const browser = world.browser();
  await signIn(rp, browser, noor);
  expect(await usedKeys()).toEqual(new Set(['first']));

  await restartWith(second, first);
  for (let time = 0; time < 8; time += 1) {
    await pass(2 * minute);
    expect((await signIn(rp, browser, noor, { prompt: 'login' })).claims()?.sub).toBe(noor.user.id);
  }
  expect(await usedKeys()).toEqual(new Set(['second']));
  // Not `sealed`: the log would hide it as a secret.
  expect(world.logged.filter(({ event }) => event === 'resealing.finished')).toEqual([
    expect.objectContaining({
      fields: { by: 'second', counts: [{ sealingKey: 'second', values: expect.any(Number), unreadable: 0 }] },
    }),
  ]);

  await restartWith(second);
  await world.nextDay();
  for (const person of [ada, noor]) {
    expect((await signIn(rp, world.browser(), person)).claims()?.sub).toBe(person.user.id);
  }
  world.clock.advance(minute);
  // What a browser and the short-lived store still have of the earlier key is over: the person signs in again.
  expect((await signIn(rp, browser, noor, { prompt: 'login' })).claims()?.sub).toBe(noor.user.id);
});

test('R16 a value of a lost key turns off that factor alone, and the audit names the record', async () => {
  const { ada, noor } = world.people;
  await restartWith(second);
  await world.nextDay();
  const records = world.store.durable.collection(authenticatorKind);
  const [app] = await records.find({ userId: noor.user.id });
  if (app === undefined) throw new Error('no app');
  const data = { secret: noor.totpSecret ?? '', lastStep: -1 };
  await records.replace({ ...app, sealed: sealJson<Json>(createSealer([lost]), data, sealedTo(app)) });

  const browser = world.browser();
  const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), noor);
  // Neither the password alone signs in, nor a code of the app.
  const typed = await browser.visit(`${page.path}/factor`, { form: { code: codeAt(noor, world.clock()) } });
  for (const answer of [page, typed]) {
    expect(answer.status).toBeLessThan(500);
    expect(browser.next(answer)).toBeUndefined();
  }
  expect((await signIn(rp, world.browser(), ada)).claims()?.sub).toBe(ada.user.id);
  const told = await world.audited('value.unreadable');
  expect(told.map(({ facts }) => [facts['record'], facts['reason']])).toContainEqual([sealedTo(app), 'key-missing']);

  // The key is found again: the factor works as before.
  await restartWith(second, lost);
  await world.nextDay();
  const again = world.browser();
  const asked = await enterPassword(again, await again.visit((await rp.begin()).url), noor);
  expect(again.next(await enterCode(again, asked, codeAt(noor, world.clock())))).toBeDefined();
});
