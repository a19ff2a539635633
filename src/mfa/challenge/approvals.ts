/**
 * Asks people in their authenticator outside a sign-in: for a client (CIBA), or for a help desk that wants to know who is calling. The
 * challenge belongs to the request, not to a browser. It waits apart from those of sign-ins, and has a budget of its own.
 *
 * | purpose  | number                      | proves                                      |
 * | -------- | --------------------------- | ------------------------------------------- |
 * | approval | none: there is no page      | `mfa` by the PIN or biometric of the device |
 * | caller   | told by the help desk       | that the caller has the device              |
 */
import type { Audit } from '../../audit.ts';
import type { EndReason } from '../../end-reason.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import { referenceOf } from '../../reference.ts';
import type { Authenticators } from '../authenticators.ts';
import type { StoredAuthenticator } from '../sealed-authenticators.ts';
import type { Challenges } from './challenges.ts';
import type { ChallengeView } from '../challenge-state/view.ts';
import { requestContext } from '../challenge-state/request-context.ts';
import { servedBy, type Factor } from '../factor.ts';
import type { ApprovalBudget } from '../limits/approval-budget.ts';
import type { Proof } from '../proof.ts';
import type { RequestPurpose } from '../push/protocol.ts';

/** A request to one person that no sign-in made. */
export interface ApprovalRequest {
  readonly purpose: Extract<RequestPurpose, 'approval' | 'caller'>;
  /** Names the request: the challenge belongs to it. */
  readonly boundTo: string;
  readonly user: User;
  /** Id of the client that asks; absent: a help desk does. */
  readonly clientId?: string;
  /** Who asks, as the person reads it. */
  readonly client: string;
  /** Plain text of who asks. */
  readonly message?: string;
}

/** Why a person was not asked. budget: asked too often. no-device: no authenticator that serves. */
export type NotAsked = 'budget' | 'no-device' | EndReason;

/** `device`: its name. */
export type Asked =
  | { readonly ok: true; readonly view: ChallengeView; readonly device: string }
  | { readonly ok: false; readonly reason: NotAsked };

/** open: not answered, or ended without an answer. declined: the person said no, or that this was not them. */
export type ApprovalOutcome = 'open' | 'declined' | Proof;

export interface ApprovalsDeps {
  readonly challenges: Pick<Challenges, 'begin' | 'current' | 'redeem'>;
  readonly authenticators: Pick<Authenticators, 'of'>;
  readonly budget: Pick<ApprovalBudget, 'take'>;
  readonly audit: Audit;
  /** The factor of the authenticator; undefined: it is not in use. */
  readonly factor: Factor | undefined;
  readonly issuer: URL;
}

export class Approvals {
  readonly #deps: ApprovalsDeps;

  constructor(deps: ApprovalsDeps) {
    this.#deps = deps;
  }

  /** Asks the person at the device that they used last. Counted before anything is looked up. */
  async ask({ purpose, boundTo, user, clientId, client, message }: ApprovalRequest): Promise<Asked> {
    const { budget, challenges, issuer, factor, audit } = this.#deps;
    const actor = clientId === undefined ? 'cli' : `client:${clientId}`;
    if (!(await budget.take(user.id, actor))) return { ok: false, reason: 'budget' };
    const device = await this.#deviceOf(user);
    if (device === undefined || factor === undefined) return { ok: false, reason: 'no-device' };
    const reference = referenceOf(boundTo);
    const { view } = await challenges.begin(
      { userId: user.id, factor: factor.type, chosen: device.id },
      boundTo,
      requestContext(user, {
        purpose,
        reference,
        client,
        language: user.language ?? 'en',
        origin: issuer.origin,
        ...(message !== undefined && { message }),
      }),
    );
    if (view.phase !== 'pending') return { ok: false, reason: view.reason ?? 'undeliverable' };
    const fact = { event: 'approval.asked', outcome: 'info', actor, subject: user.id, reference } as const;
    await audit({ ...fact, factor: factor.type, ...(clientId !== undefined && { client: clientId }) });
    return { ok: true, view, device: device.label };
  }

  /** What became of a request. A proof is given once. */
  async outcome(boundTo: string): Promise<ApprovalOutcome> {
    const { challenges } = this.#deps;
    const view = await challenges.current(boundTo);
    // A device that was removed since proves nothing: the request stays open, and expires.
    if (view?.phase === 'passed') return (await challenges.redeem(boundTo)) ?? 'open';
    return view?.phase === 'denied' || view?.reason === 'declined' ? 'declined' : 'open';
  }

  async #deviceOf(user: User): Promise<StoredAuthenticator | undefined> {
    const { authenticators, factor } = this.#deps;
    if (factor === undefined) return undefined;
    return servedBy(factor, await authenticators.of(user)).toSorted((a, b) => usedAt(b) - usedAt(a))[0];
  }
}

const usedAt = ({ lastUsedAt, createdAt }: StoredAuthenticator): EpochMillis => lastUsedAt ?? createdAt;
