/** Tests the new password that an administrator requires: after every proof, before anything is issued, once. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import {
  atClient,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const asked = 'Choose a new password';
const temporary = 'harbour-lantern-9';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** Sets a temporary password, as `users set-password --temporary` does. */
const giveTemporary = async ({ user }: TestPerson): Promise<void> => {
  const { users } = world.services;
  await users.setPassword(user.id, await hashOf(world.services, temporary), 'cli', { temporary: true });
};

const begin = async (browser: Browser, person: TestPerson, password = temporary) => {
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), { ...person, password });
  return { request, page };
};

const choose = (browser: Browser, page: Answer, password: string): Promise<Answer> =>
  browser.go(formTo(page, /\/new-password$/).action, { form: { new_password: password } });

/** Follows a finished sign-in to the client. */
const arrive = async (browser: Browser, finished: Answer): Promise<URL> =>
  atClient(browser, await browser.visit(browser.next(finished)?.href ?? ''));

test('the second step comes first, then the new password, then the client', async () => {
  const { noor } = world.people;
  await giveTemporary(noor);
  const browser = world.browser();
  const { request, page } = await begin(browser, noor);
  expect(heading(page)).toBe('Enter the code from your app');
  // Nobody with the old password alone can choose another one.
  const early = await browser.visit(`/interaction/${uidOf(page)}/new-password`, {
    form: { new_password: 'quiet-otter-meadow' },
  });
  expect(heading(early)).toBe('Enter the code from your app');

  const required = await enterCode(browser, page, await noor.phone.code());
  expect(heading(required)).toBe(asked);
  for (const [weak, words] of [
    [temporary, /password you have now/],
    ['password1', /guessed first/],
    ['noor-noor', /made of your name/],
    ['', /Type a new password/],
  ] as const) {
    const refused = await choose(browser, required, weak);
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(words);
    expect(refused.text).toContain('aria-invalid="true"');
  }
  const done = await choose(browser, required, 'quiet-otter-meadow');
  const tokens = await request.redeem(await arrive(browser, done));
  expect(tokens.claims()).toMatchObject({
    sub: noor.user.id,
    acr: 'aal2',
    amr: expect.arrayContaining(['pwd', 'otp']),
  });

  const { page: old } = await begin(world.browser(), noor);
  expect(old.status).toBe(422);
  world.clock.advance(60_000);
  await signIn(rp, world.browser(), { ...noor, password: 'quiet-otter-meadow' });
  const set = await world.audited('user.password-set');
  expect(set.findLast(({ subject }) => subject === noor.user.id)).toMatchObject({
    actor: `user:${noor.user.id}`,
    facts: { reason: 'required' },
  });
});

test('nothing is issued before, by any address of the sign-in', async () => {
  const { linus } = world.people;
  await giveTemporary(linus);
  const browser = world.browser();
  const { page } = await begin(browser, linus);
  expect(heading(page)).toBe(asked);
  const here = `/interaction/${uidOf(page)}`;
  for (const to of ['/factor', '/options', '/again', '/start', '/switch', '/resend']) {
    await browser.visit(`${here}${to}`, { form: {} });
  }
  expect(heading(await browser.visit(here))).toBe(asked);
  const resumed = await browser.visit(`/auth/${uidOf(page)}`);
  expect(browser.next(resumed)?.searchParams.has('code') ?? false).toBe(false);
  expect((await world.services.users.get(linus.user.id))?.passwordChangeRequiredAt).toBeDefined();
});

test('a change that is required between the last proof and the code is asked for, too', async () => {
  const { linus } = world.people;
  const { users } = world.services;
  await users.setPassword(linus.user.id, await hashOf(world.services, linus.password), 'cli');
  const browser = world.browser();
  const request = await rp.begin();
  const form = formTo(await browser.visit(request.url), /\/password$/);
  const finished = await browser.go(form.action, { form: { name: 'linus', password: linus.password } });
  await users.requirePasswordChange(linus.user.id, 'cli');
  const again = await browser.visit(browser.next(finished)?.href ?? '');
  expect(heading(again)).toBe('Sign in to Contoso Office');
  const required = await enterPassword(browser, again, linus);
  expect(heading(required)).toBe(asked);
  await request.redeem(await arrive(browser, await choose(browser, required, 'birch-saddle-window')));
});

test('sessions from before stay until their next sign-in, but not with a new password', async () => {
  const { noor } = world.people;
  const { users } = world.services;
  await users.setPassword(noor.user.id, await hashOf(world.services, noor.password), 'cli');
  const browser = world.browser();
  await signIn(rp, browser, noor);
  world.clock.advance(60_000);
  await users.requirePasswordChange(noor.user.id, 'cli');
  const silent = async () => {
    const answer = await browser.visit((await rp.begin({ prompt: 'none' })).url);
    return browser.next(answer)?.searchParams.get('error') ?? 'signed in';
  };
  expect(await silent()).toBe('signed in');

  const other = world.browser();
  const { page } = await begin(other, noor, noor.password);
  const required = await enterCode(other, page, await noor.phone.code());
  await choose(other, required, 'maple-thunder-basin');
  expect(await silent()).toBe('login_required');
});

test('a sign-in in a session of the person goes on in it, and the other sessions end', async () => {
  const { noor } = world.people;
  const { users } = world.services;
  await users.setPassword(noor.user.id, await hashOf(world.services, noor.password), 'cli');
  const [browser, other] = [world.browser(), world.browser()];
  await signIn(rp, browser, noor);
  world.clock.advance(60_000);
  await signIn(rp, other, noor);
  world.clock.advance(60_000);
  await users.requirePasswordChange(noor.user.id, 'cli');
  const request = await rp.begin({ prompt: 'login' });
  const code = await enterPassword(browser, await browser.visit(request.url), noor);
  const required = await enterCode(browser, code, await noor.phone.code());
  await request.redeem(await arrive(browser, await choose(browser, required, 'stone-garden-flute')));
  const silent = async (of: Browser) => {
    const answer = await of.visit((await rp.begin({ prompt: 'none' })).url);
    return of.next(answer)?.searchParams.get('error') ?? 'signed in';
  };
  expect([await silent(browser), await silent(other)]).toEqual(['signed in', 'login_required']);
});

test('of twenty new passwords at once one is set, and the sign-in ends once', async () => {
  const { ada } = world.people;
  await giveTemporary(ada);
  const browser = world.browser();
  const { page } = await begin(browser, ada);
  const code = await chooseOption(browser, page, /app/i);
  const required = await enterCode(browser, code, await ada.phone.code());
  const wanted = Array.from({ length: 20 }, (_, at) => `willow-crane-${at}-harbour`);
  const answers = await Promise.all(wanted.map(each => choose(browser, required, each)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const stored = (await world.services.users.get(ada.user.id))?.passwordHash ?? '';
  const right = await Promise.all(
    wanted.map(each => world.services.passwords.hashNew(each, ada.user, { replaces: stored })),
  );
  expect(right.filter(each => !each.ok)).toHaveLength(1);
});
