/**
 * A06. The cookies of Alice's sign-in get into the browser of Bob, and Bob has a session of his own (Zitadel
 * CVE-2026-109373). They get there before her password, in the middle of her second step, or when only the resume
 * address is left. Her proofs, and the end of her sign-in, are bound to her browser and not to the cookies of the
 * interaction.
 * Guards: `src/mfa/sign-in-proofs.ts#ownProofs`; `interactions/read-context.ts#readContext` (a form of a browser without our
 * cookie too); `interactions/resume.ts#guardResume`; the library's own comparison of the session.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { key } from '../../src/ports/stores.ts';
import { checkAgain, enterCode, pickUp, signIn } from '../support/world/relying-party.ts';
import type { Cookie } from '../support/browser/jar.ts';
import { Jar } from '../support/browser/jar.ts';
import { codeAt } from '../support/codes.ts';
import { routes } from './support/routes.ts';
import { noApproval, startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

let world: ThreatWorld;
let bob: RecordingBrowser;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(3_600_000);
  bob = world.recordingBrowser();
  await signIn(world.rp, bob, world.people.noor);
  bob.answers.length = 0;
});

const isOfInteraction = ({ name }: Cookie): boolean =>
  /^sallyport-(?:interaction|resume|request)(?:\.sig)?$/.test(name);

/** Adds the cookies of Alice's sign-in to Bob's own jar. */
const swapIn = (alice: RecordingBrowser): void => {
  bob.jar = new Jar(world.clock, [
    ...bob.jar.cookies.filter(each => !isOfInteraction(each)),
    ...alice.jar.cookies.filter(isOfInteraction),
  ]);
};

/** A browser with nothing but the copied cookies. */
const bareWith = (alice: RecordingBrowser): RecordingBrowser => {
  const bare = world.recordingBrowser();
  bare.jar = alice.jar.copy(isOfInteraction);
  return bare;
};

/** Bob's session and results, which must stay as they were. */
const bobAlone = async () => ({
  ...noApproval,
  accountId: world.people.noor.user.id,
  amr: (await world.session(bob))?.amr,
});

test('A06 copied before the second step, the cookies are refused for her code and her #', async () => {
  const { ada } = world.people;
  const alice = world.recordingBrowser();
  const { uid, page } = await world.beginAs(alice, ada);
  swapIn(alice);
  const looked = await bob.go(`/interaction/${uid}`);
  expect(looked.text).not.toContain(ada.name);

  await bob.visit(`/interaction/${uid}/options`, { form: { method: 'totp' } });
  await bob.visit(`/interaction/${uid}/factor`, { form: { code: codeAt(ada, world.clock()) } });
  await bob.visit(`/interaction/${uid}/again`, { form: {} });
  await pickUp(ada, '#');
  await bob.visit(`/interaction/${uid}/factor`, { form: {} });

  expect(await world.outcome(bob, uid)).toEqual(await bobAlone());
  expect(await world.challenge(uid)).toMatchObject({ factor: 'call', phase: 'passed' });
  expect(await world.failedAttempts(ada)).toBe(0);
  // The legitimate case: she finishes her sign-in in her own browser.
  await checkAgain(alice, page);
  expect(alice.codes).toHaveLength(1);
  expect((await world.session(alice))?.accountId).toBe(ada.user.id);
});

test('A06 copied after the last step, the cookies do not resume her sign-in in his browser', async () => {
  const { ada } = world.people;
  const alice = world.recordingBrowser();
  const { uid, page } = await world.beginAs(alice, ada);
  await pickUp(ada, '#');
  const finished = await alice.go(`/interaction/${uid}/factor`, { form: {} });
  expect([finished.status, alice.next(finished)?.pathname]).toEqual([200, `/auth/${uid}`]);
  expect(page.status).toBe(200);
  const before = await world.audited('sign-in.finished');
  swapIn(alice);

  const refused = await bob.visit(`/auth/${uid}`);

  expect(refused.status).toBe(403);
  const { result: _hers, ...his } = await world.outcome(bob, uid);
  const { result: _none, ...alone } = await bobAlone();
  expect(his).toEqual(alone);
  expect(await world.audited('sign-in.finished')).toEqual(before);
  expect((await world.audited('sign-in.refused')).at(-1)).toMatchObject({ facts: { reason: 'elsewhere' } });
  await alice.visit(`/auth/${uid}`);
  expect(alice.codes).toHaveLength(1);
  expect((await world.session(alice))?.accountId).toBe(ada.user.id);
});

test('A06 a sign-in without its stored proofs cannot be finished', async () => {
  const { ada } = world.people;
  const alice = world.recordingBrowser();
  const { uid } = await world.beginAs(alice, ada);
  await pickUp(ada, '#');
  await alice.go(`/interaction/${uid}/factor`, { form: {} });
  expect(await world.store.shortLived.ephemeral.getAndDelete(key('sign-in-proofs', uid))).toBeDefined();

  const refused = await alice.visit(`/auth/${uid}`);

  expect(refused.status).toBe(403);
  expect(alice.codes).toEqual([]);
  expect((await world.session(alice))?.accountId).toBeUndefined();
});

test('A06 a step-up of her session is refused in his browser', async () => {
  const { ada } = world.people;
  const alice = world.recordingBrowser();
  await signIn(world.rp, alice, ada);
  alice.answers.length = 0;
  const { uid } = await world.begin(alice, { acr_values: 'aal2' });
  const asked = await alice.visit(`/interaction/${uid}/start`, { form: {} });
  swapIn(alice);

  await bob.visit(`/auth/${uid}`);
  await bob.visit(`/interaction/${uid}/factor`, { form: { code: codeAt(ada, world.clock()) } });
  const resumed = await bob.go(`/auth/${uid}`);

  expect(resumed.status).toBeGreaterThanOrEqual(400);
  expect(bob.codes).toEqual([]);
  expect((await world.session(bob))?.accountId).toBe(world.people.noor.user.id);
  expect((await world.session(alice))?.acr).toBe('mfa');
  expect(asked.status).toBe(200);
});

test('A06 cookies under another name or without a signature are ignored', async () => {
  const alice = world.recordingBrowser();
  const { uid, page } = await world.beginAs(alice, world.people.ada);
  const stolen = alice.jar.cookies.filter(({ name }) => isOfInteraction({ name } as Cookie) && !name.endsWith('.sig'));
  bob.jar = new Jar(world.clock, [...bob.jar.cookies, ...stolen]);

  expect((await bob.go(`/interaction/${uid}`)).status).toBe(403);
  expect((await bob.go(`/auth/${uid}`)).status).toBe(400);

  expect(await world.outcome(bob, uid)).toEqual(await bobAlone());
  await enterCode(alice, page, '').catch(() => undefined);
  expect((await alice.go(`/interaction/${uid}`)).status).toBe(200);
});

describe('A06 the cookies of a sign-in in a browser without our own cookie', () => {
  let previous: ThreatWorld;
  beforeEach(async () => {
    previous = world;
    world = await startThreatWorld();
  });
  afterEach(async () => {
    await world.close();
    world = previous;
  });
  test('A06 the first form of a browser without our cookie works in a sign-in that no browser has begun', async () => {
    const { noor } = world.people;
    const alice = world.recordingBrowser();
    const { uid } = await world.begin(alice);
    world.clock.advance(60_000);
    const bare = bareWith(alice);
    const asked = await bare.visit(`/interaction/${uid}/password`, {
      form: { name: noor.name, password: noor.password },
    });
    await enterCode(bare, asked, codeAt(noor, world.clock()));
    expect(bare.codes).toHaveLength(1);
  });

  test.each(routes.filter(({ method }) => method === 'POST'))(
    'A06 $method $step changes and ends nothing that another browser holds',
    async ({ step }) => {
      const { ada } = world.people;
      const alice = world.recordingBrowser();
      const { uid, page } = await world.beginAs(alice, ada);
      const [begunBefore, endedBefore] = [
        await world.audited('challenge.begun'),
        await world.audited('challenge.ended'),
      ];
      expect(await world.challenge(uid)).toMatchObject({ factor: 'call', phase: 'pending' });

      const refused = await bareWith(alice).go(`/interaction/${uid}${step}`, { form: await forms(step) });

      expect(refused.status).toBe(403);
      expect(await world.challenge(uid)).toMatchObject({ factor: 'call', phase: 'pending' });
      expect(await world.audited('challenge.begun')).toEqual(begunBefore);
      expect(await world.audited('challenge.ended')).toEqual(endedBefore);
      await pickUp(ada, '#');
      await checkAgain(alice, page);
      expect((await world.session(alice))?.accountId).toBe(ada.user.id);
    },
  );

  test.each([
    ['kept by her browser', {}],
    ['kept in the store', { state: 'x'.repeat(1000), nonce: 'y'.repeat(900) }],
  ])('A06 her resume address ends no unfinished sign-in (%s)', async (_, wish: Record<string, string>) => {
    const { ada, noor } = world.people;
    const signedIn = world.recordingBrowser();
    await signIn(world.rp, signedIn, noor);
    const alice = world.recordingBrowser();
    const { uid, page } = await world.beginAs(alice, ada, wish);
    for (const thief of [bareWith(alice), signedIn]) {
      thief.jar = new Jar(world.clock, [...thief.jar.cookies, ...alice.jar.cookies.filter(isOfInteraction)]);
      thief.jar = thief.jar.copy(({ name }) => !name.startsWith('sallyport-browser'));
      await thief.go(`/interaction/${uid}`);
      expect((await thief.go(`/auth/${uid}`)).status).toBe(403);
    }
    await pickUp(ada, '#');
    await checkAgain(alice, page);
    expect(alice.codes).toHaveLength(1);
    expect((await world.session(alice))?.accountId).toBe(ada.user.id);
  });
});

/** A form that this step accepts in one's own sign-in. */
const forms = async (step: string): Promise<Record<string, string>> => {
  const { ada } = world.people;
  if (step === '/password') return { name: ada.name, password: ada.password };
  if (step === '/factor') return { code: codeAt(ada, world.clock()) };
  if (step === '/options') return { method: 'totp' };
  if (step === '/account') return { account: 'another' };
  return step === '/consent' ? { answer: 'allow' } : {};
};
