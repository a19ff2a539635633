/**
 * Signs people in on Koa:
 *
 *     GET  /        the person; signs in where there is none
 *     POST /logout  ends the session here and at the issuer
 */
import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import Koa from 'koa';
import session from 'koa-session';
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '4000' } = process.env;
const own = `http://localhost:${PORT}`;
const issuer = new URL(ISSUER);
// openid-client refuses http, which is for development on one machine.
const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });

const app = new Koa();
app.keys = [randomUUID()];
// In the memory of this process, and not `secure`: change both for more than one machine. Without a store koa-session puts all of a
// session into its cookie, where a sign-out could not end it.
const sessions = new Map();
const store = {
  get: async id => sessions.get(id),
  set: async (id, value) => void sessions.set(id, value),
  destroy: async id => void sessions.delete(id),
};
app.use(session({ key: 'example', store, httpOnly: true, sameSite: 'lax' }, app));

const router = new Router();

router.get('/', async ctx => {
  if (ctx.session.person !== undefined) {
    ctx.body = ctx.session.person;
    return;
  }
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  ctx.session.begun = { verifier, state, nonce };
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: `${own}/callback`,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  ctx.redirect(to.href);
});

router.get('/callback', async ctx => {
  const { begun } = ctx.session;
  ctx.assert(begun, 400, 'This browser has begun no sign-in.');
  const tokens = await client.authorizationCodeGrant(config, new URL(ctx.originalUrl, own), {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const { sub, acr, amr } = tokens.claims();
  const { name, email } = await client.fetchUserInfo(config, tokens.access_token, sub);
  ctx.session = { person: { sub, name, email, acr, amr }, idToken: tokens.id_token };
  // A new session id: an attacker may know the earlier one, and would be signed in with it (session fixation).
  await ctx.session.regenerate();
  ctx.redirect('/');
});

router.post('/logout', ctx => {
  const { idToken } = ctx.session;
  // koa-session ends a session that is set to null.
  ctx.session = null;
  const to = client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${own}/` });
  ctx.redirect(idToken === undefined ? '/' : to.href);
});

/** `error` has the code of OAuth where the issuer refused, for example `access_denied` after Cancel. */
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    console.error(error);
    ctx.status = 400;
    ctx.body = error.expose ? error.message : `The sign-in failed: ${error.error ?? error.code ?? 'unknown'}`;
  }
});
app.use(router.routes());
app.listen(Number(PORT), 'localhost', () => console.log(`Open ${own}`));
