/**
 * C21. The resume address is guarded, and the library that answers it accepts other spellings: upper case, a slash at
 * the end. An attacker plants the cookie of their sign-in in another browser, and waits until it was finished there.
 * They must not continue as that person by another spelling of the address.
 * Guard: `interactions/resume.ts#guardResume`, which goes by the cookie, as the library does, and not by the path.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Jar } from '../support/browser/jar.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

test('C21 the browser that finished a sign-in resumes it', async () => {
  const browser = world.recordingBrowser();
  await world.beginAs(browser, world.people.linus);
  await expectSignedIn(world, browser, world.people.linus);
});

test.each(['/auth/UID', '/auth/UID/', '/AUTH/UID', '/Auth/UID/', '/auth/UID?x=/y', '/auth/other'])(
  'C21 the browser that planted a sign-in cannot resume it by %s',
  async spelling => {
    const { linus } = world.people;
    const [attacker, victim] = [world.recordingBrowser(), world.recordingBrowser()];
    const { uid } = await world.begin(attacker);
    victim.jar = new Jar(
      world.clock,
      attacker.jar.cookies.filter(({ name }) => /^sallyport-(?:interaction|request)/.test(name)),
    );
    const { name, password } = linus;
    await victim.go(`/interaction/${uid}/password`, { form: { name, password } });

    // A program sends its cookie to any path, without the rules of a browser.
    const cookie = attacker.jar.cookies.map(each => `${each.name}=${each.value}`).join('; ');
    const resumed = await attacker.visit(spelling.replace('UID', uid), { headers: { cookie } });
    expect(resumed.status).toBe(403);
    expect(await world.outcome(attacker)).toMatchObject({ codes: [], accountId: undefined });
  },
);
