/**
 * A21. The owner types a code, and an attacker posts the same code at the same instant to another node. Or the attacker
 * waits for the next half minute, when it is the previous code and still accepted. A check that reads first and writes
 * later accepts both. A list in one process does not know the other node. Each step must pass once, everywhere.
 *
 * Guards: `src/mfa/authenticator-data.ts#burning`, which replaces by revision; `src/mfa/factors/totp.ts#totp`, which accepts
 * only a step after the last one. The limits are wide open here: the usual ones would keep two of three racers waiting
 * and hide the guard.
 * Takes more than a second on each store: the 50 requests of a round come from ten sign-ins.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Resources } from '../../server/services.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt, totpPeriod } from '../support/codes.ts';
import { openLimits } from '../support/counts/comparisons.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

/** Delays right answers until so many of them were compared, so that all of these read the same last step. */
const createGate = (wanted: number) => {
  const opened = { judged: 0, ...Promise.withResolvers<void>() };
  return {
    close: () => void Object.assign(opened, { judged: 0, ...Promise.withResolvers<void>() }),
    open: () => opened.resolve(),
    wrap: (resources: Resources): Resources => ({
      ...resources,
      factors: resources.factors.map(factor => ({
        ...factor,
        challenge: {
          ...factor.challenge,
          async finish(...answered) {
            const result = await factor.challenge.finish(...answered);
            opened.judged += 1;
            if (opened.judged >= wanted) opened.resolve();
            if (result.ok) await opened.promise;
            return result;
          },
        },
      })),
    }),
  };
};

const racers = 10;
const eachPosts = 5;
const rounds = 3;

describe.each(everyStore)('A21 on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let gate: ReturnType<typeof createGate>;
  beforeEach(async () => {
    gate = createGate(racers);
    gate.open();
    world = await startWorld({ store, nodes: 2, wrap: resources => gate.wrap(openLimits(resources)) });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (): Promise<{ readonly browser: Browser; readonly page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, page: await enterPassword(browser, await browser.visit(request.url), world.people.noor) };
  };
  const lastStep = async (): Promise<unknown> => {
    const user = await world.services.users.get(world.people.noor.user.id);
    return (user && (await world.services.authenticators.of(user)))?.[0]?.data;
  };

  test('A21 one of fifty parallel uses of a code on two nodes passes, and no use 30 s later', async () => {
    const { noor } = world.people;
    const owner = await begin();
    const done = await enterCode(owner.browser, owner.page, codeAt(noor, world.clock()));
    expect(atClient(owner.browser, done).searchParams.get('code')).toBeTruthy();

    const signIns = await Promise.all(Array.from({ length: racers }, begin));
    for (let round = 1; round <= rounds; round += 1) {
      world.clock.advance(totpPeriod);
      gate.close();
      const code = codeAt(noor, world.clock());
      const posts = signIns.flatMap(({ browser, page }) =>
        Array.from({ length: eachPosts }, async (_, at) => {
          const { action } = formTo(page, /\/factor$/);
          return browser.next(await browser.go(action, { form: { code }, node: at % 2 }));
        }),
      );
      const wentOn = (await Promise.all(posts)).filter(to => to?.pathname.startsWith('/auth/'));

      expect(wentOn).toHaveLength(1);
      expect(await world.audited('challenge.passed')).toHaveLength(1 + round);
      expect(await lastStep()).toMatchObject({ lastStep: Math.floor(world.clock() / totpPeriod) });
    }

    gate.open();
    const code = codeAt(noor, world.clock());
    world.clock.advance(totpPeriod);
    for (const node of [0, 1]) {
      const late = await begin();
      late.browser.node = node;
      expect((await enterCode(late.browser, late.page, code)).status).toBe(422);
    }
    expect(await world.audited('challenge.passed')).toHaveLength(1 + rounds);
    expect(await world.audited('sign-in.finished')).toHaveLength(1);
    expect((await world.audited('factor.reused')).length).toBeGreaterThanOrEqual(2);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
