/** Samples of the pages of a passkey: alone, as second step, and while it is set up. */
import type { PasskeyCreationOptions, PasskeyRequestOptions } from '../../../src/passkey-options.ts';
import * as pages from '../index.ts';
import type { EnrollPasskeyPage } from '../enroll-props.ts';
import type { PasskeyPage } from '../step-props.ts';
import type { PasswordPage } from '../password-props.ts';
import { ended, frame, hostile, now, step, type Sample } from './shared.ts';

/** Challenges, user handles and credential ids of the usual lengths. */
const challenge = 'Y2hhbGxlbmdlIG9mIHRoZSBzYW1wbGUgcGFnZXM';
const credentialId = 'Y3JlZGVudGlhbCBvZiB0aGUgc2FtcGxlcw';
const use: PasskeyRequestOptions = {
  challenge,
  rpId: 'localhost',
  timeout: 300_000,
  userVerification: 'preferred',
  allowCredentials: [{ id: credentialId, type: 'public-key', transports: ['internal'] }],
};
const creation: PasskeyCreationOptions = {
  challenge,
  rp: { id: 'localhost', name: 'localhost' },
  user: { id: 'MDE5OGMxYzI', name: step.account, displayName: step.account },
  pubKeyCredParams: [-7, -8, -257].map(alg => ({ alg, type: 'public-key' })),
  timeout: 300_000,
  attestation: 'none',
  authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
  excludeCredentials: use.allowCredentials,
};

const alone = (name: string, more: Partial<PasswordPage> = {}): Sample => ({
  name: `passkey-alone/${name}`,
  draw: words =>
    pages.passwordPage(
      {
        ...frame,
        forgottenAt: '/password/forgotten',
        passkey: {
          options: { ...use, userVerification: 'required', allowCredentials: [] },
          ticket: 'dGlja2V0IG9mIHRoZSBzYW1wbGUgcGFnZXM',
        },
        ...more,
      },
      words,
    ),
});
const asked = (name: string, state: PasskeyPage['state'], more: Partial<PasskeyPage> = {}): Sample => ({
  name: `passkey/${name}`,
  draw: words => pages.passkeyPage({ ...step, request: use, asksAtOnce: false, state, ...more }, words),
});
const setUp = (name: string, state: EnrollPasskeyPage['state'], more: Partial<EnrollPasskeyPage> = {}): Sample => ({
  name: `enroll-passkey/${name}`,
  draw: words => pages.enrollPasskeyPage({ ...frame, account: step.account, options: creation, state, ...more }, words),
});

export const passkeys: readonly Sample[] = [
  alone('open'),
  alone('named', { name: step.account }),
  alone('refused', { state: { kind: 'passkey-refused' } }),
  alone('unknown', { state: { kind: 'passkey-unknown', credential: credentialId } }),
  alone('other-account', { name: step.account, state: { kind: 'passkey-other-account' } }),
  alone('late', { name: step.account, state: { kind: 'passkey-late' } }),
  alone('wait', { state: { kind: 'passkey-wait', until: now + 30_000 } }),
  alone('wrong-password', { name: step.account, state: { kind: 'refused' } }),
  alone('hostile', { name: hostile, client: { name: hostile } }),
  asked('open', { kind: 'open' }),
  asked('at-once', { kind: 'open' }, { asksAtOnce: true }),
  asked('remember', { kind: 'open' }, { asksAtOnce: true, remember: { lasts: 14 * 86_400_000 } }),
  asked('open-only-method', { kind: 'open' }, { options: false }),
  asked('malformed', { kind: 'malformed' }),
  asked('wrong', { kind: 'wrong', attemptsLeft: 2 }),
  asked('copied', { kind: 'wrong', attemptsLeft: 2, because: 'copied' }),
  asked('wait', { kind: 'wait', until: now + 8000, tooSoon: true }),
  asked('expired', ended('expired')),
  asked('attempts', ended('attempts')),
  asked('lost', ended('lost'), { options: false }),
  setUp('open', { kind: 'open' }),
  setUp('invited', { kind: 'open' }, { isInvited: true }),
  setUp('invited-wrong', { kind: 'wrong', attemptsLeft: 2 }, { isInvited: true }),
  setUp('malformed', { kind: 'malformed' }),
  setUp('wrong', { kind: 'wrong', attemptsLeft: 2 }),
  setUp('bound', { kind: 'wrong', attemptsLeft: 2, because: 'bound' }),
  setUp('policy', { kind: 'wrong', attemptsLeft: 2, because: 'policy' }),
  setUp('expired', ended('expired')),
  setUp('attempts', ended('attempts')),
];
