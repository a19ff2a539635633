/** What oidc-provider tells by events, as audit and log. Its listeners run inside the request: none may throw. */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Audit, AuditEvent } from '../audit.ts';
import type { Log } from '../log.ts';
import { impersonal } from '../masking.ts';
import { referenceFor } from '../reference.ts';

type Context = KoaContextWithOIDC;
type Fact = Omit<AuditEvent, 'actor' | 'subject' | 'reference' | 'client' | 'address'>;

/** An error as oidc-provider hands it on: OAuth's code, and what it keeps from the client. */
interface Refusal {
  readonly message: string;
  readonly error_detail?: string | undefined;
}

/**
 * Records sign-ins that end (with a code, or with an error at the client), sign-outs, refused tokens and revoked grants;
 * logs what broke. What happens inside an interaction is recorded by those who do it.
 */
export const recordEvents = (
  provider: Provider,
  { audit, log }: { readonly audit: Audit; readonly log: Log },
): void => {
  const record = (ctx: Context, fact: Fact): void => {
    audit({ ...fact, ...surroundings(ctx) }).catch((error: unknown) =>
      log.error('audit.failed', { event: fact.event, error }),
    );
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
      // A line in the log and no record for ever: anybody can begin as many as they like, and nobody is known yet.
      if (ctx.oidc.route === 'authorization') {
        log.info('sign-in.begun', { ...surroundings(ctx), reason: [name, ...reasons].join(' ') });
      }
    }),
  );
  provider.on(
    'authorization.success',
    safely((ctx: Context) => {
      const { acr, amr, route } = ctx.oidc;
      const reason = route === 'authorization' ? 'session' : 'interaction';
      record(ctx, { event: 'sign-in.finished', outcome: 'success', reason, acr, amr: (amr ?? []).join(' ') });
    }),
  );
  provider.on(
    'authorization.error',
    safely((ctx: Context, error) => {
      const event = error.message === 'access_denied' ? 'sign-in.cancelled' : 'sign-in.refused';
      record(ctx, { event, outcome: 'refused', reason: error.message });
      log.warn('authorization.error', { ...surroundings(ctx), ...detail(error) });
    }),
  );
  provider.on(
    'grant.error',
    safely((ctx: Context, error) => {
      record(ctx, { event: 'token.refused', outcome: 'refused', reason: error.message });
      log.warn('grant.error', { ...surroundings(ctx), ...detail(error) });
    }),
  );
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
      log.error('server_error', { ...surroundings(ctx), path: impersonal(ctx.path), error });
    }),
  );
};

const detail = ({ message, error_detail: reason }: Refusal) => ({
  reason: message,
  ...(reason !== undefined && { detail: reason }),
});

const surroundings = (ctx: Context) => {
  const { oidc, ip } = ctx;
  const { account, client, entities, session } = oidc;
  const subject = account?.accountId ?? session?.accountId;
  return {
    actor: session === undefined && client !== undefined ? `client:${client.clientId}` : 'browser',
    ...(subject !== undefined && { subject }),
    ...(client !== undefined && { client: client.clientId }),
    address: ip,
    // Only what a page may have shown has one: nobody reads a reference of a token request.
    ...(session !== undefined && { reference: referenceFor(ctx, entities.Interaction?.cid) }),
  };
};
