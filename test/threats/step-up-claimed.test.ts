/**
 * A07, in a step-up. The attacker holds a session of the victim that is too weak. They request a step-up and plant its
 * cookie in the victim's browser. The victim types the code on our own page, and the attacker redeems it in theirs.
 * Between the moment when a code is right and its redemption, the first browser to ask would get it.
 * Guards: `interactions/start-challenge.ts#startChallenge` (the browser that begins a step-up keeps it),
 * `interactions/read-context.ts#readAgain`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo } from '../support/browser/plain.ts';
import { Jar } from '../support/browser/jar.ts';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

describe('A07 a step-up', () => {
  let world: ThreatWorld;
  let attacker: RecordingBrowser;
  /** Runs right after a right answer has counted. */
  let onPass: () => Promise<void>;
  beforeEach(async () => {
    onPass = async () => {};
    world = await startThreatWorld({
      wrap: resources => {
        const { ephemeral } = resources.shortLived;
        const swap: typeof ephemeral.compareAndSwap = async (key, was, next, ttl) => {
          const isDone = await ephemeral.compareAndSwap(key, was, next, ttl);
          if (isDone && key.startsWith('phase:') && /passed|redeemed/.test(JSON.stringify(next))) await onPass();
          return isDone;
        };
        return {
          ...resources,
          shortLived: { ...resources.shortLived, ephemeral: { ...ephemeral, compareAndSwap: swap } },
        };
      },
    });
    attacker = world.recordingBrowser();
    const { ada } = world.people;
    const { page } = await world.beginAs(attacker, ada);
    await pickUp(ada, '#');
    await checkAgain(attacker, page);
  });
  afterEach(() => world.close());

  test('A07 a step-up raises the session of the browser in which the code is typed', async () => {
    const { ada } = world.people;
    expect(await world.session(attacker)).toMatchObject({ accountId: ada.user.id, acr: 'mfa' });
    const { page } = await world.begin(attacker, { acr_values: 'aal2' });
    const asking = await attacker.visit(formTo(page, /\/start$/).action, { form: {} });
    await enterCode(attacker, asking, codeAt(ada, world.clock()));
    expect(await world.session(attacker)).toMatchObject({ acr: 'aal2' });
  });

  test('A07 a planted step-up does not raise the session of the attacker', async () => {
    const { ada } = world.people;
    const { uid } = await world.begin(attacker, { acr_values: 'aal2' });
    const victim = world.recordingBrowser();
    const planted = attacker.jar.cookies.filter(({ name }) => name.startsWith('sallyport-interaction'));
    victim.jar = new Jar(world.clock, planted);
    const page = await victim.visit(`/interaction/${uid}`);
    const asking = await victim.visit(formTo(page, /\/start$/).action, { form: {} });

    let claims = 0;
    onPass = async () => {
      onPass = async () => {};
      claims += 1;
      await attacker.visit(`/interaction/${uid}/factor`, { form: {} });
    };
    await enterCode(victim, asking, codeAt(ada, world.clock()));
    expect(claims).toBe(1);
    await attacker.visit(`/auth/${uid}`);

    expect(await world.session(attacker)).toMatchObject({ acr: 'mfa' });
    expect((await world.audited('sign-in.finished')).map(({ facts }) => facts['acr'])).toEqual(['mfa']);
    expect((await world.audited('sign-in.refused')).map(({ facts }) => facts['reason'])).toContain('elsewhere');
  });
});
