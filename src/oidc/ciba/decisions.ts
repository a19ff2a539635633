/**
 * Decides a request when its client polls: reads the challenge of the person, and writes its end into the request. One poll does so, and
 * the library then gives tokens or refuses. Nothing is decided earlier, so no step of it can be lost between two processes.
 */
import { Provider } from 'oidc-provider';
import type { Audit } from '../../audit.ts';
import type { Approvals } from '../../mfa/challenge/approvals.ts';
import type { Proof } from '../../mfa/proof.ts';
import type { Millis } from '../../ports/time.ts';
import { readTrace, traceText, type SecondStepUse } from '../../policy/trace.ts';
import { referenceOf } from '../../reference.ts';
import { claimsByScope, type OperatorScopes } from '../../scopes/scopes.ts';
import type { ClientSignIn } from '../../records.ts';
import type { ClientNotes } from '../developers/client-notes.ts';
import { noteOfSignIn } from '../developers/client-sign-ins.ts';
import type { ClientDirectory } from '../clients/directory.ts';
import { methodOf } from '../model-method.ts';
import { askedIn } from '../request.ts';
import { answerTo } from '../required-acr.ts';
import { decisionFor, type AskingDeps, type DecidingDeps } from './asking.ts';
import { cibaBinding } from './pings.ts';

type Request = InstanceType<Provider['BackchannelAuthenticationRequest']>;

export interface DecisionsDeps extends DecidingDeps {
  readonly users: AskingDeps['users'];
  readonly approvals: Pick<Approvals, 'ask' | 'outcome'>;
  readonly clients: Pick<ClientDirectory, 'findResourceServer'>;
  /** How long an access token is valid. */
  readonly accessToken: Millis;
  readonly scopes: OperatorScopes;
  readonly audit: Audit;
  readonly clientSignIns: Pick<ClientNotes<ClientSignIn>, 'note'>;
}

/** Changes requests of this provider. Must run before it answers requests, and after `slowDown`. */
export const decideAtPolls = (provider: Provider, deps: DecisionsDeps): void => {
  const { BackchannelAuthenticationRequest: Model } = provider;
  const find = methodOf(Model, 'find');
  Reflect.set(Model, 'find', async (...asked: readonly unknown[]): Promise<unknown> => {
    const request = await find(Model, ...asked);
    if (request instanceof Model && isOpen(request) && isPolled(request)) await decide(provider, deps, request);
    return request;
  });
};

const isOpen = ({ grantId, error, consumed, isExpired }: Request): boolean =>
  (grantId as string | undefined) === undefined && error === undefined && consumed === undefined && !isExpired;

/** Whether the client of the request asks for its tokens. Another client decides nothing. */
const isPolled = ({ clientId }: Request): boolean => {
  const oidc = Provider.ctx?.oidc;
  return oidc?.route === 'token' && oidc.client !== undefined && oidc.client.clientId === clientId;
};

const decide = async (provider: Provider, deps: DecisionsDeps, request: Request): Promise<void> => {
  const boundTo = cibaBinding(request.jti);
  const outcome = await deps.approvals.outcome(boundTo);
  if (outcome === 'open') return;
  if (outcome === 'declined') request.error = 'access_denied';
  else {
    request.grantId = await grantTo(provider, deps, request);
    request.acr = answerTo(askedIn(request.params ?? {}), outcome.acr);
    request.amr = [...new Set([...outcome.amr, 'mfa'])];
    request.authTime = Math.floor(outcome.at / 1000);
  }
  // One of several polls: the others are refused (`models.ts`).
  await request.save();
  const isDeclined = outcome === 'declined';
  const reference = referenceOf(boundTo);
  const policy = await policyOf(deps, request, isDeclined ? { how: 'none' } : { how: 'asked', factor: outcome.factor });
  await deps.audit({
    event: isDeclined ? 'approval.declined' : 'approval.granted',
    actor: `client:${request.clientId}`,
    outcome: isDeclined ? 'refused' : 'success',
    reference,
    ...(request.accountId !== undefined && { subject: request.accountId }),
    ...(request.clientId !== undefined && { client: request.clientId }),
    ...(!isDeclined && factsOf(outcome)),
    policy,
  });
  const trace = readTrace(policy);
  if (trace === undefined || request.clientId === undefined) return;
  // Only after an answer of the person: before it, a developer could learn from a note that somebody has an account.
  const about = { flow: 'ciba' as const, reference, ...(isDeclined && { refused: 'access_denied' }) };
  deps.clientSignIns.note(request.clientId, noteOfSignIn(trace, about));
};

/** What the policy required of this person, as the audit keeps it. */
const policyOf = async (deps: DecisionsDeps, request: Request, second: SecondStepUse): Promise<string> => {
  const user = await deps.users.get(request.accountId ?? '');
  const { client } = Provider.ctx?.oidc ?? {};
  return traceText(decisionFor(deps, client, askedIn(request.params ?? {}), user), second);
};

const factsOf = ({ acr, amr, authenticator }: Proof) => ({
  acr,
  amr: amr.join(' '),
  ...(authenticator !== undefined && { authenticator }),
});

/** A grant of what the request asked for. There is no session, so it ends with the one access token that it is for. */
const grantTo = async (
  { Grant }: Provider,
  { clients, accessToken, clock, scopes: added }: DecisionsDeps,
  { accountId, clientId, scope = '', claims: asked = {}, resource = [], remainingTTL }: Request,
): Promise<string> => {
  const grant = new Grant({
    ...(accountId !== undefined && { accountId }),
    ...(clientId !== undefined && { clientId }),
  });
  grant.exp = Math.floor((clock() + accessToken) / 1000) + remainingTTL;
  const scopes = scope.split(' ');
  const known = claimsByScope(added);
  grant.addOIDCScope(scopes.filter(name => Object.hasOwn(known, name)));
  grant.addOIDCClaims([...Object.keys(asked.id_token ?? {}), ...Object.keys(asked.userinfo ?? {})]);
  for (const identifier of [resource].flat()) {
    const server = await clients.findResourceServer(identifier);
    if (server !== undefined) {
      grant.addResourceScope(identifier, scopes.filter(name => server.scopes.includes(name)).join(' '));
    }
  }
  return grant.save();
};
