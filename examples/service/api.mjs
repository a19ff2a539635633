/** An API that checks tokens by itself (RFC 9068): signature, issuer, audience, expiry and scope. It needs no secret. */
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, PORT = '4000', API = `http://localhost:${PORT}/` } = process.env;
// Fetched once, and again when a token names a key that is not known yet.
const keys = createRemoteJWKSet(new URL('/jwks', ISSUER));

/** Claims of a token that is for this API. @throws an error of jose for any other */
const verified = async authorization => {
  const [, token = ''] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
  const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: API, typ: 'at+jwt' });
  return payload;
};

const answer = async request => {
  let claims;
  try {
    claims = await verified(request.headers.authorization);
  } catch {
    return [401, { 'www-authenticate': 'Bearer error="invalid_token"' }];
  }
  if (!String(claims.scope).split(' ').includes('reports:read')) {
    return [403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="reports:read"' }];
  }
  // A token of a service has no person: its `sub` is the client.
  return [200, {}, { reports: ['2026-11'], for: claims.client_id }];
};

/** Resolves once it listens. */
export const startApi = () => {
  const server = createServer(async (request, response) => {
    const [status, headers, body] = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  return new Promise(resolve => {
    server.listen(Number(PORT), 'localhost', () => resolve(server));
  });
};
