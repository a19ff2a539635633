/**
 * C42. Limits of calls and texts are a weapon and have a gap. Who knows one password uses up the calls of its owner, who then
 * gets none. Who knows many passwords sends from each account within its limits, and the bill has no end.
 * Guards: `src/mfa/limits/send-limits.ts#reserving`; `src/mfa/limits/send-ceilings.ts#SendCeilings`.
 * Takes more than a second: fifteen sign-ins are begun.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import type { TestPerson } from '../support/world/world.ts';
import { codeAt } from '../support/codes.ts';
import { startThreatWorld, type RecordingBrowser, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
/** The heading after the password, and the call ended without an answer. */
const ring = async (person: TestPerson, browser = world.recordingBrowser()): Promise<string> => {
  const { uid, page } = await world.beginAs(browser, person);
  await browser.visit(`/interaction/${uid}/restart`, { form: {} });
  return heading(page);
};
const signIn = async (person: TestPerson, browser: RecordingBrowser): Promise<void> => {
  const { page } = await world.beginAs(browser, person);
  await pickUp(person, '#');
  await checkAgain(browser, page);
};

describe('C42 one stolen password', () => {
  beforeAll(async () => {
    world = await startThreatWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  test('C42 who has the password cannot use up the call that is kept for the browser of its owner', async () => {
    const { grace } = world.people;
    const owner = world.recordingBrowser();
    await signIn(grace, owner);
    const calling = await ring(grace);
    const headings = [];
    for (let call = 0; call < 9; call += 1) headings.push(await ring(grace));
    expect(headings.slice(0, 3)).toEqual([calling, calling, calling]);
    expect(new Set(headings.slice(3))).toEqual(new Set(['We can’t call you again yet']));

    const { page } = await world.beginAs(owner, grace, { prompt: 'login' });
    expect(heading(page)).toBe(calling);
    await pickUp(grace, '#');
    await checkAgain(owner, page);
    expect(owner.codes).toHaveLength(2);
  });
});

describe('C42 many stolen passwords', () => {
  beforeAll(async () => {
    world = await startThreatWorld({ env: { SALLYPORT_SENDS_PER_HOUR: '3' } });
  });
  afterAll(() => world.close());

  test('C42 at the ceiling no call goes out, the page says so, and codes from apps go on', async () => {
    const { ada, grace, noor } = world.people;
    const owner = world.recordingBrowser();
    await signIn(grace, owner);
    expect(owner.codes).toHaveLength(1);
    await ring(ada);
    await ring(ada);
    await ring(grace);
    const sent = (await world.audited('challenge.sent')).length;
    expect(await ring(grace)).toBe('Calls are stopped right now');
    expect(await ring(ada)).toBe('Calls are stopped right now');
    expect(await world.audited('challenge.sent')).toHaveLength(sent);
    const refused = (await world.audited('challenge.refused')).map(({ facts }) => facts['reason']);
    expect(refused).toEqual(['send-ceiling', 'send-ceiling']);
    expect((await world.audited('sends.half-of-ceiling')).map(({ facts }) => facts)).toEqual([
      { reason: 'all', count: 3 },
    ]);
    expect(await world.audited('sends.ceiling-reached')).toHaveLength(1);
    expect(world.logged.filter(({ event }) => event === 'sends.ceiling').map(({ level }) => level)).toEqual([
      'warn',
      'warn',
    ]);

    const withApp = world.recordingBrowser();
    const { page } = await world.beginAs(withApp, noor);
    await enterCode(withApp, page, codeAt(noor, world.clock()));
    expect(withApp.codes).toHaveLength(1);
  });
});
