/**
 * Asks the person of a request in their authenticator, once the client has its answer: how long it takes to find, count and ask says
 * nothing to the client.
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
import type { Collection } from '../../ports/stores.ts';
import type { Schedule } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import { ownMetadata } from '../client-metadata.ts';
import { pollInterval } from '../polls.ts';
import { askedBy, textOf } from '../request.ts';
import { isImpossible, requiredAcrOf } from '../required-acr.ts';
import { approvalReaches } from '../ciba-clients.ts';
import { cibaBinding, type Pings } from './pings.ts';

type Request = InstanceType<Provider['BackchannelAuthenticationRequest']>;

export interface AskingDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly approvals: Pick<Approvals, 'ask' | 'outcome'>;
  readonly pings: Pick<Pings, 'remember'>;
  /** The lowest level that this server accepts. */
  readonly minimum: Acr;
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

/** Reasons that come before the budget of the person is asked, or are its refusal. */
const unlimited = ['unknown', 'chosen-level', 'budget'] as const;

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
  { users, approvals, pings, canEnroll }: AskingDeps,
  { request, client }: Asked,
): Promise<NotAsked | 'unknown' | 'chosen-level' | undefined> => {
  const user = activeAccount(await users.get(request.accountId ?? ''));
  if (user === undefined) return 'unknown';
  if (!atLeast(approvalReaches, chosenMinAcr(user, { proven: [], canEnroll }))) return 'chosen-level';
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

/** Refuses a request that no approval could satisfy, whoever the person is. @throws UnmetAuthenticationRequirements */
export const checkLevel =
  ({ minimum }: Pick<AskingDeps, 'minimum'>) =>
  (ctx: KoaContextWithOIDC): void => {
    const { client } = ctx.oidc;
    const asked = askedBy(ctx);
    const required = requiredAcrOf({ server: minimum, client: client ? ownMetadata(client) : {}, asked });
    if (!isImpossible(asked) && atLeast(approvalReaches, required.minimum)) return;
    throw new errors.UnmetAuthenticationRequirements(
      `an approval reaches ${approvalReaches}, which is less than required`,
    );
  };
