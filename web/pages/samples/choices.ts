/** Samples of the list of methods, the help page, step-ups, the choice of an account and consent. */
import * as pages from '../index.ts';
import type { HelpPage } from '../props.ts';
import type { Option } from '../step-props.ts';
import { now, frame, step, sentTo, office, type Sample } from './shared.ts';

const rows: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'Authenticator app', isDefault: true },
  { method: '0197-call-1', type: 'call', label: 'Phone', target: sentTo, isLastUsed: true, now: 'over' },
  { method: 'recovery-code', type: 'recovery-code', label: 'Recovery codes' },
];
const unavailable: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'app', unavailableUntil: now + 8000, unavailableReason: 'attempts' },
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, now: 'waiting' },
  { method: 'spoken:1', type: 'spoken', label: 'mobile', target: sentTo, isDisabled: true },
  {
    method: 'call:1',
    type: 'call',
    label: 'mobile',
    target: sentTo,
    unavailableUntil: now + 86_000_000,
    unavailableReason: 'paused',
  },
  { method: 'call:2', type: 'call', label: 'office', target: office, unavailableUntil: now + 86_000_000 },
];
const several: readonly Option[] = [
  { method: 'totp', type: 'totp', label: 'app', isDefault: true },
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, isLastUsed: true, now: 'over' },
  { method: 'sms:2', type: 'sms', label: 'alternate', target: '+1 ••• 07' },
  { method: 'spoken:1', type: 'spoken', label: 'mobile', target: sentTo },
  { method: 'spoken:2', type: 'spoken', label: 'alternate', target: '+1 ••• 07' },
  { method: 'call:1', type: 'call', label: 'mobile', target: sentTo, now: 'waiting', answeredElsewhere: true },
  { method: 'call:2', type: 'call', label: 'alternate', target: '+1 ••• 07' },
  { method: 'call:3', type: 'call', label: 'office', target: office },
];
const two: readonly Option[] = [
  { method: 'sms:1', type: 'sms', label: 'mobile', target: sentTo, isDefault: true },
  { method: 'spoken:1', type: 'spoken', label: 'mobile', target: sentTo, now: 'over', isLastUsed: true },
];
const devices: readonly Option[] = [
  { method: 'push:1', type: 'push', label: 'Ada’s Pixel', isDefault: true, now: 'waiting', answeredElsewhere: true },
  { method: 'push:2', type: 'push', label: 'Ada’s tablet', isLastUsed: true },
  { method: 'totp', type: 'totp', label: 'app' },
  { method: 'call:1', type: 'call', label: 'mobile', target: sentTo },
];
const pausedDevices: readonly Option[] = devices.map(each =>
  each.type === 'totp'
    ? each
    : {
        method: each.method,
        type: each.type,
        label: each.label,
        unavailableUntil: now + 86_000_000,
        unavailableReason: 'paused',
      },
);
/** Words of an operator, of which one language is missing. */
const filesWords = {
  en: 'Read your files',
  de: 'Ihre Dateien lesen',
  fr: 'Lire vos fichiers',
};
const badgeWords = {
  en: 'See your name and groups, for a badge',
  de: 'Ihren Namen und Ihre Gruppen sehen, für ein Namensschild',
};
const refusal = { text: 'Contractors can sign in from 6 to 20 o’clock.', language: 'en' };
const help = (name: string, more: Partial<HelpPage>): Sample => ({
  name: `help/${name}`,
  draw: words => pages.helpPage({ ...frame, options: true, nothingLeft: false, ...more }, words),
});
export const choices: readonly Sample[] = [
  { name: 'options/over', draw: words => pages.optionsPage({ ...step, rows }, words) },
  { name: 'options/unavailable', draw: words => pages.optionsPage({ ...step, rows: unavailable }, words) },
  { name: 'options/several', draw: words => pages.optionsPage({ ...step, rows: several }, words) },
  { name: 'options/two', draw: words => pages.optionsPage({ ...step, rows: two }, words) },
  { name: 'options/devices', draw: words => pages.optionsPage({ ...step, rows: devices }, words) },
  {
    name: 'options/devices-paused',
    draw: words => pages.optionsPage({ ...step, rows: pausedDevices, pairAgain: ['Ada’s old phone'] }, words),
  },
  {
    name: 'options/requests-limited',
    draw: words =>
      pages.optionsPage(
        {
          ...step,
          rows: devices.slice(1, 3).map(each => ({
            ...each,
            ...(each.type === 'push' && {
              now: 'over' as const,
              unavailableUntil: now + 200_000,
              unavailableReason: 'requests' as const,
            }),
          })),
        },
        words,
      ),
  },
  help('before-password', {}),
  help('after-password', { account: step.account }),
  help('with-mail', { resetAt: '/password/forgotten' }),
  help('nothing-left', {
    account: step.account,
    nothingLeft: true,
    support: 'Call extension 4711, weekdays from 8 to 18.',
  }),
  {
    name: 'step-up/call',
    draw: words =>
      pages.stepUpPage({ ...step, reason: 'password-only', method: { type: 'call', target: sentTo } }, words),
  },
  {
    name: 'step-up/why',
    draw: words =>
      pages.stepUpPage(
        {
          ...step,
          why: [
            { kind: 'client' },
            { kind: 'person' },
            {
              kind: 'rule',
              sentence: { text: 'Payroll needs a stronger second step outside the office.', language: 'en' },
            },
            { kind: 'rule' },
            { kind: 'age' },
            { kind: 'factors' },
          ],
          reason: 'stronger',
          method: { type: 'totp' },
        },
        words,
      ),
  },
  {
    name: 'step-up/test',
    draw: words => pages.stepUpPage({ ...step, reason: 'test', method: { type: 'call', target: sentTo } }, words),
  },
  {
    name: 'step-up/totp',
    draw: words => pages.stepUpPage({ ...step, reason: 'stronger', method: { type: 'totp' } }, words),
  },
  {
    name: 'step-up/sms',
    draw: words => pages.stepUpPage({ ...step, reason: 'device', method: { type: 'sms', target: sentTo } }, words),
  },
  {
    name: 'step-up/spoken',
    draw: words => pages.stepUpPage({ ...step, reason: 'stronger', method: { type: 'spoken', target: sentTo } }, words),
  },
  {
    name: 'step-up/push',
    draw: words =>
      pages.stepUpPage({ ...step, reason: 'stronger', method: { type: 'push', label: 'Ada’s Pixel' } }, words),
  },
  {
    name: 'unmet',
    draw: words => pages.unmetPage({ ...frame, account: step.account, wanted: ['totp', 'sms', 'spoken'] }, words),
  },
  {
    name: 'denied/known',
    draw: words => pages.deniedPage({ ...frame, account: step.account, sentence: refusal }, words),
  },
  { name: 'denied/unknown', draw: words => pages.deniedPage({ ...frame, sentence: refusal }, words) },
  {
    name: 'select-account',
    draw: words => pages.selectAccountPage({ ...frame, account: step.account }, words),
  },
  {
    name: 'consent',
    draw: words =>
      pages.consentPage(
        {
          ...frame,
          account: step.account,
          scopes: [
            ...['openid', 'profile', 'email', 'offline_access'].map(name => ({ name })),
            { name: 'calendar.read', at: 'https://calendar.contoso.example/' },
            { name: 'files.read', at: 'https://files.contoso.example/', words: filesWords },
            { name: 'badge', words: badgeWords },
          ],
          policyUri: 'https://contoso.example/privacy',
          tosUri: 'https://contoso.example/terms',
        },
        words,
      ),
  },
  {
    name: 'consent/details',
    draw: words =>
      pages.consentPage(
        {
          ...frame,
          account: step.account,
          scopes: [{ name: 'openid' }],
          details: [
            {
              words: { text: 'Make a payment', language: 'en' },
              members: [
                { name: 'amount.value', value: '48.00' },
                { name: 'amount.currency', value: 'EUR' },
                { name: 'payee', value: 'Contoso Coffee and Other Fine Things of the Whole World, Inc.' },
              ],
            },
          ],
        },
        words,
      ),
  },
];
