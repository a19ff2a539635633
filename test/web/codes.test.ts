/** What the pages of a code offer: of an app, in a text, dictated by a call, and where a text does not come. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CallEndReason } from '../../src/end-reason.ts';
import { wording } from '../../src/locales/wording.ts';
import { codePage, resendPage } from '../../web/pages/index.ts';
import { languagePath, linksOf } from '../../web/pages/links.ts';
import { outcomeCodes } from '../../web/pages/outcome-codes.ts';
import type { CodePage, CodeSent, ResendPage, StepFrame } from '../../web/pages/step-props.ts';
import { codeEvent } from '../../web/pages/waiting.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const links = linksOf(uid);
const step: StepFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada', options: true };
const text: CodeSent = {
  by: 'sms',
  to: '+49 ••• 42',
  progress: 'sent',
  callInstead: 'call:id-1',
  again: { from: now + 22_000, left: 2 },
};
const dictation: CodeSent = { by: 'call', to: '+49 ••• 42', progress: 'ringing' };

const code = (state: CodePage['state'], more: Partial<CodePage> = {}): string =>
  codePage({ ...step, length: 6, state, ...more }, words).text;
const resend = (more: Partial<CodeSent>, rest: Partial<ResendPage> = {}): string =>
  resendPage({ ...step, sent: { ...text, ...more }, ...rest }, words).text;
/** Where the forms of the sign-in lead; the choice of language stands on every page. */
const actions = (page: string): readonly string[] =>
  [...page.matchAll(/<form[^>]* action="([^"]*)"/gu)].map(([, to = '']) => to).filter(to => to !== languagePath);

describe('stable codes', () => {
  const explained = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const asking = ['malformed', 'wrong', 'wait', 'reused'] as const;

  test.each(['app', 'texted', 'dictated'] as const)('each code of the page of a code (%s) is explained', kind => {
    const ends = Object.keys(words.codes[kind].ends) as readonly CallEndReason[];
    const labels = [...ends, ...asking].map(reason => outcomeCodes.code(kind, reason));
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.filter(label => !explained.includes(label))).toEqual([]);
  });

  test('each code of the page of a call is explained', () => {
    const labels = (Object.keys(words.calls.ends) as readonly CallEndReason[]).map(outcomeCodes.call);
    expect(labels.filter(label => !explained.includes(label))).toEqual([]);
  });
});

describe('the code page', () => {
  test('asks for digits in one field with numeric keyboard and autocomplete', () => {
    const page = code({ kind: 'open' });
    expect(page).toContain(
      'type="text" name="code" inputmode="numeric" autocomplete="one-time-code" enterkeyhint="done" dir="ltr"',
    );
    expect(page).not.toContain('maxlength');
    expect(page).not.toContain('aria-invalid');
  });

  test('keeps a wrong code and reports it before the field', () => {
    const page = code({ kind: 'wrong', attemptsLeft: 3 }, { typed: '719 "024' });
    expect(page).toContain('value="719 &quot;024"');
    expect(page.indexOf('3 attempts left')).toBeLessThan(page.indexOf('<input class="code"'));
    expect(page).toContain('aria-describedby="hint wrong" aria-invalid="true"');
    expect(page).toMatch(/<title>Error: /u);
  });

  test('a sign-in that begins during a wait shows no error', () => {
    const page = code({ kind: 'wait', until: now + 8000 });
    expect(page).toContain('There were several wrong codes. Try again in ');
    expect(page).toContain('aria-describedby="hint wait"');
    expect(page).not.toMatch(/<title>Error|role="alert"|aria-invalid|IDP-2202|autofocus=""/u);
    expect(page).toContain('class="button later"');
  });

  test('a code that came too soon is an error that says it was not checked', () => {
    const page = code({ kind: 'wait', until: now + 8000, tooSoon: true }, { typed: '719 024' });
    expect(page).toContain('That was too soon after a wrong code, so it was not checked. Try again in ');
    expect(page).toMatch(/<title>Error: /u);
    expect(page).toMatch(/class="wrong" id="wait" role="alert"/u);
    expect(page).toContain('IDP-2202');
  });

  test('does not ask for a disabled factor again', () => {
    const page = code({ kind: 'ended', reason: 'disabled' });
    expect(actions(page)).toEqual([links.restart]);
    expect(page).toContain('IDP-2204');
  });
});

describe('the page of a texted code', () => {
  test('shows the number, the status and the link for a missing text', () => {
    const page = code({ kind: 'open' }, { sent: text });
    expect(page).toContain('Enter the code we texted you');
    expect(page).toContain(
      'Sent to <bdi dir="ltr">+49 ••• 42</bdi>. </span><span class="scripted">We check it as soon as all 6 digits are in.</span>',
    );
    expect(page).toContain('>Text sent<');
    expect(page).toContain(`href="${links.resend}">Not received a text message?`);
    expect(page).toMatch(/src="\/assets\/otp-/u);
  });

  test('after a wrong code points to the newest message', () => {
    const page = code({ kind: 'wrong', attemptsLeft: 4 }, { sent: text });
    expect(page).toContain('That code isn’t right. Check the newest message — 4 attempts left.');
    expect(page).toContain('IDP-2401 wrong code');
  });

  test('an undelivered text has its ways out first, and the field for a late text last', () => {
    const page = code({ kind: 'open' }, { sent: { ...text, progress: 'undelivered' } });
    expect(page).toMatch(/<title>Error: We couldn’t text you · /u);
    expect(page).toContain('<h1 tabindex="-1" autofocus="">We couldn’t text you</h1>');
    expect(page).not.toMatch(/<input class="code"[^>]*autofocus/u);
    const order = [
      'class="button primary" type="submit" name="method"',
      'Text it again',
      'arrive after all?',
      '<input class="code"',
    ];
    expect(order.map(part => page.indexOf(part)).toSorted((a, b) => a - b)).toEqual(
      order.map(part => page.indexOf(part)),
    );
    expect(page).toMatch(/class="button later"[^>]*>Text it again/u);
    expect(page).toContain('IDP-2406 not delivered');
  });

  test('an undelivered text of a person without calls is texted again', () => {
    const page = code(
      { kind: 'open' },
      { sent: { by: 'sms', to: '+49 ••• 42', progress: 'undelivered', again: { from: now, left: 2 } } },
    );
    expect(page).toContain('<button class="button primary" type="submit">Text it again');
    expect(page).toContain('class="button secondary" type="submit">Continue');
  });

  test('a code that was typed wrong keeps its error and the focus, though the text did not arrive', () => {
    const page = code({ kind: 'wrong', attemptsLeft: 4 }, { sent: { ...text, progress: 'undelivered' }, typed: '1' });
    expect(page.indexOf('The text did not arrive')).toBeLessThan(page.indexOf('<input class="code"'));
    expect(page).toMatch(/<input class="code"[^>]*autofocus/u);
  });

  test('a text that is late offers another one', () => {
    const late = { ...text, again: { from: now, left: 2 } };
    expect(code({ kind: 'open' }, { sent: late })).toContain('Not here yet? Ask for another text below');
    expect(code({ kind: 'open' }, { sent: { ...late, progress: 'delivered' } })).toContain('>Text delivered<');
    expect(code({ kind: 'open' }, { sent: text })).toMatch(/data-late="Not here yet[^"]*" data-late-after="22000"/u);
  });

  test.each<CallEndReason>(['expired', 'attempts', 'undeliverable', 'slow', 'carrier-busy', 'lost', 'cancelled'])(
    'after %s has a button for a new text and a link to other options',
    reason => {
      const page = code({ kind: 'ended', reason }, { sent: text });
      expect(page).toMatch(new RegExp(`action="${links.again}">.{0,80}Text me a new code`, 'u'));
      expect(page).toContain(`href="${links.options}"`);
      expect(page).toContain(outcomeCodes.code('texted', reason));
      expect(page).toContain('7K3M-Q2XA');
    },
  );

  test.each(['en', 'de', 'fr'])(
    'after STOP says to text START, which lifts it, and offers other options (%s)',
    language => {
      const state = { kind: 'ended', reason: 'opted-out' } as const;
      const page = codePage({ ...step, length: 6, sent: text, state }, wording(language)).text;
      expect(page).toContain('START');
      expect(page).toContain(outcomeCodes.code('texted', 'opted-out'));
      expect(page).toContain(`href="${links.options}"`);
    },
  );

  test.each<CallEndReason>(['number-refused', 'disabled'])(
    'after %s offers a call instead of a text that would be refused',
    reason => {
      const page = code({ kind: 'ended', reason }, { sent: text });
      expect(actions(page)).not.toContain(links.again);
      expect(page).toContain('name="method" value="call:id-1">Call me instead');
      const { callInstead: _, ...alone } = text;
      expect(actions(code({ kind: 'ended', reason }, { sent: alone }))).toEqual([links.restart]);
    },
  );

  test.each<CallEndReason>(['send-limit', 'send-ceiling'])(
    'after %s tells until when, and offers a text then',
    reason => {
      const page = code({ kind: 'ended', reason, until: now + 600_000 }, { sent: text });
      expect(page).toContain('data-wait="600000"');
      expect(page).toContain('class="button later" type="submit" aria-describedby="wait"');
      expect(page).toContain('>13:42 UTC<');
      expect(code({ kind: 'ended', reason, until: now }, { sent: text })).toContain('class="button primary"');
    },
  );
});

describe('the page of a dictated code', () => {
  test('says which key to press and shows the progress of the call', () => {
    const page = code({ kind: 'open' }, { sent: dictation });
    expect(page).toContain('Answer, press <b>#</b> and type the code you hear.');
    expect(page).toContain('Your phone is ringing');
    expect(page).toContain(`data-waiting="${links.events}"`);
    expect(page).not.toMatch(/src="\/assets\/otp-/u);
    expect(page).not.toContain(links.resend);
    expect(code({ kind: 'open' }, { sent: { ...dictation, extension: '421' } })).toContain(
      'extension <bdi dir="ltr">421',
    );
  });

  test.each<CallEndReason>([
    'busy',
    'no-answer',
    'unreachable',
    'machine',
    'elsewhere',
    'hung-up',
    'expired',
    'attempts',
    'lost',
  ])('after %s shows failed progress and a button for another call', reason => {
    const page = code({ kind: 'ended', reason }, { sent: dictation });
    expect(page).toContain('data-state="failed"');
    expect(page).toMatch(new RegExp(`action="${links.again}">.{0,80}Call again`, 'u'));
    expect(page).toContain(outcomeCodes.code('dictated', reason));
  });

  test('after "this was not me" offers no call and says until when', () => {
    const page = code({ kind: 'ended', reason: 'paused', until: now + 86_400_000 }, { sent: dictation });
    expect(actions(page)).not.toContain(links.again);
    expect(page).toContain('23 Nov 2026, 13:32 UTC');
    expect(page).toContain('IDP-2520');
  });
});

describe('the page of a dictated code', () => {
  test.each([
    ['ringing', false],
    ['answered', true],
    ['over', true],
  ] as const)('while the call is %s the focus is in the field: %s', (progress, isFocused) => {
    const page = code({ kind: 'open' }, { sent: { ...dictation, progress } });
    expect(/<input class="code"[^>]*autofocus/u.test(page)).toBe(isFocused);
  });

  test('does not ask for the call to be answered once it is over', () => {
    const page = code({ kind: 'open' }, { sent: { ...dictation, progress: 'over' } });
    expect(page).toContain('<title>Enter the code you heard · ');
    expect(page).not.toContain('Answer, press');
  });
});

describe('the event of a code', () => {
  test.each([
    text,
    dictation,
    { ...dictation, progress: 'answered' } as const,
    { ...text, progress: 'delivered' } as const,
  ])('has the status of the page: $by $progress', sent => {
    const event = codeEvent({ state: { kind: 'open' }, sent, now }, words);
    expect(event.phase).toBe('pending');
    expect(code({ kind: 'open' }, { sent })).toContain(`<span data-status="">${event.status}</span>`);
  });

  test('says of a call that it has ended only where a call dictates the code', () => {
    const ended = { kind: 'ended', reason: 'expired' } as const;
    expect(codeEvent({ state: ended, sent: text, now }, words).status).toBe('');
    expect(codeEvent({ state: ended, sent: dictation, now }, words).status).toBe('The call has ended');
  });

  test('makes the page reload at an end, and has a new version for new progress only', () => {
    expect(codeEvent({ state: { kind: 'ended', reason: 'busy' }, sent: dictation, now }, words).phase).toBe('over');
    expect(codeEvent({ state: { kind: 'open' }, now }, words).phase).toBe('over');
    const { version } = codeEvent({ state: { kind: 'open' }, sent: text, now }, words);
    expect(codeEvent({ state: { kind: 'open' }, sent: text, now: now + 1 }, words).version).toBe(version);
    expect(
      codeEvent({ state: { kind: 'open' }, sent: { ...text, progress: 'delivered' }, now }, words).version,
    ).not.toBe(version);
  });
});

describe('"Not received a text message?"', () => {
  test('offers another text, a call, other options and a way back', () => {
    const now1 = resend({ again: { from: now, left: 1 } });
    expect(actions(now1)).toEqual(expect.arrayContaining([links.resend, links.options]));
    expect(now1).toContain('class="button primary" type="submit">Text it again');
    expect(now1).toContain('name="method" value="call:id-1">Call me instead');
    expect(now1).toContain(`href="${links.options}"`);
    expect(now1).toContain(`href="${links.here}"`);
  });

  test('shows the remaining time on the button', () => {
    const early = resend({});
    expect(early).toContain('>22 seconds</b><noscript> (13:32:29 UTC)</noscript>');
    expect(early).toMatch(/id="wait"[^>]*data-wait="22000"/u);
    expect(early).toMatch(/class="button later"[^>]*data-after="wait"/u);
    expect(early).not.toContain('class="button primary"');
  });

  test('offers no text that would be refused', () => {
    expect(actions(resend({ again: { from: now, left: 0 } }))).not.toContain(links.resend);
    expect(actions(resend({ again: { from: now, left: 1 } }, { refused: 'send-limit' }))).not.toContain(links.resend);
    expect(actions(resend({ again: { from: now, left: 1 } }, { refused: 'undeliverable' }))).toContain(links.resend);
  });

  test('offers no call after the send limit, which calls share', () => {
    const [early, spent] = [resend({}), resend({}, { refused: 'send-limit' })];
    expect(early).toContain('Call me instead');
    expect(spent).not.toContain('Call me instead');
  });

  test('shows both a refusal and the remaining time', () => {
    const both = resend({}, { refused: 'carrier-busy' });
    expect(both).toContain('IDP-2413');
    expect(both).toContain('>22 seconds</b>');
  });

  test('shows a refusal with its code, and that the first text is still valid', () => {
    const refused = resend({ again: { from: now, left: 1 } }, { refused: 'undeliverable' });
    expect(refused).toContain('The code in the first text still works.');
    expect(refused).toContain('IDP-2411 texts unavailable');
  });
});
