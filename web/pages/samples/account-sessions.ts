/** Samples of the pages of sessions, sign-ins and apps. */
import * as pages from '../index.ts';
import type { PortalFrame } from '../account-props.ts';
import type { AppRow, RememberedBrowserRow, SessionRow, SignInRow } from '../account-sessions-props.ts';
import { hostile, now, reference, step, type Sample } from './shared.ts';

const minute = 60_000;
const day = 86_400_000;
const at = (here: string): PortalFrame => ({ account: step.account, reference, now, here });

const here: SessionRow = {
  id: 'x5Jv3zJ0',
  isHere: true,
  browser: { browser: 'Firefox', system: 'Linux' },
  address: '192.0.2.7',
  startedAt: now - 40 * minute,
  usedAt: now,
  method: 'call',
  apps: ['Contoso Office'],
};
const phone: SessionRow = {
  id: 'k2Lw8sQd',
  isHere: false,
  browser: { browser: 'Safari', system: 'iPhone' },
  address: '2001:db8:85a3::8a2e:370:7334',
  startedAt: now - 20 * 60 * minute,
  usedAt: now - 90 * minute,
  method: 'totp',
  apps: ['Contoso Office', 'Woodgrove Mail'],
};
const unknown: SessionRow = { id: 'm4Rt6yUi', isHere: false, startedAt: now - 3 * 60 * minute, usedAt: now, apps: [] };

const laptop: RememberedBrowserRow = {
  id: 'p3Xc7vBn',
  browser: { browser: 'Firefox', system: 'Linux' },
  address: '192.0.2.7',
  since: now - 3 * day,
  usedAt: now - 40 * minute,
  until: now + 11 * day,
};
const tablet: RememberedBrowserRow = { id: 'w8Zq1aSd', since: now - 13 * day, usedAt: now - 9 * day, until: now + day };

const signIn: SignInRow = {
  reference: '7K3MQ2XA',
  at: now - 40 * minute,
  end: 'signed-in',
  app: 'Contoso Office',
  step: { factor: 'call', end: 'passed' },
  wrongPasswords: 0,
  wrongCodes: 0,
  browser: { browser: 'Firefox', system: 'Linux' },
  address: '192.0.2.7',
  isFamiliar: true,
};
const { step: _step, ...withoutStep } = signIn;
const elsewhere = { browser: { browser: 'Chrome', system: 'Windows' }, address: '203.0.113.9', isFamiliar: false };
const signIns: readonly SignInRow[] = [
  signIn,
  { ...signIn, ...elsewhere, reference: '2XA7K3MQ', at: now - 4 * 60 * minute, wrongPasswords: 2, wrongCodes: 1 },
  { ...signIn, reference: 'Q2XA7K3M', at: now - day, end: 'confirmed', step: { factor: 'totp', end: 'passed' } },
  { ...signIn, ...elsewhere, at: now - 2 * day, end: 'denied', step: { factor: 'call', end: 'denied' } },
  { ...signIn, at: now - 2 * day, end: 'unfinished', step: { factor: 'passkey', end: 'passed' } },
  { ...signIn, ...elsewhere, at: now - 3 * day, end: 'stopped', step: { factor: 'call', end: 'no-answer' } },
  { ...signIn, ...elsewhere, at: now - 4 * day, end: 'wrong-password', wrongPasswords: 12 },
  { ...signIn, ...elsewhere, at: now - 12 * day, end: 'cancelled' },
  {
    reference: '3MQ2XA7K',
    at: now - 13 * day,
    end: 'approval',
    app: 'Contoso Bank',
    step: { factor: 'push', end: 'passed' },
    wrongPasswords: 0,
    wrongCodes: 0,
    isFamiliar: false,
  },
  { reference: 'ABCDEFGH', at: now - 400 * day, end: 'refused', wrongPasswords: 0, wrongCodes: 0, isFamiliar: false },
];

const app: AppRow = {
  id: 'woodgrove',
  name: 'Woodgrove Mail',
  isFirstParty: false,
  scopes: [
    { name: 'openid' },
    { name: 'email' },
    { name: 'read', at: 'https://api.woodgrove.example/' },
    { name: 'badge', words: { en: 'See your badge', de: 'Ihr Namensschild sehen' } },
  ],
  details: [
    {
      id: 'x'.repeat(43),
      since: now - 20 * day,
      words: { text: 'See the balance of accounts', language: 'en' },
      members: [
        { name: 'accounts', value: 'DE02 1203 0000 0000 2020 51' },
        { name: 'accounts', value: 'DE02 5001 0517 0137 0750 30' },
      ],
    },
  ],
  since: now - 50 * day,
  isOffline: true,
};
const own: AppRow = {
  id: 'contoso',
  name: 'Contoso Office',
  isFirstParty: true,
  scopes: [{ name: 'openid' }, { name: 'profile' }],
  details: [],
  since: now - minute,
  isOffline: false,
};

const sessions = '/account/sessions';
export const accountSessions: readonly Sample[] = [
  {
    name: 'account/sessions',
    draw: words => pages.sessionsPage({ ...at(sessions), sessions: [here, phone, unknown], signIns }, words),
  },
  {
    name: 'account/sessions/alone',
    draw: words =>
      pages.sessionsPage({ ...at(sessions), notice: 'others-ended', sessions: [here], signIns: [] }, words),
  },
  {
    name: 'account/sessions/remembered',
    draw: words =>
      pages.sessionsPage(
        {
          ...at(sessions),
          sessions: [here],
          remembered: [laptop, tablet],
          signIns: [
            { ...withoutStep, remembered: 'used' },
            { ...signIn, reference: '3MQ2XA7K', at: now - day, remembered: 'copied' },
            { ...signIn, reference: 'K3M7Q2XA', at: now - 3 * day, remembered: 'added' },
          ],
        },
        words,
      ),
  },
  {
    name: 'account/sessions/remembered-one',
    draw: words =>
      pages.sessionsPage(
        { ...at(sessions), notice: 'browser-forgotten', sessions: [here], remembered: [laptop], signIns: [signIn] },
        words,
      ),
  },
  {
    name: 'account/sessions/remembered-none',
    draw: words => pages.sessionsPage({ ...at(sessions), sessions: [here], remembered: [], signIns: [signIn] }, words),
  },
  {
    name: 'account/sessions/hostile',
    draw: words =>
      pages.sessionsPage(
        {
          ...at(sessions),
          sessions: [{ ...phone, method: 'constructor', address: hostile, apps: [hostile] }],
          remembered: [{ ...laptop, address: hostile }],
          signIns: [{ ...signIn, app: hostile, step: { factor: 'constructor', end: 'passed' }, address: hostile }],
        },
        words,
      ),
  },
  { name: 'account/end-all', draw: words => pages.endAllPage(at(`${sessions}/end-all`), words) },
  {
    name: 'account/not-me',
    draw: words => pages.notMeReportPage({ ...at(sessions), signIn: { ...signIn, ...elsewhere } }, words),
  },
  { name: 'account/apps', draw: words => pages.appsPage({ ...at('/account/apps'), apps: [app, own] }, words) },
  { name: 'account/apps/none', draw: words => pages.appsPage({ ...at('/account/apps'), apps: [] }, words) },
  {
    name: 'account/apps/hostile',
    draw: words =>
      pages.appsPage({ ...at('/account/apps'), apps: [{ ...app, name: hostile, scopes: [{ name: hostile }] }] }, words),
  },
];
