/** Samples of the pages around the second step: password, errors, continuing and signing out. */
import { explainedError } from '../../../src/error-reference/reference.ts';
import * as pages from '../index.ts';
import type { ErrorPage } from '../props.ts';
import { now, client, developerNotes, reference, frame, step, hostile, type Sample } from './shared.ts';

const here = `/interaction/${frame.uid}`;

const password = (name: string, more: Partial<Parameters<typeof pages.passwordPage>[0]> = {}): Sample => ({
  name: `sign-in/${name}`,
  draw: words => pages.passwordPage({ ...frame, forgottenAt: '/password/forgotten', ...more }, words),
});
const newPassword = (name: string, more: Partial<Parameters<typeof pages.newPasswordPage>[0]> = {}): Sample => ({
  name: `new-password/${name}`,
  draw: words =>
    pages.newPasswordPage(
      {
        ...step,
        action: '/interaction/V1StGXR8Z5jdHi6B/new-password',
        leave: '/interaction/V1StGXR8Z5jdHi6B/cancel',
        ...more,
      },
      words,
    ),
});
const forgotten = (name: string, more: Partial<Parameters<typeof pages.forgottenPage>[0]> = {}): Sample => ({
  name: `forgotten/${name}`,
  draw: words => pages.forgottenPage({ now, reference, back: here, ...more }, words),
});
const reset = { account: step.account, token: 't', reference };
export const resets: readonly Sample[] = [
  forgotten('empty'),
  forgotten('incomplete', { name: ' ', state: { kind: 'incomplete' } }),
  forgotten('wait', { name: hostile, state: { kind: 'wait', until: now + 1_800_000 } }),
  forgotten('full', { name: step.account, state: { kind: 'full' } }),
  { name: 'forgotten/no-mail', draw: words => pages.noResetPage({ back: here }, words) },
  { name: 'forgotten/sent', draw: words => pages.resetSentPage({ back: here }, words) },
  { name: 'reset/asked', draw: words => pages.resetPage(reset, words) },
  { name: 'reset/refused', draw: words => pages.resetPage({ ...reset, state: { kind: 'short' } }, words) },
  { name: 'reset/hostile', draw: words => pages.resetPage({ ...reset, account: hostile }, words) },
  { name: 'reset/gone', draw: words => pages.resetGonePage(words) },
  { name: 'reset/saved', draw: words => pages.resetDonePage({ client }, words) },
  { name: 'reset/saved-elsewhere', draw: words => pages.resetDonePage({}, words) },
];

export const passwords: readonly Sample[] = [
  password('empty'),
  password('named', { name: step.account }),
  password('refused', { name: step.account, state: { kind: 'refused' } }),
  password('incomplete', { name: step.account, state: { kind: 'incomplete' } }),
  password('wait', { name: step.account, state: { kind: 'wait', until: now + 30_000 } }),
  password('anew', { name: step.account, state: { kind: 'anew' } }),
  newPassword('asked'),
  newPassword('refused', { state: { kind: 'breached' } }),
  password('hostile', { name: hostile, client: { name: hostile }, state: { kind: 'refused' } }),
];

const problem = (kind: ErrorPage['code'], label: string, more: Partial<ErrorPage> = {}): Sample => ({
  name: `error/${kind}`,
  draw: words => pages.errorPage({ code: kind, label, reference, now, ...more }, words),
});
const outage = (name: string, more: Partial<ErrorPage>): Sample => ({
  name: `outage/${name}`,
  draw: words => pages.errorPage({ code: 'unavailable', label: 'IDP-1504', reference, now, ...more }, words),
});
const explained = (code: string): readonly Sample[] => {
  const found = explainedError(code);
  return found === undefined ? [] : [{ name: `error-code/${code}`, draw: words => pages.errorCodePage(found, words) }];
};
export const errors: readonly Sample[] = [
  ...['IDP-1001', 'IDP-2106', 'IDP-1504', 'IDP-4101', 'IDP-4316', 'IDP-4502'].flatMap(explained),
  { name: 'front', draw: words => pages.frontPage(words) },
  { name: 'front/developer', draw: words => pages.frontPage(words, developerNotes) },
  problem('bad-request', 'IDP-1400', {
    client,
    protocol: { error: 'invalid_redirect_uri', description: 'redirect_uri did not match any of the registered ones' },
  }),
  problem('not-found', 'IDP-1404'),
  problem('method-not-allowed', 'IDP-1405'),
  problem('too-large', 'IDP-1413'),
  problem('forbidden', 'IDP-1403'),
  problem('changes-frozen', 'IDP-1006', { back: '/account', here: '/account' }),
  problem('unavailable', 'IDP-1504', { client }),
  problem('overloaded', 'IDP-1503', { client, again: here }),
  outage('sign-in', { client, again: here }),
  outage('call', { client, again: here, progress: 'ringing' }),
  outage('wait', { client, again: here, until: now + 30_000 }),
  outage('no-retry', { client }),
  outage('unknown', { again: here }),
  problem('too-many-sign-ins', 'IDP-1004', { again: here, until: now + 37_000 }),
  problem('undeliverable', 'IDP-2100'),
  problem('internal', 'IDP-1500'),
  {
    name: 'start-again/known',
    draw: words => pages.startAgainPage({ reason: 'expired', client, reference, now }, words),
  },
  { name: 'start-again/unknown', draw: words => pages.startAgainPage({ reason: 'elsewhere', now }, words) },
];

const to = '/auth/V1StGXR8Z5jdHi6B';
export const afterwards: readonly Sample[] = [
  { name: 'continue/going', draw: words => pages.continuePage({ kind: 'going', to, client, reference }, words) },
  {
    name: 'continue/few-codes',
    draw: words => pages.continuePage({ kind: 'going', to, client, reference, codesLeft: 3 }, words),
  },
  { name: 'continue/back', draw: words => pages.continuePage({ kind: 'back', to, client, reference }, words) },
  {
    name: 'continue/anew',
    draw: words => pages.continuePage({ kind: 'anew', to: '/auth?client_id=a', reference }, words),
  },
  { name: 'continue/other-tab', draw: words => pages.otherTabPage({ ...frame }, words) },
  {
    name: 'continue/signed-out',
    draw: words => pages.continuePage({ kind: 'signed-out', to: client.uri, client }, words),
  },
  {
    name: 'logout',
    draw: words => pages.logoutPage({ action: '/session/end/confirm', xsrf: 'f00', client }, words),
  },
  { name: 'logout/stayed', draw: words => pages.stayedPage({ client }, words) },
  { name: 'logged-out/known', draw: words => pages.loggedOutPage({ client }, words) },
  { name: 'logged-out/unknown', draw: words => pages.loggedOutPage({}, words) },
  {
    name: 'switch',
    draw: words =>
      pages.switchPage(
        {
          ...frame,
          current: 'bob@contoso.example',
          wanted: step.account,
          action: '/interaction/V1StGXR8Z5jdHi6B/switch',
          stay: '/interaction/V1StGXR8Z5jdHi6B/cancel',
        },
        words,
      ),
  },
  {
    name: 'auto-submit',
    draw: words => pages.autoSubmitPage({ client, action: '/session/end/confirm', fields: { xsrf: 'f00' } }, words),
  },
];
