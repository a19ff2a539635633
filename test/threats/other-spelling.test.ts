/**
 * The address on which a sign-in goes on is guarded, and the library that answers it reads addresses in its own way: in any case
 * of letters, with or without a slash at the end. Whoever planted the cookie of their sign-in in somebody's browser and waited
 * until it was finished there must not go on as that person by another spelling of that address.
 * Guard: `wayBack` in interactions/index.ts (it goes by the cookie, as the library does, and not by the path).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Jar } from '../support/browser/jar.ts';
import { expectSignedIn, openStage, type Stage } from './support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('C21 the browser that finished a sign-in resumes it', async () => {
  const browser = stage.witness();
  await stage.beginAs(browser, stage.people.linus);
  await expectSignedIn(stage, browser, stage.people.linus);
});

test.each(['/auth/UID', '/auth/UID/', '/AUTH/UID', '/Auth/UID/', '/auth/UID?x=/y', '/auth/other'])(
  'C21 the browser that planted a sign-in cannot resume it by %s',
  async spelling => {
    const { linus } = stage.people;
    const [attacker, victim] = [stage.witness(), stage.witness()];
    const { uid } = await stage.begin(attacker);
    victim.jar = new Jar(
      stage.clock,
      attacker.jar.cookies.filter(({ name }) => name.startsWith('interaction')),
    );
    const { name, password } = linus;
    await victim.go(`/interaction/${uid}/password`, { form: { name, password } });

    // No browser at all: it sends its cookie to whatever path it likes.
    const cookie = attacker.jar.cookies.map(each => `${each.name}=${each.value}`).join('; ');
    const resumed = await attacker.visit(spelling.replace('UID', uid), { headers: { cookie } });
    expect(resumed.status).toBe(403);
    expect(await stage.outcome(attacker)).toMatchObject({ codes: [], accountId: undefined });
  },
);
