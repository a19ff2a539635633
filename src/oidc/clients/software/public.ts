/** Clients that cannot keep a secret: a page, and a program on the machine of each person. */
import { plainHttp } from './plain-http.ts';
import type { Software } from './software.ts';

export const spa: Software = {
  title: 'Single-page application with oidc-client-ts',
  registration: { token_endpoint_auth_method: 'none', application_type: 'web' },
  redirectPath: '/callback',
  logoutPath: '/',
  sends: 'PKCE',
  snippetSendsPkce: true,
  file: 'sign-in.js',
  syntax: 'js',
  snippet: ({ issuer, clientId, redirectUri, url }) => `\
import { UserManager } from "oidc-client-ts";

const manager = new UserManager({
  authority: "${issuer}",
  client_id: "${clientId}",
  redirect_uri: "${redirectUri}",
  post_logout_redirect_uri: "${url}/",
  scope: "openid profile email",
  loadUserInfo: true,
});

/** Who is signed in; leaves the page to sign in where nobody is. */
export const signedIn = async () => {
  if (location.href.startsWith("${redirectUri}?")) {
    const user = await manager.signinRedirectCallback();
    history.replaceState(null, "", "/");
    return user;
  }
  return (await manager.getUser()) ?? manager.signinRedirect();
};
export const signOut = () => manager.signoutRedirect();
`,
};

export const nativeCli: Software = {
  title: 'Command-line program with openid-client',
  registration: { token_endpoint_auth_method: 'none', application_type: 'native' },
  redirectPath: '/callback',
  url: 'http://127.0.0.1',
  sends: 'PKCE',
  snippetSendsPkce: true,
  file: 'sign-in.mjs',
  syntax: 'js',
  snippet: ({ issuer, clientId, redirectUri }) => `\
import { createServer } from "node:http";
import * as client from "openid-client";

const config = await client.discovery(new URL("${issuer}"), "${clientId}", undefined, client.None()${plainHttp(issuer)});
const server = createServer();
await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));

// RFC 8252 §7.3: a free port of this machine, which is not registered.
const callback = new URL("${redirectUri}");
callback.port = server.address().port;
const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: callback.href,
  scope: "openid profile",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});
console.log(\`Open \${url}\`);

const returned = await new Promise(resolve => {
  server.on("request", (request, response) => {
    response.end("You can close this page.");
    const to = new URL(request.url, callback);
    if (to.pathname === callback.pathname) resolve(to);
  });
});
server.close();
server.closeIdleConnections();
const tokens = await client.authorizationCodeGrant(config, returned, { pkceCodeVerifier: verifier, expectedState: state });
console.log(\`Hello \${(await client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck)).name}\`);
`,
  notes: ['A program with a scheme of its own: `clients set ID --add-redirect-uri com.example.app:/callback`.'],
};
