/**
 * An API with two routes:
 *
 *     GET /api/team      scope team:read
 *     GET /api/payslips  scope payslips:read, and a sign-in with a second step, at most five minutes old
 */
import express from 'express';
import * as client from 'openid-client';
import { challengeTo } from './challenge.mjs';

const { ISSUER, API_CLIENT_ID, API_CLIENT_SECRET, PORT = '4000', API = `http://localhost:${PORT}/api/` } = process.env;
const issuer = new URL(ISSUER);
// openid-client refuses http, which is for development on one machine.
const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
const config = await client.discovery(issuer, API_CLIENT_ID, API_CLIENT_SECRET, undefined, { execute });

/** Lets a request through where its token has the scope and the sign-in behind it is enough. */
const needs =
  ({ scope, ...signIn }) =>
  async (request, response, next) => {
    const refuse = (status, challenge) => response.status(status).set('www-authenticate', challenge).end();
    const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) return refuse(401, 'Bearer');
    // Asked each time: a token that was revoked is not active any more. A token of another API never is.
    const claims = await client.tokenIntrospection(config, token);
    if (!claims.active || claims.aud !== API) return refuse(401, 'Bearer error="invalid_token"');
    if (!String(claims.scope).split(' ').includes(scope)) {
      return refuse(403, `Bearer error="insufficient_scope", scope="${scope}"`);
    }
    const challenge = challengeTo(claims, signIn, Date.now());
    return challenge === undefined ? next() : refuse(401, challenge);
  };

export const api = express.Router();
api.get('/team', needs({ scope: 'team:read' }), (_request, response) => response.json({ team: ['Ada', 'Grace'] }));
api.get(
  '/payslips',
  needs({ scope: 'payslips:read', acr: ['mfa', 'aal2', 'phr'], maxAge: 300 }),
  (_request, response) => response.json({ payslips: ['2026-11'] }),
);
