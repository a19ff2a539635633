/**
 * A22. Each accepted step beside the current one is another valid code for every guess. It also keeps a code that was
 * read valid for another half minute. Exactly the previous, the current and the next step pass, to the millisecond of
 * the boundary. Only the server's clock counts: a time that the browser sends is ignored.
 * Guard: `src/mfa/factors/totp.ts#matchingStep`.
 * Takes more than a second: a sign-in for each of 25 rows.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { codeAt, totpPeriod } from '../support/codes.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

/** Which codes pass at moments around the step that begins at 0, counted from that step. */
const table = [
  { at: -1, passes: [-2, -1, 0] },
  { at: 0, passes: [-1, 0, 1] },
  { at: 1, passes: [-1, 0, 1] },
  { at: totpPeriod - 1, passes: [-1, 0, 1] },
  { at: totpPeriod, passes: [0, 1, 2] },
] as const;
const offsets = [-2, -1, 0, 1, 2] as const;

describe('A22 time steps', () => {
  let world: World;
  let rp: RelyingParty;
  let start: number;
  beforeAll(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    start = world.clock() + 20 * totpPeriod;
  });
  afterAll(() => world.close());

  /** Removes the used step, so that no row affects the next one. */
  beforeEach(async () => {
    const { user } = world.people.noor;
    await world.services.failedAttempts.clear({ userId: user.id, name: 'totp' });
    const [app] = await world.services.authenticators.of((await world.services.users.get(user.id)) ?? user);
    if (app !== undefined)
      await world.services.authenticatorData.burn(
        app,
        { secret: world.people.noor.totpSecret ?? '', lastStep: -1 },
        'totp',
      );
  });
  afterEach(() => world.clock.set(start));

  const begin = async (): Promise<{ readonly browser: Browser; readonly page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, page: await enterPassword(browser, await browser.visit(request.url), world.people.noor) };
  };
  const passedSoFar = async (): Promise<number> => (await world.audited('challenge.passed')).length;

  test.each(table.flatMap(({ at, passes }) => offsets.map(of => ({ at, of, does: passes.some(each => each === of) }))))(
    'A22 at $at ms the code of step $of passes: $does',
    async ({ at, of, does }) => {
      const [{ noor }, before] = [world.people, await passedSoFar()];
      world.clock.set(start + at);
      const { browser, page } = await begin();

      const answer = await enterCode(browser, page, codeAt(noor, start + of * totpPeriod));

      expect([answer.status, browser.next(answer) !== undefined]).toEqual(does ? [303, true] : [422, false]);
      expect((await passedSoFar()) - before).toBe(does ? 1 : 0);
    },
  );

  test('A22 a time sent by the browser is ignored', async () => {
    const { noor } = world.people;
    world.clock.set(start);
    const { browser, page } = await begin();
    const { action } = formTo(page, /\/factor$/);
    const later = start + 2 * totpPeriod;
    const code = codeAt(noor, later);
    const date = new Date(later).toUTCString();

    const told = await browser.go(action, {
      form: { code },
      headers: { date, 'x-time': date, 'if-modified-since': date },
    });
    expect(told.status).toBe(422);
    for (const field of ['now', 'time', 'timestamp']) {
      expect((await browser.go(action, { form: { code, [field]: String(later) } })).status).toBe(400);
    }

    const done = await enterCode(browser, page, codeAt(noor, start));
    expect(atClient(browser, done).searchParams.get('code')).toBeTruthy();
  });
});
