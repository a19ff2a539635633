/**
 * A31. Twilio's signature holds neither a time nor a nonce: a callback with `#` stays signed for ever. An attacker who
 * recorded one sends it again: at once, after the sign-in, or during the person's next call.
 * Guards: the token in the address belongs to one challenge (`src/mfa/challenge/store.ts#findMessage`) and one CallSid
 * (`src/mfa/challenge-state/sent-message.ts#isAboutAnother`); a challenge is answered once (`src/mfa/challenge/store.ts#pass`).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { createRecorder, replay } from '../support/carrier/wire.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
const recorder = createRecorder();
beforeAll(async () => {
  world = await startWorld({ wrap: recorder.wrap });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const passedNow = async () => (await world.audited('challenge.passed')).filter(each => each.at === world.clock());

/** A sign-in with a real `#`, up to where the browser may claim it. */
const approved = async () => {
  const { ada } = world.people;
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), ada);
  await pickUp(ada, '#');
  const captured = recorder.callbacks.findLast(({ path }) => path.includes('/keys'));
  if (captured === undefined) throw new Error('no key was reported');
  return { browser, request, page, captured };
};

describe('A31 a replayed approval', () => {
  test('A31 a replay in the same second hears the same words, changes nothing, and the real one signs in once', async () => {
    const { browser, request, page, captured } = await approved();
    const again = await Promise.all([replay(world, captured), replay(world, captured), replay(world, captured)]);
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(again.map(({ text }) => /Your sign-in continues/.test(text)))).toEqual(new Set([true]));
    expect(again.every(({ text }) => text.includes('<Hangup/>') && !text.includes('Gather'))).toBe(true);
    expect(await passedNow()).toHaveLength(1);
    await expect(request.redeem(atClient(browser, await checkAgain(browser, page)))).resolves.toBeDefined();
    expect((await world.audited('callback.refused')).filter(each => each.facts['reason'] === 'replayed')).toHaveLength(
      3,
    );
  });

  test('A31 a replay after the sign-in changes nothing', async () => {
    const { browser, page, captured } = await approved();
    await checkAgain(browser, page);
    expect((await replay(world, captured)).text).toContain('<Hangup/>');
    expect(await passedNow()).toHaveLength(1);
  });

  test('A31 a replay during the next call is refused at the new address, and changes nothing at the old one', async () => {
    const { browser, page, captured } = await approved();
    await checkAgain(browser, page);
    world.clock.advance(60_000);
    const { ada } = world.people;
    const next = world.browser();
    const calling = await enterPassword(next, await next.visit((await rp.begin()).url), ada);
    await ada.phone.ringing();
    expect((await replay(world, captured)).text).toContain('<Hangup/>');
    const token = recorder.messages.at(-1)?.token ?? '';
    const path = captured.path.replace(/call\/[^/]*/, `call/${token}`);
    expect((await replay(world, { ...captured, path })).status).toBe(403);
    expect(heading(await checkAgain(next, calling))).toBe(heading(calling));
    expect(await passedNow()).toEqual([]);
  });

  test('A31 a replay after a day is refused as unknown', async () => {
    const { captured } = await approved();
    world.clock.advance(24 * 3_600_000);
    expect((await replay(world, captured)).status).toBe(403);
  });
});
