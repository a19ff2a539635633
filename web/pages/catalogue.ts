/** Every page in every state, with sample props: screenshots, axe and html-validate run over this list, so a new state joins by a line here. */
import type { Words } from '../../src/wording.ts';
import type { Html } from '../html.ts';
import * as pages from './index.ts';
import type {
  CallPage,
  CallProgress,
  CodePage,
  CodeSent,
  Ended,
  ErrorPage,
  Frame,
  HelpPage,
  Option,
  ResendPage,
  Step,
} from './props.ts';

export interface Sample {
  /** `call/ringing`: the page, then its state. */
  readonly name: string;
  readonly draw: (words: Words) => Html;
}

const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const client = { name: 'Contoso Office', uri: 'http://127.0.0.1:3002/' };
const reference = '7K3MQ2XA';
const frame: Frame = { uid: 'V1StGXR8Z5jdHi6B', client, reference, now };
const step: Step = { ...frame, account: 'ada@contoso.example', options: true };
const sentTo = '+49 ••• 42';
const office = '+49 ••• 00 x421';
const callsFrom = '+49 30 23125 000';
const hostile = '<script>alert(1)</script> "Ünï & \u202Ecod\u2066e" '.repeat(3);

const call = (name: string, state: CallPage['state'], more: Partial<CallPage> = {}): Sample => ({
  name: `call/${name}`,
  draw: words => pages.callPage({ ...step, sentTo, state, ...more }, words),
});
const calling = (progress: CallProgress, left: number): CallPage['state'] => ({
  kind: 'calling',
  progress,
  begunAt: now - 60_000 + left * 1000,
  until: now + left * 1000,
});

const reached: Partial<Readonly<Record<Ended, CallProgress>>> = {
  'hung-up': 'answered',
  machine: 'answered',
  silence: 'answered',
  tries: 'answered',
  'no-answer': 'ringing',
  expired: 'ringing',
  cancelled: 'ringing',
  busy: 'dialled',
};
const endings: readonly Ended[] = [
  'busy',
  'no-answer',
  'unreachable',
  'machine',
  'undeliverable',
  'slow',
  'carrier-busy',
  'number-refused',
  'hung-up',
  'silence',
  'tries',
  'expired',
  'cancelled',
  'budget',
  'elsewhere',
  'paused',
  'lost',
  'disabled',
];
const soon: Partial<Readonly<Record<Ended, number>>> = {
  budget: now + 2_700_000,
  elsewhere: now + 40_000,
  paused: now + 86_000_000,
};
const ended = (why: Ended): Extract<CallPage['state'], { readonly kind: 'ended' }> => {
  const until = soon[why];
  return { kind: 'ended', why, progress: reached[why] ?? 'starting', ...(until !== undefined && { until }) };
};

const calls: readonly Sample[] = [
  call('starting', calling('starting', 60)),
  call('dialled', calling('dialled', 57)),
  call('ringing', calling('ringing', 48)),
  call('answered', calling('answered', 31)),
  call('ringing-only-method', calling('ringing', 48), { options: false }),
  call('hostile', calling('ringing', 48), { client: { name: hostile }, account: hostile }),
  call('number', calling('ringing', 48), { show: '472913' }),
  call('number-starting', calling('starting', 60), { show: '472913' }),
  call('number-answered', calling('answered', 31), { show: '472913' }),
  call('extension', calling('ringing', 48), { sentTo: office, extension: '421' }),
  call('extension-answered', calling('answered', 94), { sentTo: office, extension: '421' }),
  call('extension-number', calling('answered', 94), { sentTo: office, extension: '421', show: '472913' }),
  call('passed', { kind: 'passed' }),
  call('denied', { kind: 'denied', until: now + 86_400_000 }),
  call('denied-only-method', { kind: 'denied', until: now + 86_400_000 }, { options: false }),
  call('paused-works', ended('paused'), { works: ['totp', 'sms'] }),
  call('paused-only-method', ended('paused'), { options: false }),
  ...endings.map(why => call(why, ended(why), why === 'busy' || why === 'no-answer' ? { callsFrom } : {})),
];

const code = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `code/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, state, ...more }, words),
});
const codes: readonly Sample[] = [
  code('open', { kind: 'open' }),
  code('open-only-method', { kind: 'open' }, { options: false }),
  code('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  code('wrong', { kind: 'wrong', triesLeft: 3 }, { typed: '719 024' }),
  code('wrong-last', { kind: 'wrong', triesLeft: 1 }, { typed: '719 024' }),
  code('reused', { kind: 'reused', triesLeft: 4 }, { typed: '719024' }),
  code('wait', { kind: 'wait', until: now + 8000 }),
  code('wait-long', { kind: 'wait', until: now + 3_600_000 }),
  code('tries', { kind: 'ended', why: 'tries', until: now + 3_600_000 }),
  code('tries-soon', { kind: 'ended', why: 'tries', until: now + 8000 }, { options: false }),
  code('expired', { kind: 'ended', why: 'expired' }),
  code('disabled', { kind: 'ended', why: 'disabled' }),
  code('lost', { kind: 'ended', why: 'lost' }),
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
const textEndings: readonly Ended[] = [
  'expired',
  'tries',
  'undeliverable',
  'slow',
  'carrier-busy',
  'number-refused',
  'budget',
  'lost',
  'disabled',
  'cancelled',
];
const texts: readonly Sample[] = [
  texted('starting', { kind: 'open' }, { sent: { ...text, progress: 'starting' } }),
  texted('sent', { kind: 'open' }, { sent: { ...text, progress: 'sent' } }),
  texted('open', { kind: 'open' }),
  texted('open-only-method', { kind: 'open' }, { options: false }),
  texted('undelivered', { kind: 'open' }, { sent: { ...text, progress: 'undelivered' } }),
  texted(
    'undelivered-wrong',
    { kind: 'wrong', triesLeft: 4 },
    { sent: { ...text, progress: 'undelivered' }, typed: '719 024' },
  ),
  texted('malformed', { kind: 'malformed' }, { typed: hostile.slice(0, 30) }),
  texted('wrong', { kind: 'wrong', triesLeft: 4 }, { typed: '719 024' }),
  texted('reused', { kind: 'reused' }, { typed: '719024' }),
  texted('wait', { kind: 'wait', until: now + 8000 }),
  ...textEndings.map(why => texted(why, ended(why))),
  texted('number-refused-only-method', ended('number-refused'), {
    options: false,
    sent: { by: 'sms', to: sentTo, progress: 'starting' },
  }),
];

const call1: CodeSent = { by: 'call', to: sentTo, progress: 'ringing' };
const dictated = (name: string, state: CodePage['state'], more: Partial<CodePage> = {}): Sample => ({
  name: `spoken/${name}`,
  draw: words => pages.codePage({ ...step, length: 6, sent: call1, state, ...more }, words),
});
const dictations: readonly Sample[] = [
  dictated('starting', { kind: 'open' }, { sent: { ...call1, progress: 'starting' } }),
  dictated('ringing', { kind: 'open' }),
  dictated('ringing-only-method', { kind: 'open' }, { options: false }),
  dictated('answered', { kind: 'open' }, { sent: { ...call1, progress: 'answered' } }),
  dictated('extension', { kind: 'open' }, { sent: { ...call1, to: office, progress: 'answered', extension: '421' } }),
  dictated('malformed', { kind: 'malformed' }, { typed: '4729' }),
  dictated('wrong', { kind: 'wrong', triesLeft: 4 }, { typed: '719 024', sent: { ...call1, progress: 'answered' } }),
  dictated('reused', { kind: 'reused' }, { typed: '719024' }),
  dictated('wait', { kind: 'wait', until: now + 8000 }),
  ...endings.map(why => dictated(why, ended(why), { sent: { ...call1, progress: reached[why] ?? 'starting' } })),
];

const resend = (name: string, more: Partial<CodeSent>, rest: Partial<ResendPage> = {}): Sample => ({
  name: `resend/${name}`,
  draw: words => pages.resendPage({ ...step, sent: { ...text, ...more }, ...rest }, words),
});
const resends: readonly Sample[] = [
  resend('now', { again: { from: now, left: 2 } }),
  resend('wait', {}),
  resend('wait-long', { again: { from: now + 600_000, left: 1 } }),
  resend('no-more', { again: { from: now, left: 0 } }),
  resend('undeliverable', { again: { from: now, left: 2 } }, { refused: 'undeliverable' }),
  resend('budget', { again: { from: now, left: 2 } }, { refused: 'budget' }),
  {
    name: 'resend/only-method',
    draw: words =>
      pages.resendPage(
        { ...step, options: false, sent: { by: 'sms', to: sentTo, progress: 'sent', again: { from: now, left: 2 } } },
        words,
      ),
  },
];

const password = (name: string, more: Partial<Parameters<typeof pages.passwordPage>[0]> = {}): Sample => ({
  name: `sign-in/${name}`,
  draw: words => pages.passwordPage({ ...frame, ...more }, words),
});
const ada = step.account;
const passwords: readonly Sample[] = [
  password('empty'),
  password('named', { name: ada }),
  password('refused', { name: ada, state: { kind: 'refused' } }),
  password('incomplete', { name: ada, state: { kind: 'incomplete' } }),
  password('wait', { name: ada, state: { kind: 'wait', until: now + 30_000 } }),
  password('hostile', { name: hostile, client: { name: hostile }, state: { kind: 'refused' } }),
];

const rows: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'Authenticator app', isDefault: true },
  { method: '0197-call-1', type: 'call', label: 'Phone', target: sentTo, isLastUsed: true, now: 'over' },
];
const resting: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'app', restsUntil: now + 8000, restsFor: 'tries' },
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, now: 'waiting' },
  { method: 'call:1', type: 'call', label: 'mobile', target: sentTo, restsUntil: now + 86_000_000, restsFor: 'paused' },
  { method: 'call:2', type: 'call', label: 'office', target: office, restsUntil: now + 86_000_000 },
];
const several: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'app', isDefault: true },
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, isLastUsed: true, now: 'over' },
  { method: 'sms:2', type: 'sms', label: 'alternate', target: '+1 ••• 07' },
  { method: 'spoken:1', type: 'spoken', label: 'mobile', target: sentTo },
  { method: 'call:1', type: 'call', label: 'mobile', target: sentTo },
  { method: 'call:2', type: 'call', label: 'alternate', target: '+1 ••• 07' },
  { method: 'call:3', type: 'call', label: 'office', target: office },
];
const two: readonly Option[] = [
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, isDefault: true },
  { method: 'spoken:1', type: 'spoken', label: 'mobile', target: sentTo, now: 'over', isLastUsed: true },
];
const help = (name: string, more: Partial<HelpPage>): Sample => ({
  name: `help/${name}`,
  draw: words => pages.helpPage({ ...frame, options: true, nothingLeft: false, ...more }, words),
});
const choices: readonly Sample[] = [
  { name: 'options/over', draw: words => pages.optionsPage({ ...step, rows }, words) },
  { name: 'options/resting', draw: words => pages.optionsPage({ ...step, rows: resting }, words) },
  { name: 'options/several', draw: words => pages.optionsPage({ ...step, rows: several }, words) },
  { name: 'options/two', draw: words => pages.optionsPage({ ...step, rows: two }, words) },
  help('first-door', {}),
  help('second-door', { account: ada }),
  help('nothing-left', { account: ada, nothingLeft: true, support: 'Call extension 4711, weekdays from 8 to 18.' }),
  {
    name: 'step-up/call',
    draw: words => pages.stepUpPage({ ...step, why: 'new-method', method: { type: 'call', target: sentTo } }, words),
  },
  {
    name: 'step-up/totp',
    draw: words => pages.stepUpPage({ ...step, why: 'stronger', method: { type: 'totp' } }, words),
  },
  {
    name: 'step-up/sms',
    draw: words => pages.stepUpPage({ ...step, why: 'stronger', method: { type: 'sms', target: sentTo } }, words),
  },
  {
    name: 'step-up/spoken',
    draw: words => pages.stepUpPage({ ...step, why: 'stronger', method: { type: 'spoken', target: sentTo } }, words),
  },
  {
    name: 'unmet',
    draw: words => pages.unmetPage({ ...frame, account: ada, wanted: ['totp', 'sms', 'spoken'] }, words),
  },
  {
    name: 'consent',
    draw: words =>
      pages.consentPage(
        {
          ...frame,
          account: ada,
          scopes: ['openid', 'profile', 'email', 'offline_access', 'calendar.read'],
          policyUri: 'https://contoso.example/privacy',
          tosUri: 'https://contoso.example/terms',
        },
        words,
      ),
  },
];

const problem = (kind: ErrorPage['code'], label: string, more: Partial<ErrorPage> = {}): Sample => ({
  name: `error/${kind}`,
  draw: words => pages.errorPage({ code: kind, label, retryable: true, reference, now, ...more }, words),
});
const here = `/interaction/${frame.uid}`;
const outage = (name: string, more: Partial<ErrorPage>): Sample => ({
  name: `outage/${name}`,
  draw: words =>
    pages.errorPage({ code: 'unavailable', label: 'IDP-1504', retryable: true, reference, now, ...more }, words),
});
const troubles: readonly Sample[] = [
  { name: 'front', draw: words => pages.frontPage(words) },
  problem('bad-request', 'IDP-1400', {
    client,
    protocol: { error: 'invalid_redirect_uri', description: 'redirect_uri did not match any of the registered ones' },
  }),
  problem('not-found', 'IDP-1404'),
  problem('method-not-allowed', 'IDP-1405'),
  problem('too-large', 'IDP-1413'),
  problem('forbidden', 'IDP-1403'),
  problem('unavailable', 'IDP-1504', { client }),
  problem('overloaded', 'IDP-1503', { client, again: here }),
  outage('sign-in', { client, again: here }),
  outage('call', { client, again: here, progress: 'ringing' }),
  outage('no-retry', { client }),
  outage('unknown', { again: here }),
  problem('undeliverable', 'IDP-2100'),
  problem('internal', 'IDP-1500'),
  { name: 'start-again/known', draw: words => pages.startAgainPage({ why: 'expired', client, reference, now }, words) },
  { name: 'start-again/unknown', draw: words => pages.startAgainPage({ why: 'elsewhere', now }, words) },
];

const to = '/auth/V1StGXR8Z5jdHi6B';
const ends: readonly Sample[] = [
  { name: 'continue/going', draw: words => pages.continuePage({ kind: 'going', to, client, reference }, words) },
  { name: 'continue/back', draw: words => pages.continuePage({ kind: 'back', to, client, reference }, words) },
  {
    name: 'continue/signed-out',
    draw: words => pages.continuePage({ kind: 'signed-out', to: client.uri, client }, words),
  },
  {
    name: 'logout',
    draw: words => pages.logoutPage({ action: '/session/end/confirm', xsrf: 'f00', account: ada, client }, words),
  },
  { name: 'logged-out/known', draw: words => pages.loggedOutPage({ client }, words) },
  { name: 'logged-out/unknown', draw: words => pages.loggedOutPage({}, words) },
  {
    name: 'switch',
    draw: words =>
      pages.switchPage(
        {
          ...frame,
          current: 'bob@contoso.example',
          wanted: ada,
          action: '/interaction/V1StGXR8Z5jdHi6B/switch',
          stay: '/interaction/V1StGXR8Z5jdHi6B/cancel',
        },
        words,
      ),
  },
  {
    name: 'post-on',
    draw: words => pages.postOnPage({ client, action: '/session/end/confirm', fields: { xsrf: 'f00' } }, words),
  },
];

export const catalogue: readonly Sample[] = [
  ...passwords,
  ...calls,
  ...codes,
  ...texts,
  ...dictations,
  ...resends,
  ...choices,
  ...troubles,
  ...ends,
];
