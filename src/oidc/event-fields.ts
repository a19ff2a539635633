/** Reads from a request what its audit and log records say: who asked, for whom, from where, and what the policy required. */
import type { InteractionResults, KoaContextWithOIDC } from 'oidc-provider';
import type { AuditEvent } from '../audit.ts';
import { readTrace, traceText, type SecondStepUse } from '../policy/trace.ts';
import { referenceFor } from '../reference.ts';
import { browserText } from '../user-agent.ts';
import { factsRead, type RequestFacts } from './prompts/request-facts.ts';
import { policyMember, secondStepOf } from './request.ts';

type Context = KoaContextWithOIDC;
/** Members of an event that cannot be read from the request. */
export type Fact = Omit<AuditEvent, 'actor' | 'subject' | 'reference' | 'client' | 'address' | 'browser'>;

/** Who asked, for whom, from where. */
export const requestFields = (ctx: Context, fact: Pick<Fact, 'reason'> = {}) => {
  const { oidc, ip } = ctx;
  const { account, client, entities, session } = oidc;
  // A refused code or refresh token that exists names the account that it was issued to.
  const { accountId: grantee } = entities.AuthorizationCode ?? entities.DeviceCode ?? entities.RefreshToken ?? {};
  const subject = account?.accountId ?? session?.accountId ?? grantee ?? cancelledBy(entities.Interaction?.result);
  // Not of strangers: the sender chooses it, and counted records must stay few. Not of a token request, which a client sends.
  const browser = subject === undefined || session === undefined ? undefined : browserText(ctx.get('user-agent'));
  return {
    actor: session !== undefined ? 'browser' : isFromProvenClient(ctx, fact) ? `client:${client?.clientId}` : 'unknown',
    ...(subject !== undefined && { subject }),
    ...(client !== undefined && { client: client.clientId }),
    address: ip,
    ...(browser !== undefined && { browser }),
    // Only with a session: a token request shows no page from which a person could read a reference.
    ...(session !== undefined && { reference: referenceFor(ctx, entities.Interaction?.cid) }),
  };
};

/** Errors of a token request that come after the client was authenticated. Any other one may come before. */
const afterAuthentication: ReadonlySet<string | undefined> = new Set([
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** Whether the client of a token request proved who it is. A public client has no secret, so its id proves nothing. */
export const isFromProvenClient = ({ oidc: { client, session } }: Context, { reason }: Pick<Fact, 'reason'>): boolean =>
  session === undefined &&
  client !== undefined &&
  client.clientAuthMethod !== 'none' &&
  afterAuthentication.has(reason);

/** The person who had proven the password before the sign-in was cancelled (`interactions/protocols/oidc`). */
export const cancelledBy = (result: InteractionResults | undefined): string | undefined => {
  const person = result?.['person'];
  return typeof person === 'string' ? person : undefined;
};

/** What the policy required, and why: as this request decided it, or the pages before it. */
export const policyFact = (ctx: Context): Pick<Fact, 'policy'> => {
  const facts = factsRead(ctx);
  if (facts !== undefined) return { policy: traceText(facts.required.decision, secondStepUse(ctx, facts)) };
  const told: unknown = ctx.oidc.entities.Interaction?.result?.[policyMember];
  return typeof told === 'string' && readTrace(told) !== undefined ? { policy: told } : {};
};

/** Whether a rule of the policy refused the sign-in. */
export const isDeniedByPolicy = (ctx: Context): boolean => readTrace(policyFact(ctx).policy)?.denied !== undefined;

/** How the second step of this session was proven. */
const secondStepUse = ({ oidc: { session, result } }: Context, { isRemembered }: RequestFacts): SecondStepUse => {
  const asked = result?.login === undefined ? undefined : secondStepOf(result);
  if (asked !== undefined) return { how: 'asked', factor: asked.method };
  if (isRemembered === true) return { how: 'remembered' };
  const before = session && secondStepOf(session);
  return before === undefined ? { how: 'none' } : { how: 'session', factor: before.method };
};
