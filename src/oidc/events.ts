/**
 * Writes oidc-provider's events to audit and log. Listeners run inside the request, so they must not throw. An event of a known
 * account, or of a client that proved who it is, gets its own audit record. The others are counted, because anyone can cause
 * any number of them.
 */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Audit } from '../audit.ts';
import type { CountedAudit } from '../counted-audit.ts';
import type { Log } from '../log.ts';
import { maskTokens } from '../masking.ts';
import { readTrace } from '../policy/trace.ts';
import type { ClientRefusal, ClientSignIn, ClientTokens } from '../records.ts';
import { referenceFor } from '../reference.ts';
import { isBuiltIn } from './clients/built-in.ts';
import type { ClientNotes } from './developers/client-notes.ts';
import { noteOfSignIn } from './developers/client-sign-ins.ts';
import {
  cancelledBy,
  isDeniedByPolicy,
  isFromProvenClient,
  policyFact,
  requestFields,
  type Fact,
} from './event-fields.ts';
import { holdEvent } from './http/held-writes.ts';
import { isStandIn } from './playground/stand-in.ts';
import type { Refusal } from './refusals/refusal-codes.ts';
import { loggedRefusal, notedRefusal } from './refusals/refusal-record.ts';
import { textOf } from './request.ts';
import { isServiceRequest } from './services.ts';

type Context = KoaContextWithOIDC;

/**
 * Records sign-ins that end with a code or an error at the client, sign-outs, tokens of services, refused tokens and revoked
 * grants. Logs failures. Events inside an interaction are recorded by the code that handles them.
 */
export const recordEvents = (
  provider: Provider,
  {
    audit,
    countedAudit,
    clientRefusals,
    clientSignIns,
    clientTokens,
    log,
  }: {
    readonly audit: Audit;
    readonly countedAudit: Pick<CountedAudit, 'count'>;
    readonly clientRefusals: Pick<ClientNotes<ClientRefusal>, 'note'>;
    readonly clientSignIns: Pick<ClientNotes<ClientSignIn>, 'note'>;
    readonly clientTokens: Pick<ClientNotes<ClientTokens>, 'note'>;
    readonly log: Log;
  },
): void => {
  const record = (ctx: Context, fact: Fact): void => {
    const event = { ...fact, ...requestFields(ctx, fact) };
    if (event.subject === undefined && !isFromProvenClient(ctx, fact)) return countedAudit.count(event);
    if (holdEvent(ctx, event)) return;
    audit(event).catch((error: unknown) => log.error('audit.failed', { event: fact.event, error }));
  };
  /** Logs a refusal, and notes it for the developers of the client. */
  const refused = (event: string, ctx: Context, error: Refusal): void => {
    log.warn(event, { ...requestFields(ctx), ...loggedRefusal(ctx, error) });
    const id = othersClient(ctx);
    if (id !== undefined) clientRefusals.note(id, notedRefusal(ctx, error));
  };
  /** Notes for the developers of the client why a sign-in needed a second step. */
  const decided = (ctx: Context, { policy }: Pick<Fact, 'policy'>, error?: string): void => {
    const [id, trace] = [othersClient(ctx), readTrace(policy)];
    if (id === undefined || trace === undefined) return;
    const { session, entities, route } = ctx.oidc;
    const person = session?.accountId ?? cancelledBy(entities.Interaction?.result);
    // Without a person a client only asked whether there is a session (`prompt=none`), unless a rule refused every person.
    if (person === undefined && trace.denied === undefined) return;
    const about = {
      ...(error !== undefined && { refused: error }),
      ...(route === 'device_resume' && { flow: 'device' as const }),
      reference: referenceFor(ctx, entities.Interaction?.cid),
    };
    clientSignIns.note(id, noteOfSignIn(trace, about));
  };
  const safely =
    <Args extends readonly unknown[]>(listen: (...args: Args) => void) =>
    (...args: Args): void => {
      try {
        listen(...args);
      } catch (error) {
        log.error('listener.failed', { error });
      }
    };

  provider.on(
    'interaction.started',
    safely((ctx: Context, { name, reasons }) => {
      // Logged but not audited: anyone can begin any number of sign-ins.
      if (ctx.oidc.route === 'authorization') {
        log.info('sign-in.begun', { ...requestFields(ctx), reason: [name, ...reasons].join(' ') });
      }
    }),
  );
  provider.on(
    'authorization.success',
    safely((ctx: Context) => {
      const { acr, amr, route } = ctx.oidc;
      const reason = route === 'authorization' ? 'session' : 'interaction';
      const policy = policyFact(ctx);
      record(ctx, {
        event: 'sign-in.finished',
        outcome: 'success',
        reason,
        acr,
        amr: (amr ?? []).join(' '),
        ...policy,
      });
      decided(ctx, policy);
    }),
  );
  /** Records a sign-in that ended without a code. */
  const failed = (name: string) =>
    safely((ctx: Context, error: Refusal) => {
      const isDenied = isDeniedByPolicy(ctx);
      const event = error.message === 'access_denied' && !isDenied ? 'sign-in.cancelled' : 'sign-in.refused';
      const policy = policyFact(ctx);
      record(ctx, { event, outcome: 'refused', reason: isDenied ? 'policy' : error.message, ...policy });
      decided(ctx, policy, error.message);
      refused(name, ctx, error);
    });
  provider.on('authorization.error', failed('authorization.error'));
  provider.on('device_resume.error', failed('device_resume.error'));
  provider.on(
    'grant.error',
    safely((ctx: Context, error) => {
      // It polls until a person has answered, so these answers are not logged.
      if (waiting.has(error.message)) return;
      record(ctx, { event: 'token.refused', outcome: 'refused', reason: error.message });
      refused('grant.error', ctx, error);
    }),
  );
  provider.on(
    'grant.success',
    safely((ctx: Context) => {
      const [id, grantType] = [othersClient(ctx), textOf(ctx.oidc.params?.['grant_type'])];
      const isTry = ctx.oidc.client !== undefined && isStandIn(ctx.oidc.client);
      if (id !== undefined && grantType !== undefined && !isTry) clientTokens.note(id, { grantType });
      // Tokens of people belong to a sign-in, which is recorded. A service may ask at any rate, so its tokens are counted.
      if (!isServiceRequest(ctx)) return;
      const fact = { event: 'token.issued', outcome: 'success', reason: 'client_credentials' } as const;
      countedAudit.count({ ...fact, ...requestFields(ctx), actor: `client:${ctx.oidc.client?.clientId}` });
    }),
  );
  // Refusals of requests that neither sign a person in nor give a token are logged only.
  const logged = (event: string) => safely((ctx: Context, error: Refusal) => refused(event, ctx, error));
  provider.on('pushed_authorization_request.error', logged('pushed_authorization_request.error'));
  provider.on('device_authorization.error', logged('device_authorization.error'));
  provider.on('backchannel_authentication.error', logged('backchannel_authentication.error'));
  provider.on('code_verification.error', logged('code_verification.error'));
  provider.on('end_session.error', logged('end_session.error'));
  provider.on('introspection.error', logged('introspection.error'));
  provider.on('revocation.error', logged('revocation.error'));
  provider.on(
    'grant.revoked',
    safely((ctx: Context) => {
      record(ctx, { event: 'grant.revoked', outcome: 'success', reason: ctx.oidc.route });
    }),
  );
  provider.on(
    'end_session.success',
    safely((ctx: Context) => {
      if (ctx.oidc.params?.['logout'] !== undefined)
        record(ctx, { event: 'session.ended', outcome: 'success', reason: 'sign-out' });
    }),
  );
  provider.on(
    'server_error',
    safely((ctx: Context, error) => {
      log.error('server_error', { ...requestFields(ctx), path: maskTokens(ctx.path), error });
    }),
  );
};

/** The client of a request; undefined: there is none, or it is one of our own portals, which no developer has. */
const othersClient = ({ oidc: { client } }: Context): string | undefined =>
  client === undefined || isBuiltIn(client.clientId) ? undefined : client.clientId;

/** Answers to a device or client that must wait (RFC 8628 §3.5, OpenID CIBA §11). They refuse nothing. */
const waiting: ReadonlySet<string> = new Set(['authorization_pending', 'slow_down']);
