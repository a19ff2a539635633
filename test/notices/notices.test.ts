/** Tests who is told of a change and on which channel, with a table made from the list of kinds. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { isOneSegment } from '../../src/mfa/factors/sms-segment.ts';
import { noticeKinds, traitsOf, type NoticeKind } from '../../src/notice.ts';
import { languages } from '../../src/locales/wording.ts';
import { noticeText } from '../../src/notices/message.ts';
import { requestContextOf } from '../support/mfa.ts';
import { createTestNotices } from '../support/notices.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has exactly these members
const kinds = Object.keys(noticeKinds) as readonly NoticeKind[];
const mobile = { type: 'phone', data: { number: '+12025550143' } };
const office = { type: 'phone', data: { number: '+12025550150', extension: '421' } };
const [memory] = stores;
if (memory === undefined) throw new Error('there is no store');

let clock: TestClock;
let store: OpenStore;
let world: ReturnType<typeof createTestNotices>;
beforeEach(async () => {
  clock = createClock();
  store = await memory.open(clock);
  world = createTestNotices(store, clock);
});
afterEach(() => store.close());

const fail = async (): Promise<never> => Promise.reject(new Problem('not-found', 'got nothing to change'));
const textsTo = (): readonly string[] => world.texts.sent.map(({ to }) => to);
const mailsTo = (wanted: string) => world.mails.filter(({ to }) => to === wanted);
const audited = async () =>
  (await world.audited('notice.sent')).map(({ facts }) => `${facts['notice']} ${facts['audience']} ${facts['via']}`);

describe('a person without mail', () => {
  test.each(kinds)('%s is texted where its kind says so, and audited for each audience', async kind => {
    const { user } = await world.person('ada', [mobile, office]);
    await world.notices.tell(user.id, { kind }, { actor: 'cli' });
    expect(textsTo()).toEqual([]);
    await world.deliver();

    const { audience, byText, linked } = traitsOf(kind);
    const isTexted = audience !== 'administrators' && byText === true;
    expect(textsTo()).toEqual(isTexted ? [mobile.data.number] : []);
    const said = world.texts.sent.map(({ text }) => text.replace(/\/[\w-]{22}$/u, '/TOKEN'));
    const link = linked ? 'https://login.contoso.example/not-me/TOKEN' : undefined;
    expect(said).toEqual(isTexted ? [noticeText(kind, 'en', link)] : []);
    expect(await audited()).toEqual([
      ...(audience === 'administrators' ? [] : [`${kind} person ${isTexted ? 'sms' : 'none'}`]),
      ...(audience === 'person' ? [] : [`${kind} administrators log`]),
    ]);
  });

  test('the number that a change adds is not told, the one that it removes is', async () => {
    const { user, bound } = await world.person('ada', [mobile]);
    const added = { type: 'phone', label: 'alternate', data: { number: '+12025550199' } };
    const notice = { kind: 'method-added' } as const;
    await world.notices.changeAndTell(user.id, notice, { actor: 'cli' }, async () => world.stored.bind(user.id, added));
    await world.deliver();
    expect(textsTo()).toEqual([mobile.data.number]);

    const now = await world.users.get(user.id);
    if (now === undefined) throw new Error('the person is gone');
    await world.methods.remove(now, bound[0]?.id ?? '', 'cli');
    await world.deliver();
    expect(textsTo().toSorted()).toEqual([mobile.data.number, mobile.data.number, added.data.number].toSorted());
  });

  test('nothing is told of a change that fails', async () => {
    const { user } = await world.person('ada', [mobile]);
    await expect(world.methods.remove(user, 'another', 'cli')).rejects.toMatchObject({ code: 'not-found' });
    // Of these the account does not show whether they were made.
    const unseen = kinds.filter(kind => traitsOf(kind).byText === true && traitsOf(kind).inAccount !== true);
    expect(unseen).not.toEqual([]);
    for (const kind of unseen) {
      await expect(world.notices.changeAndTell(user.id, { kind }, { actor: 'cli' }, fail)).rejects.toThrow('nothing');
    }
    clock.advance(120_000);
    await world.deliver();
    expect([textsTo(), await audited()]).toEqual([[], []]);
  });

  test('a lock is made and told where its notice cannot be held before, and another change is not made', async () => {
    const { user } = await world.person('ada', [mobile]);
    world.outbox.hold = async () => Promise.reject(new Error('the store is down'));
    const made: string[] = [];
    const tell = async (kind: NoticeKind) =>
      world.notices.changeAndTell(user.id, { kind }, { actor: 'cli' }, async () => void made.push(kind));
    await expect(tell('method-removed')).rejects.toThrow('the store is down');
    await tell('account-locked');
    await world.deliver();
    expect([made, textsTo()]).toEqual([['account-locked'], [mobile.data.number]]);
  });

  test('notices never use up the texts of sign-ins, and have limits of their own', async () => {
    const { user, bound } = await world.person('ada', [mobile]);
    for (let n = 0; n < 12; n += 1) await world.notices.tell(user.id, { kind: 'sessions-ended' }, { actor: 'cli' });
    await world.deliver();
    const noticed = textsTo().length;
    expect(noticed).toBe(5);

    const challenge = { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' };
    const { view } = await world.challenges.begin(challenge, 'uid', requestContextOf(user));
    expect([view.phase, textsTo().length]).toEqual(['pending', noticed + 1]);

    // The others wait in the outbox for the next hour.
    clock.advance(3_600_000);
    await world.deliver();
    expect(textsTo().length).toBeGreaterThan(noticed + 1);
  });
});

describe('a person with mail', () => {
  const address = 'ada@example.com';
  const administrator = 'security@example.com';
  beforeEach(() => {
    world = createTestNotices(store, clock, { mail: true, administrators: [administrator] });
  });

  test.each(kinds)('%s is mailed to its audience, and never texted', async kind => {
    const { user } = await world.person('ada', [mobile]);
    await world.giveMail(user.id, address);
    await world.notices.tell(user.id, { kind }, { actor: 'cli', reference: '7K3MQ2XA', address: '192.0.2.7' });
    await world.deliver();

    const { audience } = traitsOf(kind);
    expect(textsTo()).toEqual([]);
    expect([mailsTo(address).length, mailsTo(administrator).length]).toEqual([
      audience === 'administrators' ? 0 : 1,
      audience === 'person' ? 0 : 1,
    ]);
    for (const { content } of world.mails) {
      const said = JSON.stringify(content);
      for (const fact of ['ada', '7K3M-Q2XA', '192.0.2.7']) expect(said).toContain(fact);
      // The number of the person's phone is nobody's business in a mailbox.
      expect(said).not.toContain(mobile.data.number);
    }
  });

  test('an address that nobody verified is not told; the phone is', async () => {
    const { user } = await world.person('ada', [mobile]);
    await world.giveMail(user.id, address, false);
    await world.notices.tell(user.id, { kind: 'password-set' }, { actor: 'cli' });
    await world.deliver();
    expect([world.mails, textsTo()]).toEqual([[], [mobile.data.number]]);
  });

  test('the address that a change removes is told, in the language and time zone of the person', async () => {
    const { user } = await world.person('ada', []);
    await world.giveMail(user.id, address);
    const change = async () => {
      const now = await world.users.get(user.id);
      const reader = { language: 'de', zoneinfo: 'Europe/Berlin' };
      return now && world.users.replace({ ...now, ...reader, email: 'thief@example.com', emailVerified: true });
    };
    const source = { actor: 'cli', browser: 'Firefox on Linux' };
    await world.notices.changeAndTell(user.id, { kind: 'email-changed' }, source, change);
    await world.deliver();
    expect(JSON.stringify(world.mails)).toContain('Firefox auf Linux');
    expect(world.mails).toMatchObject([{ to: address, language: 'de', zone: 'Europe/Berlin' }]);
    expect(world.mails[0]?.content.subject).toBe('Ihre E-Mail-Adresse wurde geändert');
  });

  test('a name that somebody chose adds no link and no sentence to a mail', async () => {
    const { user } = await world.person('ada', []);
    await world.giveMail(user.id, address);
    const label = 'Call +1 900 555 0199. See https://evil.example/';
    await world.notices.tell(user.id, { kind: 'method-renamed', method: { label } }, { actor: 'cli' });
    await world.deliver();
    const said = JSON.stringify({ ...world.mails[0]?.content, link: '' });
    expect(said).toContain('Call 1 900');
    expect(said).not.toMatch(/evil\.example|https?:|0199\./);
  });

  test.each([
    ['Authenticator app', 'Authenticator-App'],
    ['alternate', 'Anderes Telefon'],
    ['constructor', 'constructor'],
  ])('a method with the label %s has its name in the language of the mail', async (label, expected) => {
    const { user } = await world.person('ada', []);
    await world.giveMail(user.id, address);
    const now = await world.users.get(user.id);
    if (now !== undefined) await world.users.replace({ ...now, language: 'de' });
    await world.notices.tell(user.id, { kind: 'method-added', method: { label } }, { actor: 'cli' });
    await world.deliver();
    expect(world.mails[0]?.content.paragraphs[0]).toContainEqual({ name: expected });
  });
});

describe.each(languages)('texts in %s', language => {
  test.each(kinds.filter(kind => traitsOf(kind).byText))('%s fits one segment, with its link', kind => {
    const link = `https://login.contoso.example/not-me/${'x'.repeat(22)}`;
    const text = noticeText(kind, language, link) ?? '';
    expect(isOneSegment(text)).toBe(true);
    expect([text.includes(link), isOneSegment(noticeText(kind, language) ?? '')]).toEqual([true, true]);
  });

  test.each(kinds.filter(kind => traitsOf(kind).byText))('%s says whom to call where its link is too long', kind => {
    const link = `https://${'long'.repeat(30)}.example/not-me/${'x'.repeat(22)}`;
    expect(noticeText(kind, language, link)).toBe(noticeText(kind, language));
  });
});

const yes = (value: true | undefined): string => (value === true ? 'yes' : 'no');

test('docs/notices.md has a row for each kind, with its audience, texts and link', async () => {
  const document = await readFile(new URL('../../docs/notices.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `([a-z-]+)` +\|[^|]*\| (\w+) +\| (yes|no) +\| (yes|no) +\|$/gmu)];
  expect(rows.map(([, ...cells]) => cells)).toEqual(
    kinds.map(kind => {
      const { audience, byText, linked } = traitsOf(kind);
      return [kind, audience, yes(byText), yes(linked)];
    }),
  );
});
