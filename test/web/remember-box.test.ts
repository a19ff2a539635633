/** The box "Don't ask again in this browser": where it stands, what its form sends, and what it says. */
import { describe, expect, test } from '@jest/globals';
import { wording } from '../../src/locales/wording.ts';
import { callPage, codePage } from '../../web/pages/index.ts';
import { linksOf } from '../../web/pages/links.ts';
import type { CallPage, CodePage, StepFrame } from '../../web/pages/step-props.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const step: StepFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada', options: true };
const day = 86_400_000;

const code = (more: Partial<CodePage> = {}): string =>
  codePage({ ...step, length: 6, state: { kind: 'open' }, ...more }, words).text;
const ringing = { kind: 'calling', progress: 'ringing', begunAt: now, until: now + 60_000 } as const;
const call = (more: Partial<CallPage> = {}): string =>
  callPage({ ...step, sentTo: '+49 ••• 42', pause: day, state: ringing, ...more }, words).text;

/** The form that ends the second step. */
const formIn = (page: string): string =>
  new RegExp(`<form method="post" action="${linksOf(uid).factor}"[^>]*>.*?</form>`, 'su').exec(page)?.[0] ?? '';
const box = '<input type="checkbox" name="remember" value="yes"';

describe('the box to be remembered', () => {
  test.each([
    ['a code', code],
    ['a call', call],
    ['a call that was answered', (more: Partial<CallPage>) => call({ ...more, state: { kind: 'passed' } })],
  ] as const)('is in the form of %s, unticked, only where this browser can be remembered', (_page, draw) => {
    const form = formIn(draw({ remember: { lasts: 14 * day } }));
    expect(form).toContain(`${box} aria-describedby="remember-note">`);
    expect(form).toContain('Don’t ask again in this browser for 14 days');
    expect(form).toContain('<p class="note" id="remember-note">');
    expect(draw({})).not.toContain(box);
  });

  test('stays as it was in a form that was refused', () => {
    const wrong = { kind: 'wrong', attemptsLeft: 3 } as const;
    expect(code({ state: wrong, remember: { lasts: day, isTicked: true } })).toContain(`${box} checked=""`);
    expect(code({ state: wrong, remember: { lasts: day, isTicked: false } })).not.toContain('checked');
  });

  test('is not on a page that is loaded again without script, nor seen on one that script leaves at once', () => {
    const remember = { lasts: day };
    expect(formIn(call({ remember }))).toMatch(/<div class="remember scripted">/u);
    expect(formIn(call({ remember, state: { kind: 'passed' } }))).toMatch(/<noscript><div class="remember">/u);
  });

  test('a page with the box promises no check before the button is pressed', () => {
    expect(code()).toContain(words.codes.hint(6));
    expect(code({ remember: { lasts: day } })).not.toContain(words.codes.hint(6));
  });
});
