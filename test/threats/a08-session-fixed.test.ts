/**
 * A08. The attacker plants a session id in the victim's browser, before the password or before the second step. Then
 * they use that id. A session gets a new id at its end and each time it gains something. The old id finds no session.
 * Guards: `src/oidc/sessions/session-members.ts#changeId` and `src/oidc/adapter/sessions.ts#sessionAdapter`, which drops the old id
 * before the session gains anything.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { formTo } from '../support/browser/plain.ts';
import { Jar } from '../support/browser/jar.ts';
import { enterCode, enterPassword, pickUp, signIn } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(3_600_000));

const idIn = ({ jar }: RecordingBrowser): string =>
  jar.cookies.find(({ name }) => name === 'sallyport-session')?.value ?? '';
const isSession = ({ name }: { readonly name: string }): boolean => /^sallyport-session(?:\.sig)?$/.test(name);

/** Signs in by password and code. */
const enter = async (browser: RecordingBrowser, wish: Readonly<Record<string, string>> = {}): Promise<void> => {
  const { noor } = world.people;
  const { page } = await world.beginAs(browser, noor, wish);
  await enterCode(browser, page, codeAt(noor, world.clock()));
};

test('A08 sign-in, new sign-in, step-up and sign-out give a new id, and the old one finds no session', async () => {
  const { ada } = world.people;
  const browser = world.recordingBrowser();
  const { page } = await world.begin(browser);
  expect(idIn(browser)).toBe('');
  await enterPassword(browser, page, ada);
  expect(idIn(browser)).toBe('');
  await pickUp(ada, '#');
  await browser.visit(formTo(browser.answers.at(-1) ?? page, /\/factor$/).action, { form: {} });
  const first = idIn(browser);
  expect(await world.sessionBy(first)).toMatchObject({ accountId: ada.user.id, acr: 'mfa' });

  const stepUp = await world.begin(browser, { acr_values: 'aal2' });
  const asked = await browser.visit(`/interaction/${stepUp.uid}/start`, { form: {} });
  expect(idIn(browser)).toBe(first);
  await enterCode(browser, asked, codeAt(ada, world.clock()));
  const second = idIn(browser);
  expect(await world.sessionBy(second)).toMatchObject({ accountId: ada.user.id, acr: 'aal2' });
  expect(await world.sessionBy(first)).toBeUndefined();

  world.clock.advance(60_000);
  const again = await world.beginAs(browser, ada, { prompt: 'login' });
  await pickUp(ada, '#');
  await browser.visit(`/interaction/${again.uid}/factor`, { form: {} });
  const third = idIn(browser);
  expect(await world.sessionBy(third)).toMatchObject({ accountId: ada.user.id });
  expect(await world.sessionBy(second)).toBeUndefined();

  const leaving = await browser.visit('/session/end');
  const { action, hidden } = formTo(leaving, /\/session\/end\/confirm$/);
  await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
  const fourth = idIn(browser);

  expect(new Set([first, second, third, fourth]).size).toBe(4);
  expect(await world.sessionBy(third)).toBeUndefined();
  expect((await world.session(browser))?.accountId).toBeUndefined();
  expect(await world.auditedAbout('session.ended', ada)).toHaveLength(1);
});

test.each(['before the password', 'before the second step'])(
  'A08 an invented id planted %s is replaced',
  async when => {
    const { noor } = world.people;
    const honest = world.recordingBrowser();
    await enter(honest);
    await expectSignedIn(world, honest, noor);
    world.clock.advance(60_000);

    const planted = 'attackers-own-session-identifier-0123456789';
    const victim = world.recordingBrowser();
    const plant = (): void =>
      victim.jar.take([`sallyport-session=${planted}; path=/`, `sallyport-session.sig=${'A'.repeat(27)}; path=/`]);
    const started = await world.begin(victim);
    if (when === 'before the password') plant();
    const page = await enterPassword(victim, started.page, noor);
    if (when !== 'before the password') plant();
    await enterCode(victim, page, codeAt(noor, world.clock()));

    await expectSignedIn(world, victim, noor);
    expect(idIn(victim)).not.toBe(planted);
    expect(await world.sessionBy(planted)).toBeUndefined();
  },
);

test.each(['before the password', 'before the second step'])(
  'A08 the attacker’s session planted %s does not become the victim’s',
  async when => {
    const { ada, noor } = world.people;
    const attacker = world.recordingBrowser();
    await signIn(world.rp, attacker, ada);
    const known = idIn(attacker);
    const cookies = attacker.jar.cookies.filter(isSession);
    const victim = world.recordingBrowser();
    const plant = (): void => {
      victim.jar = new Jar(world.clock, [...victim.jar.cookies.filter(each => !isSession(each)), ...cookies]);
    };

    const started = await world.begin(victim, { prompt: 'login' });
    if (when === 'before the password') plant();
    const page = await enterPassword(victim, started.page, noor);
    if (when !== 'before the password') plant();
    await enterCode(victim, page, codeAt(noor, world.clock()));
    await attacker.visit((await world.rp.begin({ prompt: 'none' })).url);

    // In every case the id that the attacker knows finds no session of the victim.
    const held = await world.sessionBy(known);
    expect(held?.accountId).not.toBe(noor.user.id);
    expect((await world.session(attacker))?.accountId).not.toBe(noor.user.id);
    expect(idIn(victim) === known ? (await world.session(victim))?.accountId : undefined).not.toBe(noor.user.id);
  },
);
