/**
 * Serves dynamic registration below /reg: clients register themselves (RFC 7591), and read, change and remove what is registered of them
 * (RFC 7592). A request proves itself by a bearer token, so that cookies are neither read nor set.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { CountedAudit } from '../../src/counted-audit.ts';
import { Problem } from '../../src/errors.ts';
import { errorUriOf } from '../../src/oidc/refusals/error-uri.ts';
import { readBody } from '../../src/http/body.ts';
import { noteFacts } from '../../src/http/request-facts.ts';
import { registrationPath, type RefusedRegistration } from '../../src/oidc/registration/information.ts';
import type { RegistrationOutcome, Registrations } from '../../src/oidc/registration/registrations.ts';

export interface RegistrationDeps {
  readonly registrations: Pick<Registrations, 'register' | 'read' | 'replace' | 'remove'>;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly issuer: URL;
}

/** Bytes. Twice as many as the characters that a client may take (`src/oidc/clients/doors.ts`). */
const maxBody = 32 * 1024;

/** Creates the router. */
export const registrationRoutes = (deps: RegistrationDeps): Router => {
  const router = new Router({ prefix: registrationPath });
  const { registrations } = deps;
  const managing =
    (answer: (id: string, token: string, ctx: Context) => Promise<RegistrationOutcome>, status: 200 | 204) =>
    async (ctx: Context & { params: Record<string, string> }): Promise<void> => {
      const { id = '' } = ctx.params;
      reply(deps, ctx, await byToken(ctx, async token => answer(id, token, ctx)), status);
    };
  router.post('/', async ctx =>
    reply(deps, ctx, await byToken(ctx, async token => registrations.register(token, await jsonOf(ctx))), 201),
  );
  router.get(
    '/:id',
    managing((id, token) => registrations.read(id, token), 200),
  );
  router.put(
    '/:id',
    managing(async (id, token, ctx) => registrations.replace(id, token, await jsonOf(ctx)), 200),
  );
  router.delete(
    '/:id',
    managing((id, token) => registrations.remove(id, token), 204),
  );
  return router;
};

/** Carries out what the bearer token of the request allows. Without one the answer states no error (RFC 6750 §3.1). */
const byToken = async (
  ctx: Context,
  run: (token: string) => Promise<RegistrationOutcome>,
): Promise<RegistrationOutcome> => {
  const [, token] = /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(ctx.get('authorization')) ?? [];
  return token === undefined ? noToken : run(token);
};
const noToken: RefusedRegistration = {
  ok: false,
  error: 'invalid_token',
  description: 'got no bearer token, expected that of a registration',
};

const reply = (
  { countedAudit, issuer }: RegistrationDeps,
  ctx: Context,
  outcome: RegistrationOutcome,
  status: 200 | 201 | 204,
): void => {
  ctx.set('cache-control', 'no-store');
  if (outcome.ok) {
    // Not the id of the address: anybody can write one there.
    noteFacts(ctx.req, { client: outcome.id });
    ctx.status = status;
    if (status !== 204) ctx.body = outcome.information;
    return;
  }
  const { error, description } = outcome;
  if (error === 'invalid_token') {
    const stated = outcome === noToken ? '' : `, error="${error}", error_description="${description}"`;
    ctx.set('www-authenticate', `Bearer realm="${issuer.origin}"${stated}`);
  }
  // Anybody can cause it, so that it is counted, and names a client only where its token was right.
  countedAudit.count({ event: 'registration.refused', actor: 'unknown', outcome: 'refused', reason: error });
  ctx.status = error === 'invalid_token' ? 401 : 400;
  const sentence = ascii(description);
  const page = errorUriOf({ message: error, error_description: sentence }, issuer.origin);
  ctx.body = { error, error_description: sentence, error_uri: page };
};

/** A description holds no other characters (RFC 6749 §5.2). */
const ascii = (text: string): string => text.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");

/** The body. @throws Problem 'unsupported-type', 'too-large', 'bad-request' */
const jsonOf = async (ctx: Context): Promise<object> => {
  if (ctx.is('application/json') !== 'application/json') {
    throw new Problem('unsupported-type', 'got another content type, expected application/json');
  }
  const body = await readBody(ctx.req, maxBody);
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch {
    // Answered below, as any other value than an object.
  }
  throw new Problem('bad-request', 'got no JSON object, expected the metadata of a client');
};
