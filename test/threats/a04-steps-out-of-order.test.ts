/**
 * A04. Requests of a sign-in are sent in any order, repeated, or mixed with those of another person and browser. The
 * attacker looks for a path on which the server takes its own earlier answer for a proof (Keycloak CVE-2026-18963,
 * CVE-2026-94218). From each state of a sign-in every address is requested with every answer, from both browsers. Random
 * walks then mix them over several sign-ins. Each answer is checked against a model that knows only the real proofs. A
 * code or a session requires the right password and second factor of that person, in that sign-in and browser.
 *
 * Guards: `interactions/step.ts#stepOf`, `src/mfa/sign-in-proofs.ts#SignInProofs`, `src/oidc/prompts/mfa-prompt.ts#isProven`.
 * Takes most of a minute of one processor, in process and with a hasher that costs little.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { factors } from '../../src/mfa/factors/index.ts';
import { startInProcessApp, type InProcessApp } from './support/in-process-app.ts';
import { moves, moveNamed, type WalkStep } from './support/moves.ts';
import { createWalk, type Walk } from './support/walk.ts';

const walks = 2500;
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

/** The form of options has a value for each factor; `row` is its index. The people here have these methods. */
const bound = factors
  .map(({ type, via }, row) => ({ type, via, row }))
  .filter(({ type }) => ['totp', 'sms', 'spoken', 'call'].includes(type));
const unbound = factors.findIndex(({ type }) => bound.every(each => each.type !== type));

test.each(bound.map(({ type, via, row }) => [type, via, row] as const))(
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

/** How a person comes to each state of a sign-in. */
const byCall = [honest('POST /password', 0)];
const states: Readonly<Record<string, readonly WalkStep[]>> = {
  begun: [],
  'after a wrong password': [honest('POST /password', 2)],
  ...Object.fromEntries(
    bound.map(({ type, row }) => [
      `asked for the second factor ${type}`,
      [honest('POST /password', 0), honest('POST /options', row)],
    ]),
  ),
  'after a factor that the person does not have': [honest('POST /password', 0), honest('POST /options', unbound)],
  'calling, "#" pressed': [...byCall, honest('the phone', 0)],
  'calling, 0# pressed': [...byCall, honest('the phone', 3)],
  'proven, not resumed': [...byCall, honest('the phone', 0), honest('POST /factor', 4)],
  resumed: [...byCall, honest('the phone', 0), honest('POST /factor', 4), honest('resume', 0)],
};

/** The values of a move that choose each answer of a form, each key of a phone, and no signature of the carrier. */
const choices: Readonly<Record<string, readonly number[]>> = {
  begin: [0, 1, 2, 3, 4, 5],
  'the phone': [0, 1, 3, 4, 5, 11],
  'POST /password': [0, 1, 2, 3],
  // An even value chooses the right code, if there is one.
  'POST /factor': [0, 1, 3, 5, 7, 9],
  'POST /options': [0, 1, 2, 3, 4, 5],
  'POST /consent': [0, 1, 2],
};
/** Each request to each address. Where no cookies are sent, both browsers are the same. */
const requests: readonly WalkStep[] = moves
  .filter(({ kind }) => kind !== 'onward')
  .flatMap(move =>
    (move.kind === 'other' || move.kind === 'phone' ? [0] : [0, 1]).flatMap(browser =>
      (choices[move.name] ?? [0]).map(value => ({ browser, uid: 0, move, value })),
    ),
  );
/** What a request has gained shows when either browser claims and resumes the sign-in. */
const claims: readonly WalkStep[] = [0, 1].flatMap(browser => [
  { ...honest('POST /factor', 9), browser },
  { ...honest('resume', 0), browser },
]);

test.each(Object.keys(states))(
  'A04 %s: no request of either browser stands for a proof',
  async name => {
    const way = states[name] ?? [];
    const wrong: string[] = [];
    for (const request of requests) {
      const found = await walk([...way, request, ...claims]);
      const { move, value, browser } = request;
      wrong.push(...found.wrong.map(each => `${each}, after ${move.name} (${value}) of browser ${browser}`));
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);

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
