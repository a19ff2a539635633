/** Libraries for Node.js that sign people in on a server. */
import { plainHttp } from './plain-http.ts';
import { fullIdToken, optionalPkce, signedByRs256, type Software } from './software.ts';

export const express: Software = {
  title: 'Express with express-openid-connect',
  registration: { ...signedByRs256, ...fullIdToken },
  redirectPath: '/callback',
  // It returns to `baseURL` as it is written, without a slash.
  logoutPath: '',
  sends: 'PKCE and nonce',
  snippetSendsPkce: true,
  file: 'app.mjs',
  syntax: 'js',
  snippet: ({ issuer, clientId, clientSecret, url, random }) => `\
import express from "express";
import { auth } from "express-openid-connect";

const app = express();
app.use(
  auth({
    issuerBaseURL: "${issuer}",
    baseURL: "${url}",
    clientID: "${clientId}",
    clientSecret: "${clientSecret}",
    secret: "${random}",
    authorizationParams: { response_type: "code", scope: "openid profile email" },
    idpLogout: true,
  }),
);
app.get("/", (request, response) => response.send(\`Hello \${request.oidc.user.name}\`));
app.listen(Number(process.env.PORT ?? 3000));
`,
  notes: ["Without `response_type: 'code'` it asks for `id_token`, which is refused: the code flow is the only one."],
};

export const openidClient: Software = {
  title: 'openid-client',
  registration: {},
  redirectPath: '/callback',
  logoutPath: '/',
  sends: 'PKCE',
  snippetSendsPkce: true,
  file: 'sign-in.mjs',
  syntax: 'js',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
import * as client from "openid-client";

const config = await client.discovery(new URL("${issuer}"), "${clientId}", "${clientSecret}"${plainHttp(issuer, 'undefined')});

/** Where to send the browser, and what to keep in the session until it returns. */
export const begin = async () => {
  const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: "${redirectUri}",
    scope: "openid profile email",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  });
  return { url, verifier, state };
};

/** Who signed in. \`returnedTo\`: the whole address with which the browser returned. */
export const finish = async (returnedTo, { verifier, state }) => {
  const checks = { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, new URL(returnedTo), checks);
  return client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
};
`,
};

export const passport: Software = {
  title: 'Passport with openid-client',
  registration: {},
  redirectPath: '/callback',
  logoutPath: '/',
  sends: 'PKCE',
  snippetSendsPkce: true,
  file: 'passport.mjs',
  syntax: 'js',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
import * as client from "openid-client";
import { Strategy } from "openid-client/passport";
import passport from "passport";

const config = await client.discovery(new URL("${issuer}"), "${clientId}", "${clientSecret}"${plainHttp(issuer, 'undefined')});
const options = { config, scope: "openid profile email", callbackURL: "${redirectUri}" };
const verify = async (tokens, done) => {
  try {
    done(null, await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
  } catch (error) {
    done(error);
  }
};
passport.use("sallyport", new Strategy(options, verify));
// app.get("/login", passport.authenticate("sallyport"));
// app.get("/callback", passport.authenticate("sallyport", { successRedirect: "/", failureRedirect: "/login" }));
`,
};

export const passportOpenidconnect: Software = {
  title: 'passport-openidconnect',
  registration: { ...optionalPkce, ...signedByRs256, ...fullIdToken },
  redirectPath: '/callback',
  sends: 'neither',
  snippetSendsPkce: false,
  file: 'passport.mjs',
  syntax: 'js',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
import passport from "passport";
import OpenIDConnectStrategy from "passport-openidconnect";

const options = {
  issuer: "${issuer}",
  authorizationURL: "${issuer}/auth",
  tokenURL: "${issuer}/token",
  userInfoURL: "${issuer}/me",
  clientID: "${clientId}",
  clientSecret: "${clientSecret}",
  callbackURL: "${redirectUri}",
  scope: ["profile", "email"],
  nonce: true,
};
passport.use(new OpenIDConnectStrategy(options, (issuer, profile, done) => done(null, profile)));
// app.get("/login", passport.authenticate("openidconnect"));
// app.get("/callback", passport.authenticate("openidconnect", { successRedirect: "/", failureRedirect: "/login" }));
`,
  notes: [
    'It cannot send PKCE. The snippet sends a nonce, which is enough: `clients set ID --no-pkce` then asks for one.',
    'Prefer openid-client/passport.',
  ],
};

export const authJs: Software = {
  title: 'Next.js with Auth.js',
  registration: { ...signedByRs256, ...fullIdToken },
  redirectPath: '/api/auth/callback/sallyport',
  sends: 'PKCE',
  snippetSendsPkce: true,
  file: 'auth.js',
  syntax: 'js',
  snippet: ({ issuer, clientId, clientSecret, random }) => `\
import NextAuth from "next-auth";

export const { handlers, auth, signIn, signOut } = NextAuth({
  secret: "${random}",
  providers: [
    {
      id: "sallyport",
      name: "Sallyport",
      type: "oidc",
      issuer: "${issuer}",
      clientId: "${clientId}",
      clientSecret: "${clientSecret}",
      checks: ["pkce", "state", "nonce"],
    },
  ],
});
`,
  notes: ['The file app/api/auth/[...nextauth]/route.js exports `GET` and `POST` of `handlers`.'],
};
