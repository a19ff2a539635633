/** Signs a person in to a program without a browser: they open an address on any machine, and type a code (RFC 8628). */
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID } = process.env;
const issuer = new URL(ISSUER);
// openid-client refuses http, which is for development on one machine.
const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, CLIENT_ID, undefined, client.None(), { execute });

// Add offline_access where the program stays signed in, and keep the refresh token as you would keep a password.
const codes = await client.initiateDeviceAuthorization(config, { scope: 'openid profile email' });
console.log(`Open ${codes.verification_uri} and enter ${codes.user_code}`);
console.log(`Or open ${codes.verification_uri_complete}`);

try {
  // Asks until the person has answered, as often as the issuer allows.
  const tokens = await client.pollDeviceAuthorizationGrant(config, codes);
  const { name, email } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  console.log(`Signed in as ${name}, ${email}`);
} catch (error) {
  // access_denied: the person said no. expired_token: nobody answered in time.
  console.error(`The sign-in failed: ${error.error ?? error.code ?? error.message}`);
  process.exitCode = 1;
}
