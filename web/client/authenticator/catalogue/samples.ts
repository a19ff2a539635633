/**
 * Lists every screen of the authenticator in every state. The browser test of the screens runs over this list, so a line here
 * gives a new state all of its checks. Nothing of it is in the app that the server serves.
 */
import type { RequestClaims } from '../../../../src/mfa/push/protocol.ts';
import type { AppState, Ended, Entry, Notifications, Obstacle, PendingRequest, Result } from '../state.ts';

const sampleNow = Date.UTC(2026, 10, 22, 13, 32, 7);
const second = 1_000;

const contoso: Entry = {
  id: 'contoso',
  kind: 'account',
  title: 'Contoso',
  account: 'ada@contoso.example',
  state: 'paired',
  hasCodes: true,
  device: 'Ada’s Pixel',
};
const fabrikam: Entry = {
  id: 'fabrikam',
  kind: 'codes',
  title: 'Fabrikam VPN',
  account: 'ada.l',
  state: 'paired',
  hasCodes: true,
};
const northwind: Entry = {
  id: 'northwind',
  kind: 'codes',
  title: 'Northwind',
  account: 'ada@northwind.example',
  state: 'paired',
  hasCodes: true,
};
/** As long as a server allows, and without a place to break. */
const long: Entry = {
  id: 'long',
  kind: 'account',
  title: 'Internationale Gesellschaft für Donaudampfschifffahrt und Binnenschifffahrtsverkehr mbH',
  account: 'ada.augusta.king.noel.countess.of.lovelace@donaudampfschifffahrtsgesellschaft.example',
  state: 'paired',
  hasCodes: true,
};

const claims: RequestClaims = {
  iss: 'https://login.contoso.example',
  aud: 'device',
  jti: 'request',
  nonce: 'nonce',
  iat: 0,
  exp: 0,
  purpose: 'sign-in',
  account: 'ada@contoso.example',
  client: 'Contoso Office',
  digits: 2,
  unlock: 'none',
  address: '203.0.113.7',
  place: 'Berlin, Germany',
  browser: 'Firefox on Linux',
};
/** What a server without data of places knows of a request that no browser made. */
const { place: _place, browser: _browser, ...bare } = claims;
const request = (more: Partial<RequestClaims> = {}, id = 'request'): PendingRequest => ({
  id,
  entry: contoso.id,
  claims: { ...claims, ...more },
  askedAt: sampleNow - 18 * second,
  expiresAt: sampleNow + 42 * second,
});
const ended = (result: Result, more: Partial<RequestClaims> = {}, at = sampleNow): Ended => ({
  id: `${result}-${at}`,
  entry: contoso.id,
  at,
  result,
  claims: { ...claims, ...more },
});

const usual: AppState = {
  phase: 'ready',
  language: 'en',
  now: sampleNow,
  online: true,
  screen: { at: 'home' },
  entries: [contoso, fabrikam, northwind],
  requests: [],
  history: [],
  notifications: 'works',
  deviceName: 'Ada’s Pixel',
  canInstall: false,
};

/** What a person does: a selector to press, or a field with what is typed into it. */
export type Deed = string | readonly [field: string, typed: string];

/** A state, and what a person does in it before it is looked at. */
export interface Sample {
  readonly name: string;
  readonly state: AppState;
  readonly deeds?: readonly Deed[];
}

const home = (name: string, more: Partial<AppState> = {}): Sample => ({
  name: `home/${name}`,
  state: { ...usual, ...more },
});
const asks = (
  name: string,
  more: Partial<RequestClaims> = {},
  deeds: readonly Deed[] = [],
  state: Partial<AppState> = {},
): Sample => ({
  name: `request/${name}`,
  state: { ...usual, screen: { at: 'request', request: 'request' }, requests: [request(more)], ...state },
  deeds,
});
const at = (name: string, screen: AppState['screen'], more: Partial<AppState> = {}): Sample => ({
  name,
  state: { ...usual, screen, ...more },
});
const pairing = (name: string, state: NonNullable<AppState['pairing']>, more: Partial<AppState> = {}): Sample =>
  at(`pairing/${name}`, { at: 'pairing' }, { pairing: state, entries: [], ...more });

const results: readonly Result[] = [
  'approved',
  'declined',
  'reported',
  'wrong-number',
  'bound',
  'expired',
  'over',
  'locked',
  'removed',
];
const obstacles: readonly Obstacle[] = ['insecure', 'old', 'storage', 'home-screen'];
const notifications: readonly Notifications[] = [
  'checking',
  'works',
  'ask',
  'blocked',
  'unsupported',
  'failed',
  'gone',
];
const code = { entry: contoso.id, code: '482913', period: 30, until: sampleNow + 18 * second };
const pin = { unlock: 'pin' } as const;
const verify = '.primary';
const [first, last] = ['.key-4', '.key-7'];
const typed = [first, last, verify];
const six = { digits: 6, browser: 'Chrome on Android' } as const;
const who = { organization: 'Contoso', account: 'ada@contoso.example' } as const;

/** Names are unique. */
export const samples: readonly Sample[] = [
  home('accounts', { code, requests: [request()] }),
  home('quiet'),
  home('empty', { entries: [], notifications: 'ask' }),
  home('install', { entries: [], canInstall: true }),
  home('offline', { online: false, code }),
  home('troubles', {
    entries: [
      { ...contoso, state: 'removed' },
      { ...long, state: 'untrusted' },
      { ...northwind, kind: 'account', state: 'pairing', hasCodes: false },
    ],
  }),
  home('long', {
    entries: [long],
    code: { ...code, entry: long.id },
    requests: [request({ client: long.title }), request({ purpose: 'approval' }, 'second')],
  }),
  home('toast', { code, toast: 'copied' }),
  home('eight digits', { code: { ...code, code: '48291357' } }),
  ...notifications.map(each => home(`notifications ${each}`, { notifications: each })),
  ...(['sending', 'sent', 'arrived', 'missing', 'later', 'unreachable'] as const).map(test =>
    home(`test ${test}`, { test }),
  ),

  asks('asked'),
  asks('typed', {}, [first]),
  asks('complete', {}, [first, last]),
  asks('incomplete', {}, [first, verify]),
  asks('six digits', six, [first, last, first]),
  asks('without a place', {}, [], { requests: [{ ...request(), claims: bare }] }),
  asks('long', { client: long.title, account: long.account, place: long.title }),
  asks('sending', {}, [first, last], { answering: { state: 'sending' } }),
  asks('unreachable', {}, [first, last], { answering: { state: 'unreachable' } }),
  asks('failed', {}, [first, last], { answering: { state: 'failed' } }),
  asks('not verified', { unlock: 'biometric' }, [first, last], { answering: { state: 'not-verified' } }),
  asks('last seconds', {}, [], { now: sampleNow + 41 * second }),
  asks('approval', { purpose: 'approval', digits: 0, message: 'Pay 1,250.00 EUR to Northwind Traders, order 4711' }),
  asks('caller', { purpose: 'caller', message: 'Grace of the help desk' }),
  asks('pairing', { purpose: 'pairing' }),
  asks('pairing code wrong', { purpose: 'pairing' }, [first, last], { answering: { state: 'wrong-code' } }),
  asks('pin', pin, typed),
  asks('pin incomplete', pin, [...typed, verify]),
  asks('pin wrong', pin, typed, { answering: { state: 'wrong-pin', attemptsLeft: 3 } }),
  asks('pin new', { ...pin, purpose: 'pairing' }, typed),
  asks('pin different', { ...pin, purpose: 'pairing' }, [
    ...typed,
    ['.field input', '123456'],
    ['.field + .field input', '654321'],
    verify,
  ]),
  at('report/asked', { at: 'report', request: 'request' }, { requests: [request()] }),
  at(
    'report/unreachable',
    { at: 'report', request: 'request' },
    { requests: [request()], answering: { state: 'unreachable' } },
  ),
  ...results.map(result =>
    at(`ended/${result}`, { at: 'ended', request: `${result}-${sampleNow}` }, { history: [ended(result)] }),
  ),
  at(
    'ended/approval',
    { at: 'ended', request: `approved-${sampleNow}` },
    { history: [ended('approved', { purpose: 'approval' })] },
  ),

  at('add/empty', { at: 'add' }),
  { ...at('add/incomplete', { at: 'add' }, { deviceName: '' }), deeds: [verify] },
  at('scan/starting', { at: 'scan' }),
  ...(['no-camera', 'refused', 'foreign', 'elsewhere', 'unsupported-codes'] as const).map(scanProblem =>
    at(`scan/${scanProblem}`, { at: 'scan' }, { scanProblem }),
  ),
  pairing('naming', { step: 'naming' }),
  pairing('notifications', { step: 'notifications' }, { notifications: 'ask' }),
  pairing('claiming', { step: 'claiming' }),
  pairing('comparing', { step: 'comparing', ...who, digits: '31', expiresAt: sampleNow + 412 * second }),
  pairing('done', { step: 'done', ...who }),
  pairing('done unheard', { step: 'done', ...who }, { notifications: 'blocked' }),
  ...(['wrong-code', 'expired', 'refused', 'later', 'elsewhere', 'unreachable', 'failed'] as const).map(why =>
    pairing(`failed ${why}`, { step: 'failed', why }),
  ),
  at('codes/typed', { at: 'codes' }),
  at('codes/read', { at: 'codes' }, { newCodes: { issuer: 'Fabrikam VPN', account: 'ada.l' } }),
  at('codes/wrong', { at: 'codes' }, { codesProblem: 'secret' }),
  at(
    'codes/kept already',
    { at: 'codes' },
    { newCodes: { issuer: 'Fabrikam VPN', account: 'ada.l' }, codesProblem: 'kept-already' },
  ),

  at('history/none', { at: 'history' }),
  at(
    'history/all',
    { at: 'history' },
    {
      history: [
        ...results.map((result, i) => ended(result, {}, sampleNow - i * 7_200 * second)),
        ended('approved', { purpose: 'pairing' }, sampleNow - 86_400 * 3 * second),
        ended('declined', { client: long.title, account: long.account }, sampleNow - 86_400 * 4 * second),
      ],
    },
  ),
  at('settings/usual', { at: 'settings' }),
  at('settings/blocked', { at: 'settings' }, { notifications: 'blocked', canInstall: true }),
  at('entry/account', { at: 'entry', entry: contoso.id }),
  at('entry/removed', { at: 'entry', entry: contoso.id }, { entries: [{ ...contoso, state: 'removed' }] }),
  at('entry/codes', { at: 'entry', entry: fabrikam.id }),
  at('entry/long', { at: 'entry', entry: long.id }, { entries: [long] }),
  at('remove/account', { at: 'remove', entry: contoso.id }, { online: false }),
  at('remove/codes', { at: 'remove', entry: fabrikam.id }),
  at('remove/removing', { at: 'remove', entry: contoso.id }, { removing: true }),

  at('starting', { at: 'home' }, { phase: 'starting' }),
  ...obstacles.map(obstacle => at(`obstacle/${obstacle}`, { at: 'home' }, { obstacle })),
];
