/**
 * C33. A phone still rings for a moment after its owner chose another method. A callback overtakes the reply to the
 * request that started its call. A carrier, or an attacker with its token, speaks of a second call. Only the first call
 * that was sent or heard from counts, and only while its challenge is the current one.
 * Guards: the cancelling in `src/mfa/challenge/challenges.ts#begin`; the phase, read by
 * `src/mfa/challenge-state/phase.ts#currentPhase`; `src/mfa/challenge-state/sent-message.ts#isAboutAnother` (the first reference wins).
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  callSid,
  createTestCarrier,
  postAnswered,
  postKeys,
  type TestCarrier,
  type CallbackResponse,
} from '../support/carrier/test-carrier.ts';
import { codeAt } from '../support/codes.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(stores)('C33 the approving call on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ store, nodes: 2, wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (): Promise<{ browser: Browser; request: Request; page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
    return { browser, request, page };
  };

  test('C33 # on a ringing phone does not approve after a switch to a code', async () => {
    const { ada } = world.people;
    const legitimate = await begin();
    expect((await postKeys(world, carrier.last(), '#')).status).toBe(200);
    const signedIn = await checkAgain(legitimate.browser, legitimate.page);
    expect(atClient(legitimate.browser, signedIn).searchParams.get('code')).toBeTruthy();

    const { browser, request, page } = await begin();
    const ringing = carrier.last();
    const codePage = await chooseOption(browser, page, /app|code/i);
    expect(carrier.cancelled).toEqual([ringing.sid]);
    const uid = codePage.path.split('/')[2] ?? '';
    for (const node of [0, 1]) {
      expect((await postAnswered(world, ringing, node)).text).not.toContain('<Gather');
      expect((await postKeys(world, ringing, '#', node)).text).not.toContain('<Gather');
      const still = await browser.visit(`/interaction/${uid}`, { node });
      expect(heading(still)).toBe(heading(codePage));
    }
    expect(await world.services.challenges.current(`sign-in:${uid}`)).toMatchObject({
      factor: 'totp',
      phase: 'pending',
    });
    const empty = await checkAgain(browser, codePage);
    expect([empty.status, browser.next(empty)]).toEqual([422, undefined]);
    expect(await world.audited('challenge.passed')).toMatchObject([{ facts: { factor: 'call' } }]);
    expect(await world.audited('challenge.ended')).toMatchObject([{ facts: { factor: 'call', reason: 'cancelled' } }]);

    const done = await enterCode(browser, codePage, codeAt(ada, world.clock()));
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
  });

  test('C33 the first valid callback binds its call, also before the carrier has replied', async () => {
    const legitimate = await begin();
    expect((await postAnswered(world, carrier.last(), 1)).text).toContain('<Gather');
    expect((await postKeys(world, carrier.last(), '#', 1)).status).toBe(200);
    expect(legitimate.browser.next(await checkAgain(legitimate.browser, legitimate.page))?.host).toBe('contoso.test');

    const heard = { sid: callSid(), early: [] as CallbackResponse[] };
    carrier.onSend = async sent => {
      heard.early.push(await postAnswered(world, { ...sent, sid: heard.sid }, 1));
      heard.early.push(await postKeys(world, { ...sent, sid: callSid() }, '#', 1));
    };
    const { browser, request, page } = await begin();
    const late = carrier.last();
    expect(heard.early.map(each => each.status)).toEqual([200, 403]);
    expect(heard.early[0]?.text).toContain('<Gather');
    expect(carrier.cancelled).toEqual([late.sid]);

    expect((await postKeys(world, late, '#')).status).toBe(403);
    const waiting = await checkAgain(browser, page);
    expect([waiting.status, heading(waiting)]).toEqual([200, heading(page)]);
    expect(await world.audited('challenge.passed')).toHaveLength(1);
    const refused = world.logged.filter(({ event }) => event === 'callback.refused');
    expect(refused.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ reason: 'unknown' }),
      expect.objectContaining({ reason: 'unknown' }),
    ]);

    expect((await postKeys(world, { ...late, sid: heard.sid }, '#')).status).toBe(200);
    const done = await checkAgain(browser, page);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ amr: ['pwd', 'tel', 'mfa'] });
  });
});
