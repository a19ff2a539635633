/** Samples of the pages of the playground. */
import type { Outcome } from '../../../src/oidc/playground/exchange.ts';
import type { Exchange } from '../../../src/oidc/playground/shown.ts';
import type { CheckName, ReadIdToken } from '../../../src/oidc/playground/id-token.ts';
import type { Parameters, Wish } from '../../../src/oidc/playground/request.ts';
import { playgroundGonePage, playgroundPage, playgroundRequestPage, playgroundResultPage } from '../index.ts';
import type { PlaygroundFormPage, PlaygroundRequestPage } from '../playground-props.ts';
import { hostile, now, reference, step, type Sample } from './shared.ts';

const frame = { page: '/playground', reference };
const portal = { account: step.account, reference, now, here: '/developer/playground' };
const issuer = 'http://localhost:3000';
const clients = [
  { id: 'contoso-office', name: 'Contoso Office' },
  { id: 'contoso-shop', name: 'Contoso Shop' },
];
const wish: Wish = {
  client: 'contoso-office',
  scope: 'openid profile email',
  acrValues: 'mfa',
  prompt: '',
  maxAge: '300',
  claims: '',
  uiLocales: '',
  isPushed: false,
};
const longest = {
  client: 256,
  scope: 1024,
  acr_values: 512,
  prompt: 64,
  max_age: 10,
  claims: 4096,
  ui_locales: 256,
  par: 3,
};
const redirectUri = `${issuer}/playground/callback/mx2pqd40.fRB_MKYx9yLM-O2hBqAIQOK1Q9z1Qdhj2LYnhHgwMdE`;
const parameters: Parameters = [
  ['client_id', 'contoso-office'],
  ['response_type', 'code'],
  ['redirect_uri', redirectUri],
  ['scope', 'openid profile email'],
  ['state', 'QcdjcyiFrEqYH9KBsJCGQw'],
  ['nonce', 'UZ8gBugEvNstFutusxdV4w'],
  ['code_challenge', 'CTWtWFME-pq-6qQNLxvwUDQYE_wwuNa1y_pNA9oKiWs'],
  ['code_challenge_method', 'S256'],
  ['acr_values', 'mfa'],
  ['max_age', '300'],
];
const to = `${issuer}/auth?${new URLSearchParams(Object.fromEntries(parameters)).toString()}`;
const send = { to, curl: `curl -i '${to}'` };
const posted = `POST /request HTTP/1.1
Host: localhost:3000
Authorization: Basic BASE64(CLIENT_ID:CLIENT_SECRET)
Content-Type: application/x-www-form-urlencoded

response_type=code
&scope=openid+profile+email`;
const exchange = (status: number, body: object): Exchange => ({
  request: posted,
  answer: `HTTP/1.1 ${status}\ncontent-type: application/json; charset=utf-8\n\n${JSON.stringify(body, undefined, 2)}`,
  status,
  curl: `curl '${issuer}/request'`,
  hasPlaceholders: true,
});
const refusal = { error: 'invalid_request', error_description: 'prompt none must only be used alone' };

const form = (name: string, more: Partial<PlaygroundFormPage> = {}): Sample => ({
  name: `playground/form/${name}`,
  draw: words => playgroundPage({ ...frame, clients, wish, longest, faults: {}, ...more }, words),
});
const request = (name: string, more: Partial<PlaygroundRequestPage>): Sample => ({
  name: `playground/request/${name}`,
  draw: words =>
    playgroundRequestPage(
      { ...frame, client: 'Contoso Office', parameters, link: '/playground?client=contoso-office', ...more },
      words,
    ),
});
const result = (name: string, outcome: Outcome): Sample => ({
  name: `playground/result/${name}`,
  draw: words => playgroundResultPage({ ...frame, outcome, link: '/playground?client=contoso-office' }, words),
});

const answer: Parameters = [
  ['code', 'pT5cXQO9_dR4SmX2mEtYpPcCEjhG1vKd5vUqsXq3Wkb'],
  ['state', 'QcdjcyiFrEqYH9KBsJCGQw'],
  ['iss', issuer],
];
const payload = { sub: '0192f6b2-7b1e-7c3a-9d55-0c8d2c1a4e77', acr: 'mfa', amr: ['pwd', 'tel', 'mfa'], iss: issuer };
const checkNames: readonly CheckName[] = ['signature', 'alg', 'iss', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr'];
const idToken = (states: Partial<Record<string, 'failed' | 'noted'>> = {}): ReadIdToken => ({
  header: JSON.stringify({ alg: 'ES256', typ: 'JWT', kid: 'k1' }, undefined, 2),
  payload: JSON.stringify(payload, undefined, 2),
  checks: checkNames.map(name => ({
    name,
    state: states[name] ?? 'passed',
    ...(states[name] !== 'failed' && { got: name === 'acr' ? 'mfa' : issuer }),
    expected: name === 'acr' ? 'phr' : issuer,
  })),
});
const token = exchange(200, { access_token: 'pT5cXQO9_dR4SmX2mEtYpPcCEjhG1vKd5vUqsXq3Wkb', token_type: 'Bearer' });
const userInfo: Exchange = {
  request: 'GET /me HTTP/1.1\nHost: localhost:3000\nAuthorization: Bearer pT5cXQO9_dR4SmX2mEtYpPcCEjhG1vKd5vUqsXq3Wkb',
  status: 200,
  answer: exchange(200, { sub: payload.sub, email: 'ada@contoso.example', name: 'Ada Lovelace' }).answer,
};

export const playgrounds: readonly Sample[] = [
  form('usual'),
  form('wrong', {
    wish: { ...wish, client: 'gone', scope: '', maxAge: 'soon', claims: '[]', isPushed: true },
    faults: { client: 'unknown', scope: 'missing', max_age: 'number', claims: 'json' },
  }),
  form('without-clients', { clients: [] }),
  form('hostile', {
    clients: [{ id: 'hostile', name: hostile }],
    wish: { ...wish, client: 'hostile', scope: hostile, prompt: hostile, claims: hostile },
    faults: { claims: 'json' },
  }),
  request('ready', { send }),
  request('pushed', {
    send,
    pushed: exchange(201, { expires_in: 60, request_uri: 'urn:ietf:params:oauth:request_uri:b0hB' }),
  }),
  request('refused', { pushed: exchange(400, refusal) }),
  request('hostile', {
    client: hostile,
    send,
    parameters: [
      ['scope', hostile],
      [hostile, hostile],
    ],
  }),
  result('redeemed', {
    kind: 'redeemed',
    answer,
    token,
    tokens: { idToken: idToken(), userInfo, isSameSubject: true },
  }),
  result('noted', { kind: 'redeemed', answer, token, tokens: { idToken: idToken({ acr: 'noted' }), userInfo } }),
  result('failed-checks', {
    kind: 'redeemed',
    answer,
    token,
    tokens: { idToken: idToken({ signature: 'failed', nonce: 'failed' }), userInfo, isSameSubject: false },
  }),
  result('without-openid', { kind: 'redeemed', answer, token, tokens: { userInfo } }),
  result('no-tokens', { kind: 'redeemed', answer, token: exchange(400, { error: 'invalid_grant' }) }),
  result('refused', {
    kind: 'refused',
    answer: Object.entries({ ...refusal, state: 'QcdjcyiFrEqYH9KBsJCGQw', iss: issuer }),
  }),
  result('foreign', { kind: 'foreign', answer: [...answer.slice(0, 2), ['iss', 'https://evil.example']] }),
  result('hostile', {
    kind: 'refused',
    answer: [
      ['error_description', hostile],
      ['state', hostile],
    ],
  }),
  form('of-a-developer', { portal }),
  form('of-a-developer-without-clients', { portal, clients: [] }),
  request('of-a-developer', { portal, send }),
  { name: 'playground/gone', draw: words => playgroundGonePage(frame, words) },
];
