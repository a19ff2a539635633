/** Samples of the pages below /account. */
import * as pages from '../index.ts';
import type { FirstChoice, OwnAuthenticator, PortalFrame, SecurityPage } from '../account-props.ts';
import { hostile, now, reference, sentTo, step, type Sample } from './shared.ts';

const day = 86_400_000;
const frame: PortalFrame = { account: step.account, reference, now, here: '/account' };

const phone: OwnAuthenticator = {
  id: '0198c1c2',
  type: 'phone',
  ways: ['call', 'sms', 'spoken'],
  label: 'mobile',
  masked: sentTo,
  isDefault: true,
  isDisabled: false,
  addedAt: now - 300 * day,
  lastUsedAt: now,
};
const app: OwnAuthenticator = {
  id: '0198c1c3',
  type: 'totp',
  ways: ['totp'],
  label: 'Ada’s Pixel',
  isDefault: false,
  isDisabled: false,
  addedAt: now - 50 * day,
};
const office: OwnAuthenticator = {
  ...phone,
  id: '0198c1c4',
  ways: ['call'],
  label: 'office',
  masked: '+49 ••• 00 x421',
  isDefault: false,
  lastUsedAt: now - day,
};
const synced: OwnAuthenticator = {
  id: '0198c1c5',
  type: 'passkey',
  ways: ['passkey'],
  label: 'Apple Passwords',
  isDefault: false,
  isDisabled: false,
  addedAt: now - 20 * day,
  lastUsedAt: now - day,
  passkey: { model: 'Apple Passwords', isSynced: true, verifies: true, isRefused: false },
};
const keyOnRing: OwnAuthenticator = {
  ...synced,
  id: '0198c1c6',
  label: 'Key on my key ring',
  passkey: { model: 'YubiKey 5 NFC', isSynced: false, verifies: false, isRefused: false },
};
const paired: OwnAuthenticator = {
  id: '0198c1c7',
  type: 'push',
  ways: ['push'],
  label: 'Ada’s Pixel',
  isDefault: false,
  isDisabled: false,
  addedAt: now - 40 * day,
  lastUsedAt: now - day,
  device: { push: 'works', mustPairAgain: false },
};
const silent: OwnAuthenticator = {
  ...paired,
  id: '0198c1c8',
  label: 'Old tablet',
  addedAt: now - day,
  device: { push: 'gone', mustPairAgain: false },
};
const weak: OwnAuthenticator = {
  ...paired,
  id: '0198c1c9',
  ways: [],
  label: 'Work phone',
  isDisabled: true,
  device: { push: 'works', mustPairAgain: true },
};
const rp = { rpId: 'localhost', userId: 'MDE5OGMxYzI' };
const withPasskeys: Partial<SecurityPage> = {
  authenticators: [phone, synced, keyOnRing],
  passkeyOnly: false,
  passkeySignals: {
    accepted: { ...rp, allAcceptedCredentialIds: ['Y3JlZGVudGlhbCBvZiB0aGUgc2FtcGxlcw'] },
    details: { ...rp, name: step.account, displayName: 'Ada' },
  },
};
const choice = (factor: string, { id, label, masked }: OwnAuthenticator, isDefault = false): FirstChoice => ({
  method: `${factor}:${id}`,
  factor,
  label,
  isDefault,
  ...(masked !== undefined && { masked }),
});
const choices: readonly FirstChoice[] = [
  choice('call', phone, true),
  choice('sms', phone),
  choice('totp', app),
  choice('call', office),
];
const full: SecurityPage = {
  ...frame,
  authenticators: [phone, office, app],
  choices,
  safety: { kind: 'left', means: ['phone', 'recovery-codes'] },
  recoveryCodes: { left: 6, total: 10, madeAt: now - 50 * day, isLow: false },
  language: 'en',
};
const security = (name: string, more: Partial<SecurityPage> = {}): Sample => ({
  name: `account/${name}`,
  draw: words => pages.securityPage({ ...full, ...more }, words),
});
const at = (path: string): PortalFrame => ({ ...frame, here: `/account/methods/${path}` });
const removing = (name: string, more: Partial<Parameters<typeof pages.removeMethodPage>[0]> = {}): Sample => ({
  name: `account/remove/${name}`,
  draw: words =>
    pages.removeMethodPage({ ...at('0198c1c2/remove'), authenticator: phone, endsOthers: false, ...more }, words),
});
const named = choice('totp', app);

export const accounts: readonly Sample[] = [
  security('full'),
  security('done', { notice: 'removed' }),
  security('repeat', { notice: 'repeat' }),
  security('stuck', {
    authenticators: [{ ...phone, ways: ['call'] }],
    choices: [choice('call', phone, true)],
    safety: { kind: 'stuck' },
    recoveryCodes: { isLow: false },
  }),
  security('one', { authenticators: [office], choices: [], safety: { kind: 'only-one' } }),
  security('others', {
    authenticators: [office, { ...app, isDisabled: true }],
    safety: { kind: 'others', means: ['phone', 'recovery-codes'] },
    recoveryCodes: { left: 2, total: 10, madeAt: now - day, isLow: true },
  }),
  security('passkeys', withPasskeys),
  security('passkey-only', {
    ...withPasskeys,
    passkeyOnly: true,
    safety: { kind: 'only-one' },
    notice: 'passkey-only',
    recoveryCodes: { isLow: false },
  }),
  security('passkey-refused', {
    ...withPasskeys,
    authenticators: [
      phone,
      { ...keyOnRing, isDisabled: true, passkey: { isSynced: false, verifies: true, isRefused: true } },
    ],
    notice: 'passkey-missing',
  }),
  security('devices', {
    authenticators: [phone, paired, { ...app, label: paired.label }, silent, weak],
    choices: [...choices, choice('push', paired), choice('push', silent)],
  }),
  security('device-without-notifications', {
    authenticators: [phone, { ...silent, device: { push: 'none', mustPairAgain: false } }],
  }),
  security('none', { authenticators: [], choices: [], safety: { kind: 'none' } }),
  security('hostile', {
    account: hostile,
    authenticators: [
      { ...phone, label: hostile },
      { ...app, label: hostile, type: 'constructor' },
    ],
    choices: [choice('totp', { ...app, label: hostile }), choice('constructor', app)],
  }),
  {
    name: 'account/name',
    draw: words => pages.renameMethodPage({ ...at('0198c1c2/name'), authenticator: phone }, words),
  },
  {
    name: 'account/name/wrong',
    draw: words => pages.renameMethodPage({ ...at('0198c1c2/name'), authenticator: phone, typed: '' }, words),
  },
  removing('default', { first: named }),
  removing('other', { authenticator: app }),
  removing('device', { authenticator: paired, endsCodes: true }),
  removing('passkey', { authenticator: synced, endsPasskeyOnly: true }),
  removing('recovered', { endsOthers: true }),
  removing('last', { refused: 'last' }),
  removing('required', { refused: 'required' }),
  removing('level', { authenticator: app, refused: 'level' }),
  { name: 'account/not-signed-in', draw: words => pages.notSignedInPage('/account', words) },
];
