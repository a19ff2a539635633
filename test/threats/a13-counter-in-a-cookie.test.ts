/**
 * A13. A counter in a cookie belongs to the attacker. They restore the cookies from before their first guess after each
 * guess (Punk TOTP 2026-78655). Attempts are counted in the store, under names that no cookie holds.
 * Guards: `src/mfa/challenge/store.ts#countAttempt`, `src/mfa/limits/failed-attempts.ts#admit`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enterCode } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { expectSignedIn, noApproval, startThreatWorld, wrongCodes, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

const pastTheWait = 60_000;

test('A13 restoring the cookies after each guess gives no sixth guess', async () => {
  const { noor } = world.people;
  const honest = world.recordingBrowser();
  const begun = await world.beginAs(honest, noor);
  const cookies = honest.jar.copy();
  honest.jar = cookies.copy();
  await enterCode(honest, begun.page, codeAt(noor, world.clock()));
  await expectSignedIn(world, honest, noor);

  const attacker = world.recordingBrowser();
  const { uid } = await world.beginAs(attacker, noor);
  const before = attacker.jar.copy();
  const guess = async (code: string): Promise<number> => {
    attacker.jar = before.copy();
    world.clock.advance(pastTheWait);
    return (await attacker.go(`/interaction/${uid}/factor`, { form: { code } })).status;
  };
  const statuses = [];
  for (const code of wrongCodes(noor, world.clock() + 5 * pastTheWait, 5)) statuses.push(await guess(code));
  // The fifth answer says at once that the challenge is over.
  expect(statuses).toEqual([422, 422, 422, 422, 429]);

  expect(await guess(codeAt(noor, world.clock() + pastTheWait))).toBe(429);

  expect(await world.outcome(attacker, uid)).toEqual(noApproval);
  expect(await world.challenge(uid)).toMatchObject({ phase: 'ended', reason: 'attempts', attemptsLeft: 0 });
  expect(await world.failedAttempts(noor)).toBe(5);
  const failed = (await world.auditedAbout('challenge.answered', noor)).map(({ outcome, facts }) => [
    outcome,
    facts['count'],
  ]);
  expect(failed).toEqual([1, 2, 3, 4, 5].map(count => ['failure', count]));
});
