/** Draws the pages of Contoso Office. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { SignedIn } from './signed-in.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));

const page = (title: string, body: Html): string =>
  html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} · Contoso Office</title>
        <link rel="icon" href="/contoso.svg">
        <link rel="stylesheet" href="/tokens.css">
        <link rel="stylesheet" href="/relying-party.css">
      </head>
      <body>
        <header class="top">
          <a class="brandmark" href="/"><span class="tile" aria-hidden="true">C</span>Contoso Office</a>
        </header>
        <main>${body}</main>
      </body>
    </html> `.text;

/** The page of a browser that is not signed in. */
export const welcomePage = (issuer: string, note?: string): string =>
  page(
    'Welcome',
    html`<section class="card welcome">
      <p class="band">Everything for your day at Contoso</p>
      <h1>Good to see you</h1>
      ${note === undefined ? undefined : html`<p class="note" role="status">${note}</p>`}
      <p>Documents, mail and calendar in one place. Sign in with your work account to continue.</p>
      <form action="/login" method="get"><button class="primary" type="submit">Sign in</button></form>
      <p class="fine">A sample relying party. You sign in at <span class="mono">${issuer}</span>.</p>
    </section>`,
  );

const when = (seconds: unknown): string =>
  typeof seconds === 'number' ? `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC` : '';

const row = (term: string, value: unknown, more?: string): Html | undefined =>
  value === undefined
    ? undefined
    : html`<div><dt>${term}</dt><dd id="${term}">${Array.isArray(value) ? value.join(' ') : text(value)}</dd>${
        more ? html`<dd class="more">${more}</dd>` : undefined
      }</div>`;

const actionForm = (method: 'get' | 'post', action: string, label: string, field?: readonly [string, string]): Html =>
  html`<form action="${action}" method="${method}">${
    field === undefined ? undefined : html`<input type="hidden" name="${field[0]}" value="${field[1]}">`
  }<button type="submit">${label}</button></form>`;

/** The page of a browser that is signed in: claims, tokens, and actions. */
export const signedInPage = ({ claims, userinfo, renewals, refreshToken }: SignedIn, note?: string): string => {
  const name = claims['name'] ?? userinfo?.['name'] ?? claims['preferred_username'] ?? claims['sub'];
  return page(
    'Signed in',
    html`<section class="card">
        <h1>Hello, <span id="name">${text(name)}</span></h1>
        ${note === undefined ? undefined : html`<p class="note" role="status">${note}</p>`}
        <dl>
          ${row('acr', claims['acr'], 'level of assurance')} ${row('amr', claims['amr'], 'methods used')}
          ${row('auth_time', claims['auth_time'], when(claims['auth_time']))}
          ${row('sub', claims['sub'])}
          <div><dt>refresh token</dt><dd id="renewals">${
            refreshToken === undefined
              ? 'none'
              : renewals === 0
                ? 'not used yet'
                : renewals === 1
                  ? 'used once'
                  : `used ${renewals} times`
          }</dd></div>
        </dl>
        <div class="acts">
          ${actionForm('post', '/refresh', 'Refresh tokens')} ${actionForm('post', '/userinfo', 'Fetch userinfo')}
          ${actionForm('get', '/login', 'Step up to aal2', ['acr_values', 'aal2'])}
          ${actionForm('get', '/login', 'Sign in again', ['prompt', 'login'])} ${actionForm('post', '/logout', 'Sign out')}
        </div>
      </section>
      <section class="card">
        <h2>ID token</h2>
        <section class="claims" tabindex="0" aria-label="Claims of the ID token"><pre id="id-token">${text(claims)}</pre></section>
        ${
          userinfo &&
          html`<h2>Userinfo</h2>
            <section class="claims" tabindex="0" aria-label="Claims from userinfo"><pre id="userinfo">${text(userinfo)}</pre></section>`
        }
      </section>`,
  );
};

/** The page for an error of the provider or of the request. */
export const failedPage = (code: string, detail: string): string =>
  page(
    'Sign-in failed',
    html`<section class="card" role="alert">
      <h1>Sign-in failed</h1>
      <p id="error-detail">${detail}</p>
      <p class="fine">Code <span class="mono" id="error">${code}</span></p>
      <form action="/login" method="get"><button class="primary" type="submit">Try again</button></form>
      <p><a href="/">Back to Contoso Office</a></p>
    </section>`,
  );
