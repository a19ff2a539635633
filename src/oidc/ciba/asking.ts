/**
 * Asks the person of a request in their authenticator, after the client has its answer. So the response time does not reveal
 * whether the person exists.
 */
import { errors, type Client, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import type { Audit } from '../../audit.ts';
import type { CountedAudit } from '../../counted-audit.ts';
import { activeAccount } from '../../locked-account.ts';
import type { Log } from '../../log.ts';
import { atLeast } from '../../mfa/assurance.ts';
import { chosenMinAcr } from '../../mfa/chosen-min-acr.ts';
import type { Acr } from '../../mfa/factor.ts';
import type { Approvals, NotAsked } from '../../mfa/challenge/approvals.ts';
import { pushType } from '../../mfa/push/data.ts';
import { decide } from '../../policy/decide.ts';
import type { Decision, Policy, Required } from '../../policy/policy.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock, Schedule } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { IsBreakGlass } from '../../users/break-glass.ts';
import { clientFacts, personFacts } from '../prompts/policy-facts.ts';
import { pollInterval } from '../polls.ts';
import { askedBy, askedIn, textOf } from '../request.ts';
import { isImpossible, leastIn, type AssuranceRequest } from '../required-acr.ts';
import { approvalReaches } from '../ciba-clients.ts';
import { cibaBinding, type Pings } from './pings.ts';

type Request = InstanceType<Provider['BackchannelAuthenticationRequest']>;

export interface AskingDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly approvals: Pick<Approvals, 'ask' | 'outcome'>;
  readonly pings: Pick<Pings, 'remember'>;
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
  /** The operator's rules. */
  readonly policy: Policy;
  readonly clock: Clock;
  readonly isBreakGlass: IsBreakGlass;
  readonly canEnroll: (acr: Acr) => boolean;
  readonly schedule: Schedule;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly log: Log;
}

/** What is known of a request after its HTTP request has ended. */
interface Asked {
  readonly request: Request;
  readonly client: Client;
  readonly address: string;
}

/** For `triggerAuthenticationDevice` of oidc-provider. Completes the answer to the client (OpenID CIBA §7.3). */
export const askLater =
  (deps: AskingDeps) =>
  async (ctx: KoaContextWithOIDC, request: Request, _account: unknown, client: Client): Promise<void> => {
    ctx.body = { ...Object(ctx.body), interval: pollInterval };
    const asked = { request, client, address: ctx.ip };
    deps.schedule(0, async () =>
      ask(deps, asked).catch((error: unknown) => deps.log.error('approval.failed', { client: client.clientId, error })),
    );
  };

/** Reasons for which the budget of the person was not charged. */
const unlimited = ['unknown', 'chosen-level', 'policy', 'budget'] as const;

const ask = async (deps: AskingDeps, asked: Asked): Promise<void> => {
  const reason = await notAsked(deps, asked);
  if (reason === undefined) return;
  const { client, request, address } = asked;
  const event = {
    event: 'approval.refused',
    actor: `client:${client.clientId}`,
    outcome: 'refused',
    reason,
    client: client.clientId,
    address,
  } as const;
  // A client may cause any number of these. Of the others, the budget of the person allows a few an hour.
  if (unlimited.some(each => each === reason)) deps.countedAudit.count(event);
  else await deps.audit({ ...event, ...(request.accountId !== undefined && { subject: request.accountId }) });
};

/** Asks the person. Gives the reason where nobody is asked: the client sees a request that stays pending. */
const notAsked = async (
  deps: AskingDeps,
  { request, client }: Asked,
): Promise<NotAsked | 'unknown' | 'chosen-level' | 'policy' | undefined> => {
  const { users, approvals, pings, canEnroll } = deps;
  const user = activeAccount(await users.get(request.accountId ?? ''));
  if (user === undefined) return 'unknown';
  if (!atLeast(approvalReaches, chosenMinAcr(user, { proven: [], canEnroll }))) return 'chosen-level';
  if (!isApprovable(decisionFor(deps, client, askedIn(request.params ?? {}), user).required)) return 'policy';
  const { clientId, clientName = clientId } = client;
  const message = textOf(request.params?.['binding_message']);
  if (client.backchannelTokenDeliveryMode === 'ping') {
    await pings.remember({ clientId, subject: user.id, request: request.jti }, request.remainingTTL * 1000);
  }
  const result = await approvals.ask({
    purpose: 'approval',
    boundTo: cibaBinding(request.jti),
    user,
    clientId,
    client: clientName,
    ...(message !== undefined && { message }),
  });
  return result.ok ? undefined : result.reason;
};

/** Needed to decide what a client needs of a person. */
export type DecidingDeps = Pick<AskingDeps, 'minimum' | 'policy' | 'clock' | 'isBreakGlass'>;

/** What this client needs of this person. The address of the request is the client's, so that of the person is not known. */
export const decisionFor = (
  { minimum, policy, clock, isBreakGlass }: DecidingDeps,
  client: Client | undefined,
  asked: AssuranceRequest,
  user?: User,
): Decision =>
  decide(policy, {
    server: minimum,
    ...(client && { client: clientFacts(client) }),
    request: { acr: leastIn(asked) },
    ...(user && { person: personFacts({ isBreakGlass }, user, { hasMethod: true }) }),
    at: clock(),
  });

/** Whether an approval in the authenticator is enough. It shows no scopes to agree to. */
const isApprovable = ({ acr, factors, consent, denied }: Required): boolean =>
  atLeast(approvalReaches, acr) && factors?.includes(pushType) !== false && !consent && denied === undefined;

/** Refuses a request that no approval could satisfy, for any person. @throws UnmetAuthenticationRequirements */
export const checkLevel =
  (deps: DecidingDeps) =>
  (ctx: KoaContextWithOIDC): void => {
    const { client } = ctx.oidc;
    const asked = askedBy(ctx);
    if (!isImpossible(asked) && isApprovable(decisionFor(deps, client, asked).required)) return;
    throw new errors.UnmetAuthenticationRequirements(
      `an approval reaches ${approvalReaches}, which is less than required`,
    );
  };
