/** Draws the pages of Contoso Office. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import type { SamplePerson } from './provider-client.ts';
import { failureFor, signedInSentence, unmetSentence } from './sentences.ts';
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

const phonesLink = (simulator: string | undefined, words: string): Html | undefined =>
  simulator === undefined ? undefined : html`<a href="${simulator}" target="_blank" rel="noopener">${words}</a>`;

/** Whom to sign in as. The name goes to the provider as `login_hint`, so that the password alone is to be typed. */
const samplePeople = (people: readonly SamplePerson[], simulator: string | undefined): Html =>
  html`<section class="card people" aria-labelledby="people-title">
    <h2 id="people-title">Sign in as</h2>
    <ul>
      ${people.map(
        ({ name, password, secondStep }) =>
          html`<li>
            <a href="/login?login_hint=${encodeURIComponent(name)}&amp;prompt=login">${name}</a>
            <span class="mono">${password}</span> <span class="fine">${secondStep}</span>
          </li>`,
      )}
    </ul>
    ${simulator === undefined ? undefined : html`<p>It rings in the ${phonesLink(simulator, 'simulator')}: keep it open beside this page.</p>`}
  </section>`;

/** The page of a browser that is not signed in. */
export const welcomePage = ({
  issuer,
  people,
  simulator,
  note,
}: {
  readonly issuer: string;
  readonly people: readonly SamplePerson[];
  /** The address of the phones. */
  readonly simulator: string | undefined;
  readonly note: string | undefined;
}): string =>
  page(
    'Welcome',
    html`<section class="card welcome">
        <p class="band">Everything for your day at Contoso</p>
        <h1>Good to see you</h1>
        ${note === undefined ? undefined : html`<p class="note" role="status">${note}</p>`}
        <p>Documents, mail and calendar in one place. Sign in with your work account to continue.</p>
        <form action="/login" method="get"><button class="primary" type="submit">Sign in</button></form>
        <p class="fine">A sample relying party. You sign in at <span class="mono">${issuer}</span>.</p>
      </section>
      ${people.length === 0 ? undefined : samplePeople(people, simulator)}`,
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

/** The page of a browser that is signed in: what happened in one sentence, then claims, tokens, and actions. */
export const signedInPage = (signedIn: SignedIn, simulator?: string, note?: string): string => {
  const { claims, userinfo, renewals, refreshToken } = signedIn;
  const name = text(claims['name'] ?? userinfo?.['name'] ?? claims['preferred_username'] ?? claims['sub']);
  const unmet = unmetSentence(signedIn.asked, claims, name);
  const how = signedInSentence(claims);
  return page(
    'Signed in',
    html`<section class="card">
        <h1>Hello, <span id="name">${name}</span></h1>
        ${how && html`<p id="how">${how}</p>`} ${unmet && html`<p class="unmet" id="unmet" role="status">${unmet}</p>`}
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
        ${simulator && html`<p class="fine">${phonesLink(simulator, 'Phones in the simulator')}</p>`}
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

/** The page for an error of the provider or of the request: words for the person first, then those for a developer. */
export const failedPage = (code: string, detail: string): string => {
  const failure = failureFor(code);
  return page(
    failure.title,
    html`<section class="card" role="alert">
      <h1>${failure.title}</h1>
      <p>${failure.text}</p>
      <form action="/login" method="get"><button class="primary" type="submit">Try again</button></form>
      <p><a href="/">Back to Contoso Office</a></p>
      <p class="fine">For developers: <span class="mono" id="error">${code}</span>, <span id="error-detail">${detail}</span></p>
    </section>`,
  );
};
