/** Samples of the pages of the developer portal. */
import type { PortalFrame } from '../account-props.ts';
import type { ClientSnippet } from '../../../src/oidc/developers/snippets.ts';
import type { DeveloperClientPage } from '../developer-props.ts';
import * as pages from '../index.ts';
import { hostile, now, reference, type Sample } from './shared.ts';

const day = 86_400_000;
const id = 'a7c1f0de-5b0e-4c39-9a55-0d3f6a1b9c20';
const at = (path: string): PortalFrame => ({
  account: 'grace@contoso.example',
  reference,
  now,
  here: `/developer${path}`,
});

const node: ClientSnippet = {
  name: 'openid-client',
  title: 'openid-client',
  file: 'sign-in.mjs',
  text: `import * as client from "openid-client";

const config = await client.discovery(new URL("https://login.contoso.example"), "${id}", "THE-CLIENT-SECRET");

/** Where to send the browser, and what to keep in the session until it returns. */
export const begin = async () => {
  const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
  return { verifier, state };
};
`,
  notes: [],
  differences: [],
};
const python: ClientSnippet = {
  ...node,
  name: 'authlib',
  title: 'Flask with Authlib',
  file: 'app.py',
  text: 'oauth.register("sallyport")\n',
  notes: ['It reads the discovery document once, at its start.'],
  differences: ['id_token_signed_response_alg: got "ES256", expected "RS256"'],
};
const curl: ClientSnippet = { name: 'curl', title: 'curl', text: 'curl …\n', notes: [], differences: [] };

const client: DeveloperClientPage = {
  ...at(`/clients/${id}`),
  id,
  name: 'Contoso Office',
  kind: 'web',
  role: 'owner',
  issuer: 'https://login.contoso.example',
  proves: 'secret',
  redirectUris: ['https://office.contoso.example/callback', 'http://localhost:8080/callback'],
  afterSignOut: ['https://office.contoso.example/'],
  secondStep: 'mfa',
  rules: [
    {
      name: 'outside',
      when: 'outside office',
      requires: 'aal2',
      because: 'Outside the office a second step is needed.',
    },
    { name: 'night', when: 'for the groups guests', requires: 'refuses the sign-in' },
  ],
  waiting: [],
  isFromFile: false,
  canTry: true,
  snippets: [node, python, curl],
  others: [
    { name: 'grafana', title: 'Grafana' },
    { name: 'gitlab', title: 'GitLab' },
  ],
  failures: [
    {
      code: 'IDP-4101',
      error: 'invalid_redirect_uri',
      endpoint: 'authorization',
      sent: 'http://localhost:8080/callback/',
      registered: 'http://localhost:8080/callback',
      explanation:
        'got "http://localhost:8080/callback/", registered "http://localhost:8080/callback" and 1 more: different slash at the end',
      reference: '9TQ4B7WE',
      count: 3,
      firstAt: now - day,
      lastAt: now - 600_000,
    },
    {
      code: 'IDP-4104',
      error: 'invalid_client',
      endpoint: 'token',
      explanation: 'the client_secret is not that of this client',
      count: 1,
      firstAt: now - 3 * day,
      lastAt: now - 3 * day,
    },
  ],
  signIns: [
    {
      required: 'aal2',
      mfaMaxAge: 600,
      factors: ['totp', 'passkey'],
      how: 'asked',
      factor: 'totp',
      decided: ['rule outside', 'client'],
      reference: '7K3MQ2XA',
      count: 12,
      firstAt: now - day,
      lastAt: now - 120_000,
    },
    {
      required: 'mfa',
      how: 'session',
      factor: 'passkey',
      decided: ['server', 'person'],
      reference: '2HD8N4RC',
      count: 1,
      firstAt: now - 3_600_000,
      lastAt: now - 3_600_000,
    },
    {
      required: 'mfa',
      how: 'asked',
      factor: 'push',
      flow: 'ciba',
      decided: ['person'],
      reference: '8Q2WN5RT',
      count: 1,
      firstAt: now - 7_200_000,
      lastAt: now - 7_200_000,
    },
    {
      refused: 'policy',
      required: 'mfa',
      decided: ['rule night'],
      reference: '5XW2K9BT',
      count: 2,
      firstAt: now - day,
      lastAt: now - day,
    },
  ],
  tokens: [
    { grantType: 'refresh_token', count: 212, firstAt: now - 20 * day, lastAt: now - 120_000 },
    { grantType: 'authorization_code', count: 12, firstAt: now - 20 * day, lastAt: now - 3_600_000 },
  ],
  team: [
    { userId: 'u1', name: 'grace@contoso.example', role: 'owner', addedAt: now - 40 * day, isYou: true },
    { userId: 'u2', name: 'ada@contoso.example', role: 'member', addedAt: now - 2 * day, isYou: false },
  ],
};
const publicClient: DeveloperClientPage = {
  ...client,
  name: 'Photo wall',
  kind: 'spa',
  proves: 'none',
  role: 'member',
  afterSignOut: [],
  secondStep: 'request',
  failures: [],
  signIns: [],
  tokens: [],
  snippets: [node],
  others: [],
};
const clientAt = (state: string, more: Partial<DeveloperClientPage>): Sample => ({
  name: `developer/client/${state}`,
  draw: words => pages.developerClientPage({ ...client, ...more }, words),
});

const refusedAddress = {
  field: 'redirect_uris',
  message: 'redirect_uris: got "http://office.contoso.example/callback", expected https, or http on this machine',
} as const;
const form = {
  client_name: 'Contoso Office',
  redirect_uris: client.redirectUris.join('\n'),
  post_logout_redirect_uris: client.afterSignOut.join('\n'),
  second_step: 'mfa',
  mfa_max_age: '',
  client_uri: 'https://office.contoso.example/',
  backchannel_logout_uri: '',
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  pkce: 'yes',
  claims_in_id_token: '',
};
const edit = { ...at(`/clients/${id}/edit`), id, name: client.name, form, needsApproval: false };
const about = { ...at(`/clients/${id}`), id, name: client.name };
const typed = {
  client_name: 'Contoso Office',
  url: 'http://localhost:3000',
  redirect_uris: 'http://localhost:3000/callback',
};
const fresh = { ...at('/new/web'), choice: 'web', asks: 'redirect_uris', typed } as const;
const grafana = { ...at('/new/grafana'), choice: 'grafana', title: 'Grafana', asks: 'url', typed } as const;

export const developers: readonly Sample[] = [
  { name: 'developer/list/empty', draw: words => pages.developerListPage({ ...at(''), clients: [] }, words) },
  {
    name: 'developer/list/some',
    draw: words =>
      pages.developerListPage(
        {
          ...at(''),
          notice: 'deleted',
          clients: [
            { id, name: 'Contoso Office', kind: 'web' },
            { id: 'photo-wall', name: 'Photo wall', kind: 'spa', waits: 'client' },
            { id: 'tv', name: hostile, kind: 'device', waits: 'change' },
          ],
        },
        words,
      ),
  },
  { name: 'developer/refused', draw: words => pages.developerRefusedPage(at(''), words) },
  {
    name: 'developer/choose',
    draw: words =>
      pages.developerChoosePage(
        {
          ...at('/new'),
          kinds: ['web', 'spa', 'native', 'device'],
          software: [
            { name: 'grafana', title: 'Grafana' },
            { name: 'gitlab', title: 'GitLab' },
            { name: 'express-openid-connect', title: 'Express with express-openid-connect' },
          ],
        },
        words,
      ),
  },
  { name: 'developer/new/kind', draw: words => pages.developerNewPage(fresh, words) },
  { name: 'developer/new/software', draw: words => pages.developerNewPage(grafana, words) },
  {
    name: 'developer/new/wrong',
    draw: words => pages.developerNewPage({ ...fresh, refused: refusedAddress }, words),
  },
  { name: 'developer/new/limit', draw: words => pages.developerNewPage({ ...fresh, refused: { limit: 20 } }, words) },
  clientAt('web', {}),
  clientAt('new', { newSecret: 'q7Rk0-dT3f6mZ2yVb9eLx5wNc8uHs1jPaQ4gKiMoEtY', failures: [], notice: 'added' }),
  clientAt('rotating', { previousSecretUntil: now + 7 * day }),
  clientAt('waiting', { waitsSince: now - 3_600_000, canTry: false, failures: [] }),
  clientAt('change-waits', {
    waiting: [
      ['client_name', [hostile]],
      ['redirect_uris', ['https://new.contoso.example/callback', `https://office.example/${'x'.repeat(200)}`]],
    ],
  }),
  clientAt('file', { isFromFile: true }),
  { name: 'developer/client/public', draw: words => pages.developerClientPage(publicClient, words) },
  clientAt('hostile', { name: hostile, redirectUris: [`https://office.example/${'x'.repeat(200)}`] }),
  { name: 'developer/edit', draw: words => pages.developerEditPage(edit, words) },
  {
    name: 'developer/edit/wrong',
    draw: words => pages.developerEditPage({ ...edit, needsApproval: true, refused: refusedAddress }, words),
  },
  {
    name: 'developer/edit/refused',
    draw: words =>
      pages.developerEditPage({ ...edit, refused: { message: 'this client is declared in a file' } }, words),
  },
  { name: 'developer/secret', draw: words => pages.developerSecretPage(about, words) },
  { name: 'developer/secret/two', draw: words => pages.developerSecretPage({ ...about, refused: true }, words) },
  { name: 'developer/delete', draw: words => pages.developerDeletePage(about, words) },
  {
    name: 'developer/team',
    draw: words => pages.developerTeamPage({ ...about, isOwner: true, team: client.team }, words),
  },
  {
    name: 'developer/team/member',
    draw: words => pages.developerTeamPage({ ...about, isOwner: false, team: client.team }, words),
  },
  ...(['unknown-person', 'full', 'last-owner'] as const).map(reason => ({
    name: `developer/team/${reason}`,
    draw: (words: Parameters<typeof pages.developerTeamPage>[1]) =>
      pages.developerTeamPage({ ...about, isOwner: true, team: client.team, refused: { reason, typed: 'ada' } }, words),
  })),
];
