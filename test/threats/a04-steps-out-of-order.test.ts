/**
 * A04. Requests of a sign-in are sent in any order, repeated, or mixed with those of another person and browser. The
 * attacker looks for a path on which the server takes its own earlier answer for a proof (Keycloak CVE-2026-18963,
 * CVE-2026-94218). Ten thousand random walks visit every address, with right and wrong answers. Each is checked against
 * a model that knows only the real proofs. A code or a session requires the right password and second factor of that
 * person, in that sign-in and browser.
 *
 * Guards: `interactions/step.ts#stepOf`, `src/mfa/sign-in-proofs.ts#SignInProofs`, `src/oidc/policy.ts#isProven`.
 * Takes about a minute of one processor: in process, with a hasher that costs little, a request is under a millisecond.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { factors } from '../../src/mfa/factors/index.ts';
import { startInProcessApp, type InProcessApp } from './support/in-process-app.ts';
import { moves, moveNamed, type WalkStep } from './support/moves.ts';
import { createWalk, type Walk } from './support/walk.ts';

const walks = 10_000;
const longest = 12;

let inside: InProcessApp;
let walk: Walk;
beforeAll(async () => {
  inside = await startInProcessApp();
  walk = await createWalk(inside);
});
afterAll(() => inside.close());

const calls: fc.Arbitrary<WalkStep> = fc.record({
  browser: fc.constantFrom(0, 0, 0, 1),
  uid: fc.constantFrom(0, 0, 0, 1, 2),
  move: fc.constantFrom(...moves.flatMap(move => Array.from({ length: move.weight }, () => move))),
  value: fc.nat({ max: 11 }),
});

const honest = (name: string, value: number): WalkStep => ({ browser: 0, uid: 0, move: moveNamed(name), value });

test('A04 password, second factor and resume, in their order, give a code', async () => {
  const byCall = [honest('POST /password', 0), honest('the phone', 0), honest('POST /factor', 4), honest('resume', 0)];
  expect(await walk(byCall)).toMatchObject({ codes: 1 });
  const byCode = [honest('POST /password', 1), honest('POST /factor', 0), honest('resume', 0)];
  expect(await walk(byCode)).toMatchObject({ codes: 1 });
});

test.each(factors.map(({ type, via }, row) => [type, via, row] as const))(
  'A04 password, %s and resume, in their order, give a code',
  async (_type, via, row) => {
    const listening = via === 'call' ? [honest('the phone', 0)] : [];
    const rest = [...listening, honest('POST /factor', 0), honest('resume', 0)];
    expect(await walk([honest('POST /password', 0), honest('POST /options', row), ...rest])).toEqual({
      codes: 1,
      wrong: [],
    });
  },
);

test('A04 every address is part of the walks', async () => {
  const names = moves.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'GET ',
      'POST /password',
      'POST /factor',
      'POST /switch',
      'POST /callbacks/twilio/call/:token/keys',
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

test(`A04 in ${walks} random walks a code needs both factors of that person`, async () => {
  const seen = { codes: 0, calls: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 3, maxLength: longest - 1, size: 'max' }), async taken => {
      const { codes, wrong } = await walk(taken);
      seen.codes += codes;
      seen.calls += taken.length + 1;
      expect(wrong).toEqual([]);
    }),
    { numRuns: walks, seed: 20_261_122 },
  );
  // Enough walks reach a code: a state that is never reached would not be tested.
  expect(seen.codes).toBeGreaterThan(200);
  expect(seen.calls).toBeGreaterThan(walks * 5);
}, 300_000);
