/**
 * A05. An attacker with a sign-in of their own puts the id of another sign-in into the address. The library finds an
 * interaction by its cookie alone and ignores the path. Every route would act on one sign-in while it names another.
 * Guard: `interactions/protocols/oidc/protocol.ts#interactionOf`, which compares the two.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { routes } from './support/routes.ts';
import { codeAt } from '../support/codes.ts';
import { expectSignedIn, noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

/** Forms that each address would accept in one's own sign-in. */
const forms: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
  '/password': async () => ({ name: world.people.ada.name, password: world.people.ada.password }),
  '/factor': async () => ({ code: codeAt(world.people.noor, world.clock()) }),
  '/options': async () => ({ method: 'totp' }),
  '/consent': async () => ({ answer: 'allow' }),
  '/account': async () => ({ account: 'same' }),
};

test('A05 the cookie of one sign-in opens no address of another, and both stay unchanged', async () => {
  const { ada, noor } = world.people;
  const [mallory, victim] = [world.recordingBrowser(), world.recordingBrowser()];
  const own = await world.beginAs(mallory, ada);
  const foreign = await world.beginAs(victim, noor);
  const before = [await world.challenge(own.uid), await world.challenge(foreign.uid)];
  const cookie = mallory.jar.for(`/interaction/${own.uid}`);
  expect(cookie).toContain(own.uid);
  expect((await mallory.go(`/interaction/${own.uid}`, { headers: { cookie } })).status).toBe(200);

  const statuses = [];
  for (const { method, step } of routes) {
    const form = method === 'POST' ? { form: (await forms[step]?.()) ?? {} } : {};
    const path = `/interaction/${foreign.uid}${step}`;
    statuses.push([method, step, (await mallory.go(path, { ...form, headers: { cookie } })).status]);
  }

  expect(statuses).toEqual(routes.map(({ method, step }) => [method, step, 403]));
  expect([await world.challenge(own.uid), await world.challenge(foreign.uid)]).toEqual(before);
  expect(await world.outcome(mallory, foreign.uid)).toEqual(noApproval);
  expect(await world.outcome(mallory, own.uid)).toEqual(noApproval);
  expect(await world.failedAttempts(noor)).toBe(0);
  expect(await world.auditedAbout('challenge.answered', noor)).toEqual([]);
  expect(await world.auditedAbout('challenge.ended', ada)).toEqual([]);
  // Each is a log line; one audit record counts them.
  const refused = world.logged.filter(({ event }) => event === 'sign-in.refused');
  expect(refused.map(({ fields }) => fields)).toEqual(
    routes.map(() => expect.objectContaining({ reason: 'elsewhere' })),
  );
  expect((await world.audited('sign-in.refused')).map(({ facts }) => facts['reason'])).toEqual(['elsewhere']);

  await enterCode(victim, foreign.page, codeAt(noor, world.clock()));
  await expectSignedIn(world, victim, noor);
  await pickUp(ada, '#');
  await checkAgain(mallory, own.page);
  await expectSignedIn(world, mallory, ada);
});

test.each(['', 'x', '%00', 'constructor', 'Z'.repeat(2000)])(
  'A05 an unknown id (%j) is answered with a helpful error page',
  async uid => {
    const browser = world.recordingBrowser();
    await world.begin(browser);
    const { status, text } = await browser.go(`/interaction/${uid}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/\bat .*\.ts:\d+/);
    expect(await world.outcome(browser)).toEqual(noApproval);
  },
);
