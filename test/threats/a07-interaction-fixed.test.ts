/**
 * A07. The attacker begins a sign-in and has somebody else finish it: by a link to its page, or by planting its cookie in their
 * browser. Were the end of an interaction open to whoever holds its cookie, the attacker would resume as the victim
 * (Keycloak CVE-2026-7507). It is open to the browser that proved the steps, and to no other. Guards: `held` of
 * interactions/protocols/oidc/protocol.ts; `Ledger` of src/mfa/proof.ts; `wayBack` of interactions/index.ts.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { Jar } from '../support/browser/jar.ts';
import { codeAt, expectSignedIn, nobody, openStage, type Stage, type Started, type Witness } from './support/stage.ts';

let stage: Stage;
let attacker: Witness;
let victim: Witness;
let begun: Started;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.clock.advance(3_600_000);
  [attacker, victim] = [stage.witness(), stage.witness()];
  begun = await stage.begin(attacker);
});

const passwordOf = ({ name, password }: { readonly name: string; readonly password: string }) => ({ name, password });

/** All the attacker can do while they wait: watch, claim, and go on. */
const attackerAttempts = async (): Promise<void> => {
  const { uid } = begun;
  await attacker.go(`/interaction/${uid}/events`, { headers: { accept: 'application/json' } });
  await attacker.visit(`/interaction/${uid}`);
  await attacker.visit(`/interaction/${uid}/factor`, { form: {} });
  await attacker.visit(`/interaction/${uid}/switch`, { form: {} });
};

test('A07 the browser that began a sign-in finishes it', async () => {
  const { noor } = stage.people;
  const { uid } = await stage.beginAs(victim, noor);
  await victim.visit(`/interaction/${uid}/factor`, { form: { code: await codeAt(noor, stage.clock()) } });
  await expectSignedIn(stage, victim, noor);
});

test('A07 a sign-in opened by a link in another browser accepts no password', async () => {
  const { noor } = stage.people;
  const { uid } = begun;

  const opened = await victim.go(`/interaction/${uid}`);
  const typed = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(noor) });
  const resumed = await victim.go(`/auth/${uid}`);
  await attackerAttempts();
  await attacker.visit(`/auth/${uid}`);

  expect([opened.status, typed.status, resumed.status]).toEqual([403, 403, 400]);
  expect(await stage.challenge(uid)).toBeUndefined();
  expect(await stage.auditedAbout('password.accepted', noor)).toHaveLength(1);
  expect(await stage.outcome(victim, uid)).toEqual(nobody);
  expect(await stage.outcome(attacker, uid)).toEqual(nobody);
});

test('A07 proofs given with a planted cookie stay with the victim’s browser', async () => {
  const { ada } = stage.people;
  const { uid } = begun;
  // Signed by us, so that a signature is no defence: as a neighbour on the same site could set it.
  const planted = attacker.jar.cookies.filter(({ name }) => name.startsWith('interaction'));
  victim.jar = new Jar(stage.clock, planted);

  const calling = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
  await attackerAttempts();
  await pickUp(ada, '#');
  await attackerAttempts();
  await attacker.visit(`/auth/${uid}`, {});
  expect(await stage.outcome(attacker)).toEqual(nobody);

  expect(calling.status).toBe(200);
  expect(await stage.audited('sign-in.finished')).toHaveLength(1);
});

test('A07 the attacker cannot resume a sign-in that the victim finished', async () => {
  const { ada } = stage.people;
  const { uid } = begun;
  victim.jar = new Jar(
    stage.clock,
    attacker.jar.cookies.filter(({ name }) => name.startsWith('interaction')),
  );
  const calling = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
  await pickUp(ada, '#');
  await checkAgain(victim, calling);
  expect(victim.answers.map(({ path }) => path)).toContain(`/auth/${uid}`);

  await attackerAttempts();
  const resumed = await attacker.visit(`/auth/${uid}`);

  expect(resumed.status).toBe(403);
  const { result: _theirs, ...got } = await stage.outcome(attacker, uid);
  const { result: _none, ...none } = nobody;
  expect(got).toEqual(none);
  expect((await stage.outcome(victim)).accountId).toBeUndefined();
  expect((await stage.audited('sign-in.refused')).at(-1)).toMatchObject({ facts: { reason: 'elsewhere' } });
});

test('A07 challenges of attacker and victim are answered separately', async () => {
  const { ada, noor } = stage.people;
  // The attacker knows Ada's password and has her phone ring; the victim is on another page and types a code.
  await attacker.visit(`/interaction/${begun.uid}/password`, { form: passwordOf(ada) });
  const own = await stage.beginAs(victim, noor);
  await enterCode(victim, own.page, await codeAt(noor, stage.clock()));
  await attackerAttempts();
  expect(await stage.outcome(attacker, begun.uid)).toEqual(nobody);
  await expectSignedIn(stage, victim, noor);
});
