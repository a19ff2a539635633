/**
 * A34. A call without an approval: silence, other keys, a hang-up in the middle, or a line that is busy, unanswered,
 * unreachable, declined or cancelled. Each of them arrives as a callback with a valid signature and token, but without
 * `#`. With `actionOnEmptyResult`, silence and voicemail arrive like an answer without keys. A fall-through after a
 * Gather that approves would accept them. Each ends the challenge with its own reason, and the person may try again.
 * A `0` says "this was not me" although the next key is lost between two Gathers: whoever has the password must not read
 * "call again".
 *
 * Guards: `src/mfa/factors/call.ts#meaningOf` (`#` alone), `src/mfa/challenge/key-rules.ts#canBeDeclined`, `src/mfa/challenge/message-status.ts#callEndReasons`,
 * `src/mfa/challenge/message-status.ts#callEnded`.
 * Takes more than a second: whole calls with the simulator's phone network.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EndReason } from '../../src/end-reason.ts';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import { heading } from '../support/browser/plain.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { passTime, untilHeard } from '../support/world/clock.ts';
import { startWorld, type World } from '../support/world/world.ts';
import type { PersonAtPhone } from '../../simulator/person.ts';

/** Listens, presses no key, and waits until the call is over. */
const staySilent = async (phone: PersonAtPhone): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) {
    if ((await phone.hear()).isOver) return;
    await phone.waitOut();
  }
  throw new Error('the line never hung up');
};
const pickUpAnd = (then: (phone: PersonAtPhone) => Promise<unknown>) => async (phone: PersonAtPhone) => {
  await phone.ringing();
  await phone.answer();
  await phone.hear();
  await passTime(untilHeard);
  await then(phone);
};
const press =
  (...all: readonly string[]) =>
  async (phone: PersonAtPhone): Promise<void> => {
    for (const key of all) {
      await phone.press(key);
      await phone.hear();
    }
  };

const cases: readonly (readonly [what: string, reason: EndReason, act: (phone: PersonAtPhone) => Promise<unknown>])[] =
  [
    ['silence', 'silence', pickUpAnd(staySilent)],
    ['a hang-up at once', 'hung-up', pickUpAnd(phone => phone.hangUp())],
    [
      'other keys and a hang-up',
      'hung-up',
      pickUpAnd(async phone => {
        await press('5', '*')(phone);
        await phone.hangUp();
      }),
    ],
    ['only other keys', 'attempts', pickUpAnd(press('1', '2', '3', '4'))],
    ['ringing out', 'no-answer', async phone => phone.ringing().then(() => phone.waitOut())],
    ['declining', 'busy', async phone => phone.ringing().then(() => phone.decline())],
    ['a busy line', 'busy', async () => {}],
    ['a phone that is off', 'unreachable', async () => {}],
  ];
const behaviours: Readonly<Record<string, 'busy' | 'unreachable'>> = {
  'a busy line': 'busy',
  'a phone that is off': 'unreachable',
};

describe('A34 a call without an approval', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());

  const begin = async () => {
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
    return { browser, request, page, boundTo: `sign-in:${page.path.split('/')[2] ?? ''}` };
  };
  /** The challenge after the network has sent every callback. */
  const settled = async (boundTo: string): Promise<ChallengeView | undefined> => {
    let last: ChallengeView | undefined;
    for await (const view of world.services.challenges.watch(boundTo, AbortSignal.timeout(5000))) last = view;
    return last;
  };
  const finished = async () => (await world.audited('sign-in.finished')).length;

  test('A34 # signs in', async () => {
    const { browser, request, page } = await begin();
    await pickUp(world.people.ada, '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, page)));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa' });
  });

  test.each(cases)('A34 %s does not sign in, and the page gives the reason %s', async (what, reason, act) => {
    // A day later, so that unanswered calls of the previous row do not count.
    world.clock.advance(86_400_000);
    const { phone } = world.people.ada;
    await phone.behave(behaviours[what] ?? 'rings');
    const [passed, before] = [await world.audited('challenge.passed'), await finished()];
    const { browser, request, page, boundTo } = await begin();
    await act(phone);

    expect(await settled(boundTo)).toMatchObject({ phase: 'ended', reason });
    // The form of the page does not sign in. If the network was fast, the page already shows the reason.
    const after = await browser.visit(`${page.path}/factor`, { form: {} });
    expect([after.status, browser.next(after)]).toEqual([200, undefined]);
    expect(heading(after)).not.toMatch(/calling/i);
    expect(browser.jar.cookies.map(({ name }) => name)).not.toContain('sallyport-session');
    expect(await world.audited('challenge.passed')).toHaveLength(passed.length);
    expect(await finished()).toBe(before);
    const ended = await world.audited('challenge.ended');
    expect(ended.at(-1)).toMatchObject({
      subject: world.people.ada.user.id,
      facts: { factor: 'call', reason: reason },
    });

    // The person can continue: the same page calls again.
    await phone.behave('rings');
    const uid = boundTo.replace('sign-in:', '');
    const again = await browser.visit(`/interaction/${uid}/again`, { form: {} });
    await pickUp(world.people.ada, '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, again)));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa' });
  });

  test.each<readonly [what: string, act: (phone: PersonAtPhone) => Promise<unknown>]>([
    ['hanging up', phone => phone.hangUp()],
    ['silence', phone => phone.waitOut()],
    ['other keys and hanging up', phone => press('5', '*')(phone).then(() => phone.hangUp())],
    ['only other keys', press('1', '2', '3')],
    ['another 0 and silence', phone => press('0')(phone).then(() => phone.waitOut())],
  ])('A34 a 0 is remembered: %s after it ends the attempt as declined', async (_what, act) => {
    world.clock.advance(86_400_000);
    const { phone, user } = world.people.ada;
    const passed = (await world.audited('challenge.passed')).length;
    const { browser, request, page, boundTo } = await begin();
    await pickUpAnd(press('0'))(phone);
    await act(phone);

    expect(await settled(boundTo)).toMatchObject({ phase: 'denied' });
    const after = await browser.visit(page.path);
    expect([heading(after), after.text.includes('IDP-2106')]).toEqual(['The request was declined', true]);
    const now = (each: { readonly at: number }): boolean => each.at === world.clock();
    expect((await world.audited('challenge.denied')).filter(now)).toMatchObject([
      { subject: user.id, facts: { factor: 'call', reason: 'unconfirmed' } },
    ]);
    const told = (await world.audited('notice.sent')).filter(now).map(({ facts }) => facts['audience']);
    expect([told.length, new Set(told)]).toEqual([2, new Set(['administrators', 'person'])]);
    expect(await world.audited('challenge.passed')).toHaveLength(passed);

    // A slip of one key costs this attempt only: calls are not paused.
    expect(await world.audited('account.paused')).toEqual([]);
    const again = await browser.visit(`${page.path}/again`, { form: {} });
    await pickUp(world.people.ada, '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, again)));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa' });
  });

  test('A34 0 by mistake, then another key and #, signs in', async () => {
    world.clock.advance(86_400_000);
    const { browser, request, page } = await begin();
    await pickUpAnd(press('0', '1', '#'))(world.people.ada.phone);
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, page)));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa' });
  });

  test('A34 a call cancelled on the page does not approve', async () => {
    world.clock.advance(86_400_000);
    const { phone } = world.people.ada;
    const passed = (await world.audited('challenge.passed')).length;
    const { browser, page } = await begin();
    await phone.ringing();
    const codePage = await chooseOption(browser, page, /app|code/i);
    expect((await phone.phone()).calls[0]).toMatchObject({ status: 'canceled' });
    expect((await browser.visit(codePage.path)).status).toBe(200);
    expect(await world.audited('challenge.passed')).toHaveLength(passed);
  });
});
