/** Every language says all of it, in its own words, with its own marks, and holds no markup (A98's lint). */
import { describe, expect, test } from '@jest/globals';
import { givenLabel } from '../../src/locales/given-label.ts';
import { emailLabel } from '../../src/mfa/factors/email.ts';
import { phoneKinds } from '../../src/mfa/factors/phone.ts';
import { totpLabel } from '../../src/mfa/factors/totp.ts';
import { securityKeyLabel, unknownPasskeyLabel } from '../../src/mfa/passkeys/aaguids.ts';
import { codeText } from '../../src/mfa/factors/sms-text.ts';
import { claims } from '../../src/scopes/scopes.ts';
import { languages, wording } from '../../src/locales/wording.ts';
import { pseudo } from '../support/pseudo-locale.ts';
import { asText, filled, leavesOf, marks, sentencesOf, type Sentence } from '../support/sentences.ts';

const en = wording('en');
const english = sentencesOf(en);
const others = languages.filter(language => language !== 'en');
/** Each sentence of a language with its place, where `wanted` says so. */
const saidIn = (language: string, wanted: (place: string) => boolean = () => true): readonly string[] =>
  [...sentencesOf(wording(language))].filter(([place]) => wanted(place)).map(([place, text]) => `${place}: ${text}`);
const longer = (language: string, most: number, places: RegExp): readonly string[] =>
  saidIn(language, place => places.test(place)).filter(each => each.replace(/^\S+: /u, '').length > most);
const isCalled = (place: string): boolean => place.startsWith('phone.');
/** Held in the alphabet of telephones, which has no typographic marks. */
const isTexted = (place: string): boolean => place.startsWith('texts.');

test('labels that we store are translated, and those that people write are not', () => {
  const shown = [
    totpLabel,
    emailLabel,
    unknownPasskeyLabel,
    securityKeyLabel,
    ...phoneKinds,
    'My phone',
    'constructor',
  ].map(each => givenLabel(each, wording('fr')));
  expect(shown).toEqual([
    'Application d’authentification',
    'Adresse e-mail',
    'Clé d’accès',
    'Clé de sécurité',
    'Mobile',
    'Autre téléphone',
    'Téléphone du bureau',
    undefined,
    undefined,
  ]);
});

const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '');

const hour = 3_600_000;
const moments = [Date.UTC(2026, 10, 22, 13, 0), Date.UTC(2026, 10, 22, 13, 0, 45)];

/** How much of what a sentence is told it says: of words the marks in it, of moments those that change it. */
const told = (sentence: Sentence): number => {
  const said = letters(filled(sentence));
  const kept = marks.filter(mark => said.includes(mark)).length;
  if (kept > 0 || sentence.length === 0) return kept;
  const given = moments.slice(0, sentence.length);
  const usual = asText(sentence(...given));
  return given.filter((_, i) => asText(sentence(...given.map((at, j) => (i === j ? at - hour : at)))) !== usual).length;
};

/** The same in any language: names, codes, and what a client may ask for that we do not know. */
const alike: ReadonlySet<string> = new Set([
  'frame.product',
  'frame.labelled',
  'frame.code',
  'pages.consent.scope',
  'device.code.label',
  'authenticator.name',
  'authenticator.fullName',
  'authenticator.seconds',
  'developer.navigation.clients',
  'developer.list.heading',
]);
/** Words that happen to be the same there. */
const alikeIn: Readonly<Record<string, readonly string[]>> = {
  de: [
    'codes.label',
    'enroll.name.label',
    'enroll.kinds.passkey.name',
    'enroll.kinds.push.name',
    'account.methods.names.passkey',
    'account.methods.names.push',
    'authenticator.request.app',
    'authenticator.pin.label',
    'authenticator.codes.issuer',
    'notices.facts.app',
    'notices.facts.browser',
    'developer.form.fields.client_name',
    'developer.client.credentials.issuer',
    'developer.client.team.heading',
    'developer.team.heading',
  ],
  fr: [
    'pages.options.phones.mobile',
    'enroll.kinds.push.name',
    'account.methods.names.push',
    'authenticator.request.message',
    'authenticator.notifications.heading',
    'developer.kinds.service',
    'developer.client.snippet.heading',
  ],
};

describe.each([...others, 'pseudo'])('%s', language => {
  const words = language === 'pseudo' ? pseudo : wording(language);

  test('has exactly the members of English', () => {
    const shape = (of: typeof en) =>
      leavesOf(of).map(([place, value]) => `${place} ${typeof value === 'string' ? 'text' : 'sentence'}`);
    expect(shape(words).toSorted()).toEqual(shape(en).toSorted());
    expect(words.help.topics.map(({ id, steps }) => [id, steps.length])).toEqual(
      en.help.topics.map(({ id, steps }) => [id, steps.length]),
    );
  });

  test('has no sentence in English', () => {
    const same = [...sentencesOf(words)].filter(([place, text]) => text === english.get(place)).map(([place]) => place);
    expect(same.filter(place => !alike.has(place) && !alikeIn[language]?.includes(place))).toEqual([]);
    const scopes = [...Object.keys(claims), 'offline_access'].filter(scope => en.pages.consent.scope(scope) !== scope);
    expect(scopes.length).toBeGreaterThan(3);
    expect(scopes.filter(scope => words.pages.consent.scope(scope) === en.pages.consent.scope(scope))).toEqual([]);
  });
});

describe.each(languages)('%s', language => {
  const words = wording(language);

  test('every sentence uses all its arguments', () => {
    const silent: string[] = [];
    for (const [place, value] of leavesOf(words)) {
      if (typeof value === 'string') continue;
      const master = leavesOf(en).find(([name]) => name === place)?.[1];
      const [wanted, takes] = typeof master === 'function' ? [told(master), master.length] : [0, 1];
      if (told(value) !== wanted || (wanted === 0 && takes > 0))
        silent.push(`${place} says ${told(value)}, English ${wanted}`);
    }
    expect(silent).toEqual([]);
  });

  test('no sentence is empty or holds markup, entities or direction marks', () => {
    const odd = /^[^:]+: \s*$|[<>{}\\]|&\w*;|[\p{Cc}\u061C\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]|\s\s|\s$/u;
    expect(saidIn(language).filter(each => odd.test(each))).toEqual([]);
    expect(saidIn(language).length).toBeGreaterThan(150);
  });

  test('quotes and apostrophes are typographic and those of the language', () => {
    const foreign: Readonly<Record<string, RegExp>> = {
      en: /["'«»„]/u,
      de: /["'«»”]|“(?=\p{L})|„(?!\p{L})/u,
      fr: /["'“”„]|[^\u202F][;:!?»]|«[^\u202F]/u,
    };
    const judge = foreign[language] ?? /["']/u;
    const said = [...sentencesOf(words)].filter(([place]) => !isTexted(place));
    expect(said.filter(([, text]) => judge.test(text.replaceAll(/\d\d:\d\d/gu, '')))).toEqual([]);
  });

  test('labels of buttons and progress steps are short enough', () => {
    const buttons =
      /^(?:frame\.(?:tryAgain|otherOption|getHelp|continue|back|cancel|copy|copied|details|notYou|help)|help\.back|.*\.(?:callAgain|checkAgain|start|again|submit|allow|deny|yes|no|button|none)|pages\.password\.(?:show|hide))$/u;
    expect(longer(language, 40, buttons)).toEqual([]);
    expect(longer(language, 14, /\.steps?(?:\.(?:dialled|ringing|answered))?$/u)).toEqual([]);
    expect(longer(language, 80, /\.(?:heading|term|question)$|\.headings\./u)).toEqual([]);
    expect(longer(language, 13, /^pages\.password\.(?:show|hide|forgotten)$/u)).toEqual([]);
  });

  test('the voice names keys in words of the language', () => {
    const keys: Readonly<Record<string, { readonly hash: RegExp; readonly zero: RegExp }>> = {
      en: { hash: /\bpound\b/u, zero: /\bzero\b/u },
      de: { hash: /\bRaute-Taste\b/u, zero: /\bNull\b/u },
      fr: { hash: /\bdièse\b/u, zero: /\bzéro\b/u },
    };
    const own = keys[language];
    expect(own).toBeDefined();
    for (const [place, text] of [...sentencesOf(words)].filter(([name]) => isCalled(name))) {
      const master = english.get(place) ?? '';
      expect([place, own?.hash.test(text), own?.zero.test(text)]).toEqual([
        place,
        keys['en']?.hash.test(master),
        keys['en']?.zero.test(master),
      ]);
      expect(text).not.toMatch(/[#*]/u);
    }
    const foreign = Object.entries(keys)
      .filter(([name]) => name !== language)
      .map(([, { hash }]) => hash);
    expect(saidIn(language).filter(each => foreign.some(word => word.test(each)))).toEqual([]);
    expect(
      language === 'en' ? [] : saidIn(language, isCalled).filter(each => /\b(?:hash|press|key)\b/iu.test(each)),
    ).toEqual([]);
  });

  test('a text starts with its code, fits one segment and ends with the origin-bound line', () => {
    for (const purpose of ['sign-in', 'enrollment'] as const) {
      const text = codeText('123456', purpose, {
        language,
        client: 'Contoso Office',
        origin: 'https://login.contoso.example',
      });
      expect(text).toMatch(/^123456 .*Contoso Office[^]*\n\n@login\.contoso\.example #123456$/u);
    }
  });
});

describe('numbers', () => {
  const now = Date.UTC(2026, 10, 22, 13, 0);
  const wait = (language: string, seconds: number) =>
    asText(wording(language).frame.tryAgainAt(now, now + seconds * 1000));

  test.each([
    ['en', 'Try again in 1 second.', 'Try again in 2 seconds.', 'Try again after 13:02 UTC.'],
    [
      'de',
      'Versuchen Sie es in 1 Sekunde noch einmal.',
      'Versuchen Sie es in 2 Sekunden noch einmal.',
      'Wieder möglich ab 13:02 UTC.',
    ],
    ['fr', 'Réessayez dans 1 seconde.', 'Réessayez dans 2 secondes.', 'Réessayez après 13:02 UTC.'],
  ])('%s has forms for one second, several seconds and a time', (language, one, two, later) => {
    expect([wait(language, 1), wait(language, 2), wait(language, 120)]).toEqual([one, two, later]);
  });

  const [minute, day] = [60_000, 24 * hour];
  const spans = [minute, 45 * minute, hour, 90 * minute, 23 * hour, day, 36 * hour, 7 * day] as const;

  test.each([
    [
      'en',
      [
        'one minute',
        '45 minutes',
        'one hour',
        'one hour and 30 minutes',
        '23 hours',
        'one day',
        'one day and 12 hours',
        '7 days',
      ],
      'we stop calling you for',
      'we will not call you for',
    ],
    [
      'de',
      [
        'eine Minute',
        '45 Minuten',
        'eine Stunde',
        'eine Stunde und 30 Minuten',
        '23 Stunden',
        'einen Tag',
        'einen Tag und 12 Stunden',
        '7 Tage',
      ],
      'rufen wir Sie',
      'wir rufen Sie',
    ],
    [
      'fr',
      [
        'une minute',
        '45 minutes',
        'une heure',
        'une heure et 30 minutes',
        '23 heures',
        'un jour',
        'un jour et 12 heures',
        '7 jours',
      ],
      'nous ne vous appellerons plus pendant',
      'nous ne vous appellerons pas pendant',
    ],
  ])('%s says how long calls pause, on the page and on the phone', (language, worded, shown, heard) => {
    const { calls, phone } = wording(language);
    expect(spans.map(span => asText(calls.report(span)))).toEqual(
      worded.map(each => expect.stringContaining(`${shown} ${each}`)),
    );
    expect(spans.map(phone.denied)).toEqual(worded.map(each => expect.stringContaining(`${heard} ${each}`)));
  });

  test('a length of time has at most two units and is never rounded up', () => {
    const { calls } = wording('en');
    expect(asText(calls.report(2 * day - 1))).toContain(' for one day and 23 hours.');
    expect(asText(calls.report(day + minute))).toContain(' for one day and one minute.');
    expect(asText(calls.report(3 * hour - 1))).toContain(' for 2 hours and 59 minutes.');
  });

  test.each([
    ['en', '1 attempt left', '2 attempts left'],
    ['de', 'noch 1 Versuch.', 'noch 2 Versuche.'],
    ['fr', 'encore 1 essai.', 'encore 2 essais.'],
  ])('%s has forms for one attempt and several', (language, one, two) => {
    const counting = leavesOf(wording(language)).filter(([place]) => /^codes\..*\bwrong$/u.test(place));
    const sentences = counting.flatMap(([, value]) => (typeof value === 'string' ? [] : [value]));
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) {
      expect(asText(sentence(1))).toContain(one);
      expect(asText(sentence(2))).toContain(two);
    }
  });
});
