/**
 * A07. The attacker begins a sign-in and makes the victim finish it: by a link to its page, or by a cookie planted in
 * the victim's browser. If any holder of the interaction cookie could end the sign-in, the attacker would resume as the
 * victim (Keycloak CVE-2026-7507). Only the browser that proved the steps can.
 * Guards: `interactions/protocols/oidc/protocol.ts#interactionOf`, `src/mfa/sign-in-proofs.ts#isOfAnotherBrowser`,
 * `interactions/resume.ts#guardResume`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { Jar } from '../support/browser/jar.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type StartedSignIn,
  type RecordingBrowser,
} from './support/threat-world.ts';

let world: ThreatWorld;
let attacker: RecordingBrowser;
let victim: RecordingBrowser;
let begun: StartedSignIn;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(3_600_000);
  [attacker, victim] = [world.recordingBrowser(), world.recordingBrowser()];
  begun = await world.begin(attacker);
});

const passwordOf = ({ name, password }: { readonly name: string; readonly password: string }) => ({ name, password });

/** All that the attacker can do while they wait: read, claim and resume. */
const attackerAttempts = async (): Promise<void> => {
  const { uid } = begun;
  await attacker.go(`/interaction/${uid}/events`, { headers: { accept: 'application/json' } });
  await attacker.visit(`/interaction/${uid}`);
  await attacker.visit(`/interaction/${uid}/factor`, { form: {} });
  await attacker.visit(`/interaction/${uid}/switch`, { form: {} });
};

test('A07 the browser that began a sign-in finishes it', async () => {
  const { noor } = world.people;
  const { uid } = await world.beginAs(victim, noor);
  await victim.visit(`/interaction/${uid}/factor`, { form: { code: codeAt(noor, world.clock()) } });
  await expectSignedIn(world, victim, noor);
});

test('A07 a sign-in opened by a link in another browser accepts no password', async () => {
  const { noor } = world.people;
  const { uid } = begun;

  const opened = await victim.go(`/interaction/${uid}`);
  const typed = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(noor) });
  const resumed = await victim.go(`/auth/${uid}`);
  await attackerAttempts();
  await attacker.visit(`/auth/${uid}`);

  expect([opened.status, typed.status, resumed.status]).toEqual([403, 403, 400]);
  expect(await world.challenge(uid)).toBeUndefined();
  expect(await world.auditedAbout('password.accepted', noor)).toHaveLength(1);
  expect(await world.outcome(victim, uid)).toEqual(noApproval);
  expect(await world.outcome(attacker, uid)).toEqual(noApproval);
});

test('A07 proofs given with a planted cookie stay with the victim’s browser', async () => {
  const { ada } = world.people;
  const { uid } = begun;
  // Planted with our own signature, as a neighbouring host of the same site could: the signature is no defence.
  const planted = attacker.jar.cookies.filter(({ name }) => /^sallyport-(?:interaction|request)\b/.test(name));
  victim.jar = new Jar(world.clock, planted);

  const calling = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
  await attackerAttempts();
  await pickUp(ada, '#');
  await attackerAttempts();
  await attacker.visit(`/auth/${uid}`, {});
  expect(await world.outcome(attacker)).toEqual(noApproval);

  expect(calling.status).toBe(200);
  expect(await world.audited('sign-in.finished')).toHaveLength(1);
});

test('A07 the attacker cannot resume a sign-in that the victim finished', async () => {
  const { ada } = world.people;
  const { uid } = begun;
  victim.jar = new Jar(
    world.clock,
    attacker.jar.cookies.filter(({ name }) => /^sallyport-(?:interaction|request)\b/.test(name)),
  );
  const calling = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
  await pickUp(ada, '#');
  await checkAgain(victim, calling);
  expect(victim.answers.map(({ path }) => path)).toContain(`/auth/${uid}`);

  await attackerAttempts();
  const resumed = await attacker.visit(`/auth/${uid}`);

  expect(resumed.status).toBe(403);
  const { result: _theirs, ...got } = await world.outcome(attacker, uid);
  const { result: _none, ...none } = noApproval;
  expect(got).toEqual(none);
  expect((await world.outcome(victim)).accountId).toBeUndefined();
  expect((await world.audited('sign-in.refused')).at(-1)).toMatchObject({ facts: { reason: 'elsewhere' } });
});

test('A07 challenges of attacker and victim are answered separately', async () => {
  const { ada, noor } = world.people;
  // The attacker knows Ada's password and makes her phone ring. The victim is on another page and types a code.
  await attacker.visit(`/interaction/${begun.uid}/password`, { form: passwordOf(ada) });
  const own = await world.beginAs(victim, noor);
  await enterCode(victim, own.page, codeAt(noor, world.clock()));
  await attackerAttempts();
  expect(await world.outcome(attacker, begun.uid)).toEqual(noApproval);
  await expectSignedIn(world, victim, noor);
});
