/** Tests every second step over HTTP, on every store, by people who act on the words that they hear and read. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { auditEventKind, dailySendsKind } from '../../src/records.ts';
import { formTo } from '../support/browser/plain.ts';
import { glance } from '../support/human/person.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { orders, ways, type Way } from '../support/human/second-steps.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores, type Store } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const env = { SALLYPORT_FACTORS: 'totp,sms,spoken,call' };

/** Factors that are proven elsewhere: they need a mailbox, an authenticator or a paired device, or are offered only to people who lost their method. */
const elsewhere = {
  passkey: 'test/flows/passkeys.test.ts',
  push: 'test/mfa/push.test.ts',
  email: 'test/flows/code-by-mail.test.ts',
  'recovery-code': 'test/threats/a55-recovery-code-raced.test.ts',
  'temporary-access-pass': 'test/recovery/passes.test.ts',
};

test('every factor has a sign-in test', () => {
  const tested = [...ways.map(({ factor }) => factor), ...Object.keys(elsewhere)];
  expect(new Set(tested)).toEqual(new Set(factors.map(({ type }) => type)));
  expect(Object.values(elsewhere).filter(file => !existsSync(file))).toEqual([]);
});

interface Stage {
  readonly world: World;
  readonly rp: RelyingParty;
  readonly ines: Resident;
}
const openStage = async (store: Store): Promise<Stage> => {
  const world = await startWorld({ store, env, phones: residentPhones });
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  return { world, rp, ines: await addResident(world, 'ines', ['app', 'mobile', 'alternate', 'office']) };
};

/** From the client to the token. */
const signInBy = async ({ world, rp, ines }: Stage, way: Way) => {
  await world.services.authenticators.prefer(ines.user.id, ines.bound[way.has] ?? '', way.factor);
  const browser = world.browser();
  const request = await rp.begin();
  const asked = await enterPassword(browser, await browser.visit(request.url), ines);
  const at = Math.floor(world.clock() / 1000);
  world.clock.advance(7000);
  const done = await way.answer(browser, asked, ines);
  // The voice would continue to dictate.
  if (way.factor === 'spoken') await (way.has === 'office' ? ines.extension : ines.mobile).hangUp();
  return { at, done, tokens: await request.redeem(atClient(browser, done.page)) };
};

describe.each(stores)('on $name', store => {
  let stage: Stage;
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  beforeAll(async () => {
    stage = await openStage(store);
    ({ world, rp, ines } = stage);
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  const trail = async (): Promise<readonly string[]> => {
    const all = await world.store.durable.collection(auditEventKind).find({}, { limit: 1000 });
    const last = all.findLast(({ event }) => event === 'password.accepted')?.reference;
    return all
      .filter(({ reference }) => reference === last)
      .map(({ event, outcome }) => `${event} ${outcome}`)
      .toSorted();
  };
  const unanswered = async (): Promise<number> => {
    const days = await world.store.durable.collection(dailySendsKind).find({});
    return days.reduce((sum, { spent }) => sum + spent, 0);
  };

  test.each(ways)(
    '$name signs in with one challenge and the expected messages, and all send units are given back',
    async way => {
      const { at, tokens } = await signInBy(stage, way);
      const { user } = ines;
      expect(tokens.claims()).toMatchObject({ sub: user.id, amr: way.amr, acr: way.acr, auth_time: at });
      // The clock does not move here, so these have no order.
      expect(await trail()).toEqual([
        ...(way.factor === 'totp' ? ['challenge.begun info'] : []),
        'challenge.passed success',
        ...(way.factor === 'totp' ? [] : ['challenge.sent info']),
        'password.accepted success',
        'sign-in.finished success',
      ]);
      expect(await orders(world)).toEqual(way.orders);
      expect(await unanswered()).toBe(0);
      expect(await world.audited('callback.refused')).toEqual([]);
    },
  );

  test('the late first text works after a resend, and both send units are given back', async () => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound.mobile ?? '', 'sms');
    await ines.mobile.behave({ texts: 'late' });
    const browser = world.browser();
    const request = await rp.begin();
    const asked = await enterPassword(browser, await browser.visit(request.url), ines);
    world.clock.advance(31_000);
    await ines.mobile.behave({ texts: 'at-once' });
    const page = await browser.visit(/href="([^"]*\/resend)"/.exec(asked.text)?.[1] ?? '');
    const back = await browser.visit(formTo(page, /\/resend$/).action, { form: {} });
    const second = await glance(ines.mobile);
    await ines.mobile.releaseTexts();
    const first = await glance(ines.mobile);
    expect(first.code).toBe(second.code);
    const done = await enterCode(browser, back, first.code);
    const tokens = await request.redeem(atClient(browser, done));
    expect(tokens.claims()).toMatchObject({ amr: ['pwd', 'sms', 'mfa'], acr: 'aal2' });
    expect(await orders(world)).toEqual({ calls: 0, texts: 2 });
    expect(await trail()).toContain('challenge.resent info');
    expect(await unanswered()).toBe(0);
  });
});

// A SQLite file needs a second for each of these, and its counting is the same as that of other stores.
describe.each(stores.filter(({ name }) => name !== 'sqlite'))('often on $name', store => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(store);
  });
  afterAll(() => stage.world.close());
  beforeEach(() => stage.world.nextDay());

  test.each(ways.filter(({ orders: { calls, texts } }) => calls + texts > 0))(
    'six answered sign-ins in an hour by $name are not limited',
    async way => {
      for (let time = 0; time < 6; time += 1) await signInBy(stage, way);
      expect(await orders(stage.world)).toEqual({ calls: way.orders.calls * 6, texts: way.orders.texts * 6 });
    },
  );
});
