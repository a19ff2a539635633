/** Tests that each change of an account arrives in the mailbox of its owner, or on their phone where they have no mail, with its link. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openSmtp } from '../../adapters/smtp.ts';
import type { NoticeKind } from '../../src/notice.ts';
import { wording } from '../../src/locales/wording.ts';
import { heading, type Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { despiteJumps } from '../support/world/frozen-time.ts';
import { atClient, enterCode, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,sms,call' } });
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const accountOf = async ({ user }: TestPerson) => (await world.services.users.get(user.id)) ?? user;

/** Each change, as a command makes it. */
const changes: readonly (readonly [NoticeKind, (person: TestPerson) => Promise<unknown>])[] = [
  [
    'method-made-default',
    async person => {
      const user = await accountOf(person);
      const authenticator = user.authenticators[0] ?? '';
      return world.services.methods.setDefault(user, { factor: 'call', authenticator }, 'cli');
    },
  ],
  ['password-set', async ({ user }) => world.services.users.setPassword(user.id, user.passwordHash ?? '', 'cli')],
  ['account-locked', async ({ user }) => world.services.users.lock(user.id, 'cli')],
  ['account-unlocked', async ({ user }) => world.services.users.unlock(user.id, 'cli')],
  [
    'method-removed',
    async person => {
      const user = await accountOf(person);
      return world.services.methods.remove(user, user.authenticators.at(-1) ?? '', 'cli');
    },
  ],
  ['email-changed', async ({ user }) => world.services.users.setEmail(user.id, `new-${user.name}@example.com`, 'cli')],
];
const linkIn = (text: string): string | undefined => /https?:\/\/\S+\/not-me\/[\w-]{22}/u.exec(text)?.[0];
/** A locked account has nothing left to protect. */
const unlinked: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['account-locked']);

test('each change arrives in the mailbox of its owner, at the address that the account had before', async () => {
  const { ada } = world.people;
  for (const [kind, change] of changes) {
    await world.nextDay();
    await change(ada);
    const { subject } = wording('en').notices.kinds[kind];
    const [mail] = await world.mailsTo(ada);
    expect([kind, mail?.subject]).toEqual([kind, subject]);
    const link = linkIn(mail?.text ?? '');
    expect([kind, link === undefined]).toEqual([kind, unlinked.has(kind)]);
    const page = await world.browser().go(link ?? '/not-me/none');
    expect([kind, heading(page)]).toEqual([
      kind,
      unlinked.has(kind) ? 'This link no longer works' : 'Wasn’t this you?',
    ]);
    expect(await ada.phone.messages()).toEqual([]);
  }
});

test('without a verified address each change arrives on the phone', async () => {
  const { grace } = world.people;
  await world.services.users.setEmailVerified(grace.user.id, false, 'cli');
  // The last of them removes the phone, which is told so.
  for (const [kind, change] of changes.filter(([each]) => each !== 'email-changed')) {
    await world.nextDay();
    await change(grace);
    world.clock.advance(1);
    await world.clock.fired();
    const { texts } = wording('en');
    const said: Readonly<Partial<Record<NoticeKind, string>>> = texts.notices;
    const { text } = await grace.phone.text();
    expect([kind, text.includes(said[kind] ?? '?')]).toEqual([kind, true]);
    expect([kind, linkIn(text) === undefined]).toEqual([kind, unlinked.has(kind)]);
  }
  expect(await world.mailsTo(grace)).toEqual([]);
});

test('a sign-in from a new browser is told, with its link; the first one of an account and known browsers are not', async () => {
  const { noor } = world.people;
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso', name: 'Contoso Office' }));
  const signIn = async (browser: Browser): Promise<void> => {
    world.clock.advance(60_000);
    const request = await rp.begin({ prompt: 'login' });
    const page = await enterPassword(browser, await browser.visit(request.url), noor);
    const done = await enterCode(browser, page, codeAt(noor, world.clock()));
    await request.redeem(atClient(browser, done));
  };
  const subjects = async (): Promise<readonly string[]> => (await world.mailsTo(noor)).map(({ subject }) => subject);
  const [home, cafe] = [world.browser(), world.browser()];
  await signIn(home);
  await signIn(home);
  expect(await subjects()).toEqual([]);
  await signIn(cafe);
  await signIn(cafe);
  expect(await subjects()).toEqual(['Sign-in from a new browser']);
  const [mail] = await world.mailsTo(noor);
  expect(mail?.text).toContain('Contoso Office');
  expect(heading(await world.browser().go(linkIn(mail?.text ?? '') ?? ''))).toBe('Wasn’t this you?');
  // Signed out everywhere, the first sign-in in each browser is news again: it may be the thief's.
  await world.services.users.lock(noor.user.id, 'cli');
  await world.services.users.unlock(noor.user.id, 'cli');
  await signIn(home);
  expect((await subjects()).filter(each => each === 'Sign-in from a new browser')).toHaveLength(2);
});

test('a mail of these tests arrives also where the clock jumps while the mail server is connected', async () => {
  const { settings, clock } = world;
  if (settings.smtp === undefined) throw new Error('the world has no mail server');
  const to = 'jump@example.com';
  const mail = { to, subject: 'Hello', text: 'Hello', html: '<p>Hello</p>', messageId: 'jump@test', language: 'en' };
  const sent = despiteJumps(openSmtp(settings.smtp), clock).send(mail);
  clock.advance(10_000);
  await sent;
  expect(await world.mailsTo(to)).toHaveLength(1);
});
