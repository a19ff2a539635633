/**
 * A site that calls the API for the person:
 *
 *     GET /          for everybody
 *     GET /team      needs a sign-in
 *     GET /payslips  needs the sign-in that the API asks for
 *
 * In reality the API is another program, on another machine.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';
import { api } from './api.mjs';
import { requestFor } from './challenge.mjs';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '4000' } = process.env;
const own = `http://localhost:${PORT}`;
const resource = `${own}/api/`;
const issuer = new URL(ISSUER);
// openid-client refuses http, which is for development on one machine.
const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });

const app = express();
app.use('/api', api);
// In the memory of this process, and not `secure`: change both for more than one machine.
const cookie = { httpOnly: true, sameSite: 'lax' };
app.use(session({ name: 'example', secret: randomUUID(), resave: false, saveUninitialized: false, cookie }));

/** Sends the browser to the issuer. `asked`: the parameters of a challenge. `isAgain`: the API has refused a token. */
const signIn = async (request, response, { asked = {}, isAgain = false } = {}) => {
  const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
  request.session.begun = { verifier, state, returnTo: request.path, isAgain };
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: `${own}/callback`,
    scope: 'openid team:read payslips:read',
    resource,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...asked,
  });
  response.redirect(to.href);
};

app.get('/callback', async (request, response) => {
  const { begun } = request.session;
  if (begun === undefined) return response.status(400).type('text').send('This browser has begun no sign-in.');
  const { access_token: token } = await client.authorizationCodeGrant(config, new URL(request.originalUrl, own), {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    idTokenExpected: true,
  });
  // A new session id: an attacker may know the earlier one, and would be signed in with it (session fixation).
  await new Promise((resolve, reject) => {
    request.session.regenerate(error => (error ? reject(error) : resolve()));
  });
  Object.assign(request.session, { token, isAgain: begun.isAgain });
  return response.redirect(begun.returnTo);
});

/** Shows what the API answers. A refusal leads to the issuer once: it may reach less than the API asks for. */
const show = path => async (request, response) => {
  const { token, isAgain = false } = request.session;
  if (token === undefined) return signIn(request, response);
  const answer = await fetch(new URL(path, resource), { headers: { authorization: `Bearer ${token}` } });
  request.session.isAgain = false;
  if (answer.ok) return response.json(await answer.json());
  const challenge = answer.headers.get('www-authenticate');
  // 401 without a challenge for the sign-in: the token has ended, with its session at the issuer or after an hour.
  if (answer.status === 401 && !isAgain)
    return signIn(request, response, { asked: requestFor(challenge), isAgain: true });
  return response.status(403).type('text').send(`The API refused: ${challenge}`);
};
app.get('/team', show('team'));
app.get('/payslips', show('payslips'));
app.get('/', (_request, response) => {
  response.send(`<!doctype html>
    <title>Team site</title>
    <h1>Team site</h1>
    <p><a href="/team">The team</a> <a href="/payslips">My payslips</a></p>`);
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
