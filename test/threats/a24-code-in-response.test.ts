/**
 * A24. An attacker with the password searches every answer for the code that was sent to a phone: page, header, cookie,
 * script, event stream, redirect and callback (as in CVE-2026-105211). A code leaves by its channel only, and is in no
 * log and no audit record. The number of number mode is the opposite: it is on its own page and in no other place. Each
 * search first finds the code where it has to be.
 * Guards: the prompts of `src/mfa/factors/sms.ts#createSms`, `src/mfa/factors/spoken.ts#createSpoken` and
 * `src/mfa/factors/call.ts#createCall`, which carry no code; `src/audit.ts#AuditFacts`;
 * `adapters/twilio/signed-form.ts#createFormReader`; `src/crypto.ts#createSealer` for the seed of an app.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readWire } from '../../simulator/person.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { auditEventKind } from '../../src/records.ts';
import { formTo, uidOf, type Answer, type Ask } from '../support/browser/plain.ts';
import { takeCall } from '../support/human/person.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { foundIn, holds, type NamedTexts } from '../support/human/secrets.ts';
import { shownNumber, ways, type Way } from '../support/human/second-steps.ts';
import { atClient, enterCode, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import type { RelyingParty } from '../support/world/relying-party.ts';
import { captureLog, type CapturedLog } from '../support/surface/captured-log.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { RecordingBrowser } from './support/threat-world.ts';
import { createCallRecorder } from './support/call-recorder.ts';

const env = { SALLYPORT_FACTORS: factors.map(({ type }) => type).join(',') };

/** Every answer as text: head and body, with all values of cookies. */
const answersOf = ({ answers }: RecordingBrowser): NamedTexts =>
  answers.map(({ path, status, headers, text }) => [
    `${status} ${path}`,
    `${decodeURIComponent(JSON.stringify(headers).replaceAll('%', '%25'))}\n${text}`,
  ]);
const assetsOf = (pages: readonly Answer[]): readonly string[] => [
  ...new Set(
    pages.flatMap(({ text }) =>
      [...text.matchAll(/(?:src|href)="(\/[^"]*\.(?:js|css|svg))"/g)].map(([, to = '']) => to),
    ),
  ),
];

describe.each([
  ['#', {}],
  ['the number of the page', { SALLYPORT_CALL_ANSWER: 'number' }],
])('A24 with calls answered by %s', (_, more) => {
  const telephone = createCallRecorder();
  let lines: CapturedLog;
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  let browser: RecordingBrowser;
  beforeAll(async () => {
    lines = captureLog();
    world = await startWorld({
      env: { ...env, ...more },
      phones: residentPhones,
      wrap: resources => lines.wrap(telephone.wrap(resources)),
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    ines = await addResident(world, 'ines', ['app', 'mobile', 'office']);
  });
  afterAll(async () => {
    lines.stop();
    await world.close();
  });
  beforeEach(async () => {
    await world.nextDay();
    browser = new RecordingBrowser(world.place);
  });

  /** The log at debug level, the audit, and the recorded traffic between carrier and server. */
  const written = async (): Promise<NamedTexts> => [
    ['log', lines.lines.join('')],
    ['console', lines.output.join('')],
    ['audit', JSON.stringify(await world.store.durable.collection(auditEventKind).find({}, { limit: 1000 }))],
    ['orders of calls', JSON.stringify(telephone.sent)],
    ['wire', JSON.stringify(await readWire(world.simulator))],
  ];

  /** Requests every page and form that leaves the challenge open. */
  const lookAround = async (uid: string): Promise<void> => {
    const here = `/interaction/${uid}`;
    const looks = ['', '/options', '/resend', '/help', '/help?reason=nothing-left', '/password', '/factor'];
    for (const path of looks) await browser.go(here + path);
    await browser.go(`${here}/events`, { headers: { accept: 'application/json' } });
    const posts: readonly (readonly [string, Ask])[] = [
      ['/resend', { form: {} }],
      ['/again', { form: {} }],
      ['/start', { form: {} }],
      ['/factor', { form: { code: '12' } }],
      ['/factor', { form: {} }],
      ['/options', { form: { method: 'none' } }],
      ['/password', { form: { name: ines.name, password: ines.password } }],
    ];
    for (const [path, ask] of posts) await browser.visit(here + path, ask);
    await browser.visit('/language', { form: { language: 'fr', back: here } });
    for (const asset of assetsOf(browser.answers)) await browser.go(asset);
    // As the carrier would ask, but unsigned. A browser never learns the token and the call.
    for (const { token, reference } of telephone.sent.slice(-1)) {
      const known = { AccountSid: world.settings.twilio?.accountSid ?? '', CallSid: reference, AnsweredBy: 'human' };
      for (const step of ['answered', 'keys?heard=', 'keys?heard=e', 'status']) {
        for (const Digits of ['', '#', '1']) {
          const form = { ...known, ...(Digits !== '' && { Digits }) };
          await browser.go(`/callbacks/twilio/call/${token}/${step}`, { form });
        }
      }
    }
  };

  const begin = async (way: Way) => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound[way.has] ?? '', way.factor);
    const request = await rp.begin();
    const asked = await enterPassword(browser, await browser.visit(request.url), ines);
    const uid = uidOf(asked);
    const stream = browser.go(`/interaction/${uid}/events`, { headers: { accept: 'text/event-stream' } });
    return { request, asked, uid, stream };
  };

  const coded = ways.filter(({ factor }) => factor !== 'call');
  test.each(coded)('A24 with $name the code is in no answer to the browser and in no log or audit', async way => {
    const { request, asked, uid, stream } = await begin(way);
    await lookAround(uid);
    const phone = way.has === 'office' ? ines.extension : ines.mobile;
    const [code, told] = await learn(way, phone);
    expect(code).toMatch(/^[0-9]{6}$/);
    await lookAround(uid);
    // The search finds the code where it has to be, and would find it in a page.
    expect(told === undefined || holds(told, code)).toBe(true);
    expect(foundIn([['page', asked.text.replace('</main>', `<b>${code}</b></main>`)]], code)).toEqual(['page']);

    const page = await enterCode(browser, asked, code);
    const done = atClient(browser, page);
    const tokens = await request.redeem(done);
    await stream;
    await browser.go(`/auth/${uid}`);
    await browser.visit(`/interaction/${uid}`);

    const redirects: NamedTexts = [
      ['redirect', done.href],
      ['tokens', JSON.stringify(tokens)],
    ];
    const places = [...answersOf(browser), ...redirects, ...(await written())];
    expect(places.length).toBeGreaterThan(40);
    expect(foundIn(places, code)).toEqual([]);
    expect(browser.jar.seen.filter(({ value }) => holds(value, code))).toEqual([]);
  });

  /** The code as its owner learns it, and the text or the words that told it. */
  const learn = async (way: Way, phone: Resident['mobile']): Promise<readonly [code: string, told?: string]> => {
    if (way.factor === 'totp') return [await ines.app.code()];
    if (way.factor === 'sms') {
      const { text } = await phone.text();
      return [text.slice(0, 6), text];
    }
    const { wroteDown = '', heard } = await takeCall(phone, { wants: 'code', isThere: true });
    return [wroteDown, heard.join(' ')];
  };

  const machines = [
    ['mobile', 'voicemail'],
    ['mobile', 'voicemail-beep'],
    ['mobile', 'voicemail-tone'],
    ['mobile', 'fax'],
    ['mobile', 'silent'],
    ['desk', 'voicemail'],
    ['desk', 'voicemail-beep'],
    ['desk', 'fax'],
    ['desk', 'silent'],
  ] as const;
  test.each(machines)('A24 no code is left on the %s phone when it acts as %s', async (whose, does) => {
    await ines[whose].behave(does);
    const way = ways.find(each => each.factor === 'spoken' && (each.has === 'office') === (whose === 'desk'));
    if (way === undefined) throw new Error('nothing is dictated there');
    const { stream } = await begin(way);
    let call = await ines[whose].hear();
    for (let turn = 0; turn < 16 && !call.isOver; turn += 1) {
      await ines[whose].waitOut();
      call = await ines[whose].hear();
    }
    await stream;
    expect(call.isOver).toBe(true);
    const spoken = call.heard.map(({ text }) => text).join(' ');
    // A machine hears at most the digits of an extension.
    expect(spoken.match(/\d(?:[. ]+\d){3,}/g) ?? []).toEqual([]);
  });

  test('A24 the seed of an app is in no answer, log or audit', async () => {
    const app = ways.find(({ factor }) => factor === 'totp');
    if (app === undefined) throw new Error('there is no app');
    const { request, asked, uid, stream } = await begin(app);
    await lookAround(uid);
    await request.redeem(atClient(browser, await enterCode(browser, asked, await ines.app.code())));
    await stream;
    const seed = residentPhones.find(({ name }) => name === 'ines')?.totpSecret ?? '';
    expect(seed).toHaveLength(32);
    expect(foundIn([['seed', `"${seed}"`]], seed)).toEqual(['seed']);
    expect(foundIn([...answersOf(browser), ...(await written())], seed)).toEqual([]);
  });

  test.each(ways.filter(({ factor }) => factor === 'call'))(
    'A24 with $name the number is on its own page only, not in the call, log or audit',
    async way => {
      const { request, asked, uid, stream } = await begin(way);
      const shown = shownNumber(asked);
      expect(shown === undefined).toBe(!('SALLYPORT_CALL_ANSWER' in more));
      await lookAround(uid);
      const { page, memory } = await way.answer(browser, asked, ines);
      const tokens = await request.redeem(atClient(browser, page));
      await stream;
      const own = (place: string): boolean =>
        place === `200 /interaction/${uid}` || place === `200 /interaction/${uid}/events`;
      const places: NamedTexts = [
        ...answersOf(browser),
        ['tokens', JSON.stringify(tokens)],
        ['call', memory?.heard.join(' ') ?? ''],
        ...(await written()),
      ];
      const found = shown === undefined ? [] : foundIn(places, shown);
      expect(found.filter(place => !own(place))).toEqual([]);
      expect(found.length > 0).toBe(shown !== undefined);
      // The form of the page carries no hidden code.
      expect(formTo(asked, /\/factor$/).hidden).toEqual({});
    },
  );
});
