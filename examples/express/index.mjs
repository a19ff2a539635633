/**
 * Signs people in on Express:
 *
 *     GET  /          for everybody
 *     GET  /me        needs a sign-in
 *     GET  /transfer  needs a sign-in with a second step, and asks for it where the sign-in had none
 *     POST /logout    ends the session here and at the issuer
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '4000' } = process.env;
const own = `http://localhost:${PORT}`;
const issuer = new URL(ISSUER);
// openid-client refuses http, which is for development on one machine.
const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });

const app = express();
// In the memory of this process, and not `secure`: change both for more than one machine.
const cookie = { httpOnly: true, sameSite: 'lax' };
app.use(session({ name: 'example', secret: randomUUID(), resave: false, saveUninitialized: false, cookie }));

/** Sends the browser to the issuer. After the sign-in it comes back to the page that it asked for. */
const signIn = async (request, response, more = {}) => {
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  request.session.begun = { verifier, state, nonce, returnTo: request.originalUrl };
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: `${own}/callback`,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  response.redirect(to.href);
};

app.get('/callback', async (request, response) => {
  const { begun } = request.session;
  if (begun === undefined) {
    response.status(400).type('text').send('This browser has begun no sign-in.');
    return;
  }
  const tokens = await client.authorizationCodeGrant(config, new URL(request.originalUrl, own), {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const { sub, acr, amr } = tokens.claims();
  const { name, email } = await client.fetchUserInfo(config, tokens.access_token, sub);
  // A new session id: an attacker may know the earlier one, and would be signed in with it (session fixation).
  await new Promise((resolve, reject) => {
    request.session.regenerate(error => (error ? reject(error) : resolve()));
  });
  Object.assign(request.session, { person: { sub, name, email, acr, amr }, idToken: tokens.id_token });
  response.redirect(begun.returnTo);
});

/** Levels with a second step. The issuer reaches one of them, or answers with an error: the claim is essential. */
const withSecondStep = ['mfa', 'aal2', 'phr'];
const askForSecondStep = {
  claims: JSON.stringify({ id_token: { acr: { essential: true, values: withSecondStep } } }),
};

app.get('/', (_request, response) => {
  response.send(`<!doctype html>
    <title>Express</title>
    <h1>Express</h1>
    <p><a href="/me">Who am I?</a> <a href="/transfer">Transfer money</a></p>
    <form method="post" action="/logout"><button>Sign out</button></form>`);
});

app.get('/me', (request, response) =>
  request.session.person === undefined ? signIn(request, response) : response.json(request.session.person),
);

app.get('/transfer', (request, response) =>
  withSecondStep.includes(request.session.person?.acr)
    ? response.json({ transferred: true, by: request.session.person })
    : signIn(request, response, askForSecondStep),
);

app.post('/logout', async (request, response) => {
  const { idToken } = request.session;
  await new Promise(resolve => {
    request.session.destroy(resolve);
  });
  const to = client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${own}/` });
  response.redirect(idToken === undefined ? '/' : to.href);
});

/** `error` has the code of OAuth where the issuer refused, for example `access_denied` after Cancel. */
app.use((error, _request, response, _next) => {
  console.error(error);
  response
    .status(400)
    .type('text')
    .send(`The sign-in failed: ${error.error ?? error.code ?? 'unknown'}`);
});

app.listen(Number(PORT), 'localhost', () => console.log(`Open ${own}`));
