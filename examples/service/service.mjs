/** A program that acts for itself, without a person: it gets a token by its secret (client credentials), and calls the API. */
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT = '4000', API = `http://localhost:${PORT}/` } = process.env;

/** What the API answers. */
export const callApi = async () => {
  const issuer = new URL(ISSUER);
  // openid-client refuses http, which is for development on one machine.
  const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  const config = await client.discovery(issuer, CLIENT_ID, CLIENT_SECRET, undefined, { execute });
  // One token serves many calls until it expires. A service that runs for long asks for a new one shortly before.
  const { access_token } = await client.clientCredentialsGrant(config, { resource: API, scope: 'reports:read' });
  const answer = await fetch(new URL('reports', API), { headers: { authorization: `Bearer ${access_token}` } });
  if (!answer.ok) throw new Error(`the API answered ${answer.status}: ${answer.headers.get('www-authenticate')}`);
  return answer.json();
};
