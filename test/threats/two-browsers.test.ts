/**
 * A07, in two browsers. The cookie of a sign-in that the attacker began is planted in the victim's browser, and both
 * continue with it. A step begun or ended for one of them must not serve the other. A call that the victim requested
 * and approves with `#` does not sign in the attacker, who knows the password. An attacker who cancels a sign-in that
 * the victim has just ended does not get its resume address.
 * Guards: `src/mfa/sign-in-proofs.ts#begin` and `src/mfa/sign-in-proofs.ts#leaveTombstone` (the first browser that
 * proves or ends a step keeps the sign-in), checked by `interactions/read-context.ts#readAgain`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Jar } from '../support/browser/jar.ts';
import { checkAgain, pickUp } from '../support/world/relying-party.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type StartedSignIn,
  type RecordingBrowser,
} from './support/threat-world.ts';

const passwordOf = ({ name, password }: { readonly name: string; readonly password: string }) => ({ name, password });

describe('A07 one sign-in in two browsers', () => {
  let world: ThreatWorld;
  let attacker: RecordingBrowser;
  let victim: RecordingBrowser;
  let begun: StartedSignIn;
  /** Runs after each write of the proofs. */
  let onProofsWritten: () => Promise<void>;
  let proofsWritten: number;
  const afterWrite = async (key: string): Promise<void> => {
    if (!key.startsWith('sign-in-proofs:')) return;
    proofsWritten += 1;
    await onProofsWritten();
  };
  beforeEach(async () => {
    onProofsWritten = async () => {};
    proofsWritten = 0;
    world = await startThreatWorld({
      wrap: resources => {
        const { ephemeral } = resources.shortLived;
        const setIfAbsent: typeof ephemeral.setIfAbsent = async (key, ...entry) => {
          const isDone = await ephemeral.setIfAbsent(key, ...entry);
          if (isDone) await afterWrite(key);
          return isDone;
        };
        const compareAndSwap: typeof ephemeral.compareAndSwap = async (key, ...change) => {
          const isDone = await ephemeral.compareAndSwap(key, ...change);
          if (isDone) await afterWrite(key);
          return isDone;
        };
        return {
          ...resources,
          shortLived: { ...resources.shortLived, ephemeral: { ...ephemeral, setIfAbsent, compareAndSwap } },
        };
      },
    });
    [attacker, victim] = [world.recordingBrowser(), world.recordingBrowser()];
    begun = await world.begin(attacker);
    victim.jar = new Jar(
      world.clock,
      attacker.jar.cookies.filter(({ name }) => /^sallyport-(?:interaction|request)(?:\.sig)?$/.test(name)),
    );
  });
  afterEach(() => world.close());

  test('A07 a sign-in is finished by the browser that began it', async () => {
    const { ada } = world.people;
    const { page } = await world.beginAs(attacker, ada);
    await pickUp(ada, '#');
    await checkAgain(attacker, page);
    await expectSignedIn(world, attacker, ada);
    // Begun and consumed: the hook of this test sees both writes.
    expect(proofsWritten).toBe(2);
  });

  test('A07 a call requested by one browser is not redeemed by the other', async () => {
    const { ada } = world.people;
    const { uid } = begun;
    const calling = await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
    // The attacker knows the password too.
    const typed = await attacker.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
    await pickUp(ada, '#');
    await attacker.visit(`/interaction/${uid}/factor`, { form: {} });

    expect(await world.outcome(attacker)).toEqual(noApproval);
    expect(typed.status).toBe(403);
    expect(await world.audited('sign-in.finished')).toHaveLength(0);
    // The victim's own page continues.
    await checkAgain(victim, calling);
    expect(victim.answers.map(({ path }) => path)).toContain(`/auth/${uid}`);
    await attacker.visit(`/auth/${uid}`);
    expect(await world.outcome(attacker)).toEqual(noApproval);
  });

  test.each(['cancel', 'restart'] as const)(
    'A07 a call requested by one browser is not hung up by %s in the other',
    async step => {
      const { ada } = world.people;
      const { uid } = begun;
      await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
      const looked = await attacker.visit(`/interaction/${uid}`);
      const tried = await attacker.visit(`/interaction/${uid}/${step}`, { form: {} });
      expect([looked.status, tried.status, await world.challenge(uid)]).toMatchObject([403, 403, { phase: 'pending' }]);
      expect(await world.audited('challenge.ended')).toHaveLength(0);
    },
  );

  test.each(['cancel', 'password'] as const)(
    'A07 a sign-in finished by one browser is not taken over by %s in the other',
    async step => {
      const { ada, linus } = world.people;
      const { uid } = begun;
      await victim.visit(`/interaction/${uid}/password`, { form: passwordOf(ada) });
      await pickUp(ada, '#');
      const ended = await victim.go(`/interaction/${uid}/factor`, { form: {} });
      expect([ended.status, (await world.outcome(victim, uid)).result]).toMatchObject([
        200,
        { login: { accountId: ada.user.id } },
      ]);

      // The resume address is requested after the proofs were consumed and before the result was written.
      onProofsWritten = async () => {
        onProofsWritten = async () => {};
        await attacker.visit(`/auth/${uid}`);
      };
      const taken = await attacker.visit(`/interaction/${uid}/${step}`, {
        form: step === 'password' ? passwordOf(linus) : {},
      });

      const { accountId, codes } = await world.outcome(attacker);
      expect([accountId, codes]).toEqual([undefined, []]);
      expect(taken.status).toBe(403);
      expect(await world.audited('sign-in.finished')).toHaveLength(0);
    },
  );
});
