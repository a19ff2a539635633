/** Samples of the page of a code in every state, from an app, a text and a call, and of the page about a missing text. */
import type { CallEndReason } from '../../../src/end-reason.ts';
import * as pages from '../index.ts';
import type { CodePage, CodeSent, ResendPage } from '../step-props.ts';
import { now, step, sentTo, office, hostile, reached, endings, ended, type Sample } from './shared.ts';

const code = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `code/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, state, ...more }, words),
});
export const codes: readonly Sample[] = [
  code('open', { kind: 'open' }),
  code('open-only-method', { kind: 'open' }, { options: false }),
  code('remember', { kind: 'open' }, { remember: { lasts: 14 * 86_400_000 } }),
  code(
    'remember-wrong',
    { kind: 'wrong', attemptsLeft: 3 },
    { typed: '719 024', remember: { lasts: 86_400_000, isTicked: true } },
  ),
  code('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  code('wrong', { kind: 'wrong', attemptsLeft: 3 }, { typed: '719 024' }),
  code('wrong-last', { kind: 'wrong', attemptsLeft: 1 }, { typed: '719 024' }),
  code('wrong-wait', { kind: 'wrong', attemptsLeft: 2, until: now + 2000 }, { typed: '719 024' }),
  code('reused', { kind: 'reused', attemptsLeft: 4 }, { typed: '719024' }),
  code('wait', { kind: 'wait', until: now + 8000 }),
  code('too-soon', { kind: 'wait', until: now + 8000, tooSoon: true }, { typed: '719 024' }),
  code('wait-long', { kind: 'wait', until: now + 3_600_000 }),
  code('attempts', { kind: 'ended', reason: 'attempts', until: now + 3_600_000 }),
  code('attempts-soon', { kind: 'ended', reason: 'attempts', until: now + 8000 }, { options: false }),
  code('expired', { kind: 'ended', reason: 'expired' }),
  code('disabled', { kind: 'ended', reason: 'disabled' }),
  code('lost', { kind: 'ended', reason: 'lost' }),
];

const given = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `recovery/${name}`,
  draw: words =>
    pages.codePage({ ...step, length: 16, given: { as: 'recovery-codes', left: 6 }, state, ...more }, words),
});
export const recovery: readonly Sample[] = [
  given('open', { kind: 'open' }),
  given('open-last', { kind: 'open' }, { given: { as: 'recovery-codes', left: 1 } }),
  given('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  given('wrong', { kind: 'wrong', attemptsLeft: 3 }, { typed: '7K3M-Q2XA-9PTR-04BN' }),
  given('reused', { kind: 'reused', attemptsLeft: 4 }, { typed: '7K3M-Q2XA-9PTR-04BN' }),
  given('too-soon', { kind: 'wait', until: now + 8000, tooSoon: true }),
  given('attempts', { kind: 'ended', reason: 'attempts', until: now + 8000 }),
  given('expired', { kind: 'ended', reason: 'expired' }),
  given('disabled', { kind: 'ended', reason: 'disabled' }),
  given('lost', { kind: 'ended', reason: 'lost' }),
];

const pass = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `pass/${name}`,
  draw: words => pages.codePage({ ...step, length: 10, given: { as: 'temporary-access-pass' }, state, ...more }, words),
});
export const passes: readonly Sample[] = [
  pass('open', { kind: 'open' }),
  pass('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  pass('wrong', { kind: 'wrong', attemptsLeft: 3 }, { typed: 'K7QX2-M9P4T' }),
  pass('disabled', { kind: 'ended', reason: 'disabled' }),
  pass('lost', { kind: 'ended', reason: 'lost' }),
];

const text: CodeSent = {
  by: 'sms',
  to: sentTo,
  progress: 'delivered',
  callInstead: 'call:0197-call-1',
  again: { from: now + 22_000, left: 2 },
};
const texted = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `text/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, sent: text, state, ...more }, words),
});
const textEndings: readonly CallEndReason[] = [
  'expired',
  'attempts',
  'undeliverable',
  'slow',
  'carrier-busy',
  'number-refused',
  'opted-out',
  'send-limit',
  'send-ceiling',
  'lost',
  'disabled',
  'cancelled',
];
export const texts: readonly Sample[] = [
  texted('starting', { kind: 'open' }, { sent: { ...text, progress: 'starting' } }),
  texted('sent', { kind: 'open' }, { sent: { ...text, progress: 'sent' } }),
  texted('open', { kind: 'open' }),
  texted('remember', { kind: 'open' }, { remember: { lasts: 14 * 86_400_000 } }),
  texted('open-only-method', { kind: 'open' }, { options: false }),
  texted('undelivered-for-good', { kind: 'open' }, { sent: { ...text, progress: 'undelivered', because: 'no-texts' } }),
  texted('undelivered', { kind: 'open' }, { sent: { ...text, progress: 'undelivered' } }),
  texted('late', { kind: 'open' }, { sent: { ...text, progress: 'sent', again: { from: now, left: 3 } } }),
  texted(
    'undelivered-ready',
    { kind: 'open' },
    { sent: { ...text, progress: 'undelivered', again: { from: now, left: 2 } } },
  ),
  texted(
    'undelivered-only-method',
    { kind: 'open' },
    {
      options: false,
      sent: { by: 'sms', to: sentTo, progress: 'undelivered', again: { from: now + 22_000, left: 3 } },
    },
  ),
  texted(
    'undelivered-wrong',
    { kind: 'wrong', attemptsLeft: 4 },
    { sent: { ...text, progress: 'undelivered' }, typed: '719 024' },
  ),
  texted('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  texted('wrong', { kind: 'wrong', attemptsLeft: 4 }, { typed: '719 024' }),
  texted('reused', { kind: 'reused' }, { typed: '719024' }),
  texted('wait', { kind: 'wait', until: now + 8000 }),
  ...textEndings.map(reason => texted(reason, ended(reason))),
  texted('number-refused-only-method', ended('number-refused'), {
    options: false,
    sent: { by: 'sms', to: sentTo, progress: 'starting' },
  }),
];

const mail: CodeSent = {
  by: 'email',
  to: 'a•••@example.com',
  progress: 'sent',
  again: { from: now + 22_000, left: 2 },
};
const mailed = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `mail/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, sent: mail, state, ...more }, words),
});
const mailEndings: readonly CallEndReason[] = [
  'expired',
  'attempts',
  'undeliverable',
  'carrier-busy',
  'send-limit',
  'lost',
  'disabled',
  'cancelled',
];
export const mails: readonly Sample[] = [
  mailed('open', { kind: 'open' }),
  mailed('open-only-method', { kind: 'open' }, { options: false }),
  mailed('late', { kind: 'open' }, { sent: { ...mail, again: { from: now, left: 3 } } }),
  mailed('malformed', { kind: 'malformed' }, { typed: '4729' }),
  mailed('wrong', { kind: 'wrong', attemptsLeft: 4 }, { typed: '719 024' }),
  mailed('wait', { kind: 'wait', until: now + 8000 }),
  ...mailEndings.map(reason => mailed(reason, ended(reason))),
  {
    name: 'mail/resend',
    draw: words => pages.resendPage({ ...step, sent: { ...mail, again: { from: now, left: 2 } } }, words),
  },
];

const call: CodeSent = { by: 'call', to: sentTo, progress: 'ringing' };
const dictated = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `spoken/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, sent: call, state, ...more }, words),
});
export const dictations: readonly Sample[] = [
  dictated('starting', { kind: 'open' }, { sent: { ...call, progress: 'starting' } }),
  dictated('ringing', { kind: 'open' }),
  dictated('ringing-only-method', { kind: 'open' }, { options: false }),
  dictated('remember', { kind: 'open' }, { remember: { lasts: 14 * 86_400_000 } }),
  dictated('answered', { kind: 'open' }, { sent: { ...call, progress: 'answered' } }),
  dictated('extension', { kind: 'open' }, { sent: { ...call, to: office, progress: 'answered', extension: '421' } }),
  dictated('over', { kind: 'open' }, { sent: { ...call, progress: 'over' } }),
  dictated('malformed', { kind: 'malformed' }, { typed: '4729' }),
  dictated('wrong', { kind: 'wrong', attemptsLeft: 4 }, { typed: '719 024', sent: { ...call, progress: 'answered' } }),
  dictated('reused', { kind: 'reused' }, { typed: '719024' }),
  dictated('wait', { kind: 'wait', until: now + 8000 }),
  ...endings.map(reason =>
    dictated(reason, ended(reason), { sent: { ...call, progress: reached[reason] ?? 'starting' } }),
  ),
];

const resend = (name: string, more: Partial<CodeSent>, rest: Partial<ResendPage> = {}): Sample => ({
  name: `resend/${name}`,
  draw: words => pages.resendPage({ ...step, sent: { ...text, ...more }, ...rest }, words),
});
export const resends: readonly Sample[] = [
  resend('now', { again: { from: now, left: 2 } }),
  resend('wait', {}),
  resend('wait-long', { again: { from: now + 600_000, left: 1 } }),
  resend('no-more', { again: { from: now, left: 0 } }),
  resend('undeliverable', { again: { from: now, left: 2 } }, { refused: 'undeliverable' }),
  resend('undeliverable-wait', {}, { refused: 'carrier-busy' }),
  resend('send-limit', { again: { from: now, left: 2 } }, { refused: 'send-limit' }),
  {
    name: 'resend/only-method',
    draw: words =>
      pages.resendPage(
        { ...step, options: false, sent: { by: 'sms', to: sentTo, progress: 'sent', again: { from: now, left: 2 } } },
        words,
      ),
  },
];
