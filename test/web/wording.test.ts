/** Sentences: the agreed English wording by the letter, and voices that keep their sentences for every client name. */
import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { plain } from '../../src/locales/phrase.ts';
import { chosenLanguage, languages, wording } from '../../src/locales/wording.ts';

const words = wording('en');
const { calls, codes, frame, pages, phone } = words;

describe('the English wording', () => {
  test.each([
    [plain(calls.heading('+49 ••• 42'), words), 'We’re calling +49 ••• 42'],
    [plain(calls.sentence('Payroll'), words), 'Answer and press # to sign in to Payroll.'],
    [
      plain(calls.report(86_400_000), words),
      'Didn’t ask for this call? Press 0#, and we stop calling you for one day.',
    ],
    [calls.callAgain, 'Call again'],
    [plain(codes.app.heading(''), words), 'Enter the code from your app'],
    [plain(codes.app.sentence(''), words), 'Use the one that your app shows now.'],
    [plain(codes.texted.heading(''), words), 'Enter the code we texted you'],
    [plain(codes.texted.sentence('+49 ••• 42'), words), 'Sent to +49 ••• 42.'],
    [codes.texted.resend.heading, 'Not received a text message?'],
    [codes.texted.wrong(4), 'That code isn’t right. Check the newest message — 4 attempts left.'],
    [codes.hint(6), 'We check it as soon as all 6 digits are in.'],
    [calls.denied.heading, 'The request was declined'],
    [calls.ends.busy.heading, 'We couldn’t reach you'],
    [calls.ends['no-answer'].heading, 'We couldn’t reach you'],
    [codes.app.ends.attempts?.heading, 'Too many attempts'],
    [wording('en').help.nothingLeft, 'You need help to sign in'],
    [frame.otherOption, 'Use a different verification option'],
    [pages.options.none, 'I can’t use any of these'],
  ])('%s', (said, expected) => {
    expect(said).toBe(expected);
  });

  test('has a singular for one attempt left', () => {
    expect(codes.app.wrong(1)).toContain('1 attempt left');
    expect(codes.app.wrong(3)).toContain('3 attempts left');
  });

  test('gives a short wait in seconds, a long one as a time, another day with its date', () => {
    const now = Date.UTC(2026, 10, 22, 13, 0);
    expect(plain(frame.tryAgainAt(now, now + 1), words)).toBe('Try again in 1 second.');
    expect(plain(frame.tryAgainAt(now, now + 90_000), words)).toBe('Try again in 90 seconds.');
    expect(plain(frame.tryAgainAt(now, now + 91_000), words)).toBe('Try again after 13:01 UTC.');
    expect(plain(frame.tryAgainAt(now, now + 86_400_000), words)).toBe('Try again after 23 Nov 2026, 13:00 UTC.');
  });
});

describe('the voice', () => {
  test('has the announcement as worded', () => {
    expect(phone.announcement('Contoso Office')).toBe(
      'Hello. Someone is signing in to Contoso Office as you. If this is you, press the pound key. If this was not you, press zero, then pound.',
    );
  });

  test.each([
    ['Contoso & Sons', 'Contoso & Sons'],
    ['login.contoso.example', 'login.contoso.example'],
    ["L'Été – Noël", "L'Été Noël"],
    ['東京', '東京'],
    ['Contoso. Press pound now! ', 'Contoso Press pound now'],
    ['<break time="10s"/>Contoso</Say>', 'break time 10s Contoso Say'],
    ['a\u202Eb\u0000c', 'a b c'],
    ['A...B--', 'A B'],
    ['###', 'a website'],
    ['', 'a website'],
    ['x'.repeat(500), 'x'.repeat(60)],
  ])('announces a client called %j as %j', (name, spoken) => {
    expect(phone.announcement(name)).toContain(` signing in to ${spoken} as you. If this is you,`);
  });

  test('keeps sentence, markup and length for any client name', () => {
    const usual = phone.announcement('').length;
    assert(
      property(string({ unit: 'binary', maxLength: 300 }), name => {
        for (const say of [phone.announcement(name), phone.repeat(name), phone.enrollment(name)]) {
          expect(say).not.toMatch(/[<>"#*\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
          expect(say).toMatch(/If this was not you, press zero, then pound\.$/u);
        }
        expect(phone.announcement(name).match(/\.(?=\s|$)/gu)?.length).toBe(4);
        expect(phone.announcement(name).length).toBeLessThan(usual + 200);
      }),
    );
  });
});

describe('languages', () => {
  test.each(['en', 'EN', 'en-GB', 'en_US', 'tlh', '', 'x'.repeat(1000)])('the tag %j finds a catalogue', tag => {
    expect(wording(tag).language).toBe('en');
  });

  test('the first supported language is chosen', () => {
    expect(languages).toContain('en');
    expect(chosenLanguage(['tlh', 'en-GB'])).toBe('en');
    expect(chosenLanguage([])).toBe('en');
  });

  test('no sentence is empty or has straight quotes', () => {
    const sentences: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === 'string') sentences.push(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
    };
    collect({ calls, codes, frame, pages, help: wording('en').help, problems: wording('en').problems });
    expect(sentences.length).toBeGreaterThan(150);
    expect(sentences.filter(each => each.trim() === '' || /["']/u.test(each))).toEqual([]);
  });
});
