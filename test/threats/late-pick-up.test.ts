/**
 * A40. A phone rings longer than it should: the page says that the person was not reached, and they leave. A minute
 * later another person picks up and presses `#`. An ended challenge must stay ended. The pick-up moves the deadline of
 * a ringing call, but not of a call that is over.
 * Guard: `src/mfa/challenge/message-status.ts#update`, which takes steps only for a pending challenge.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { checkAgain, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import {
  createTestCarrier,
  postAnswered,
  postKeys,
  postStatus,
  type TestCarrier,
  type SentCall,
} from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('A40 a late pick-up', () => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (): Promise<{ readonly browser: Browser; readonly page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, page: await enterPassword(browser, await browser.visit(request.url), world.people.grace) };
  };

  test('A40 a call answered in its last moment has a minute to approve', async () => {
    const { browser, page } = await begin();
    world.clock.advance(50_000);
    expect((await postAnswered(world, carrier.last())).text).toContain('<Gather');
    world.clock.advance(55_000);
    expect((await postKeys(world, carrier.last(), '#')).text).toContain('continues in your browser');
    expect(browser.next(await checkAgain(browser, page))?.host).toBe('contoso.test');
  });

  test.each([
    ['the call itself', postAnswered],
    ['its status', (there: World, call: SentCall) => postStatus(there, call, 'in-progress')],
  ] as const)('A40 a call answered too late, as %s reports, does not approve', async (_title, tell) => {
    const { browser, page } = await begin();
    world.clock.advance(50_001);
    const gone = await browser.visit(page.path);
    expect(heading(gone)).toBe('We couldn’t reach you');
    const call = carrier.last();
    expect((await tell(world, call)).text).not.toContain('<Gather');
    expect((await postKeys(world, call, '#')).text).not.toContain('<Gather');

    const checked = await checkAgain(browser, page);
    expect([checked.status, heading(checked)]).toEqual([200, heading(gone)]);
    expect(await world.audited('challenge.passed')).toHaveLength(0);
    expect(await world.audited('sign-in.finished')).toHaveLength(0);
  });
});
