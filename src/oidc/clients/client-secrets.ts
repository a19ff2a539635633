/** Gives stored clients new secrets, and ends old ones. `secrets.ts` says what is stored of them. */
import type { KeyObject } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { AuditEvent } from '../../audit.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { isPublic } from './completion.ts';
import { actorOf, doorOf, secretProblem, type Registrar } from './doors.ts';
import type { AddedSecret, Decided, RemovedSecret } from './outcomes.ts';
import { isSecretOf, newClientSecret, secretDigest, withNewSecret, withoutSecret } from './secrets.ts';
import type { ClientUpdates } from './update.ts';

interface ClientSecretsDeps {
  readonly hashKey: KeyObject;
  readonly clock: Clock;
  readonly updates: Pick<ClientUpdates, 'apply'>;
  /** Audits a change, and notifies running servers. */
  readonly record: (event: Omit<AuditEvent, 'outcome'>) => Promise<void>;
}

export class ClientSecrets {
  readonly #deps: ClientSecretsDeps;

  constructor(deps: ClientSecretsDeps) {
    this.#deps = deps;
  }

  /**
   * Gives a client a new secret. The old one works for `previousFor` more milliseconds; 0 ends all old ones at once.
   * @throws Problem 'unavailable' if concurrent writers won every attempt
   */
  async add(id: string, previousFor: Millis, by: Registrar): Promise<AddedSecret> {
    const secret = newClientSecret();
    const now = this.#deps.clock();
    const previousUntil = now + previousFor;
    const digest = secretDigest(this.#deps.hashKey, secret);
    const changed = await this.#update(id, by, 'new', before => withNewSecret(before, { digest, previousUntil, now }));
    if (!changed.ok) return changed;
    await this.#deps.record({ event: 'client.secret-added', actor: actorOf(by), client: id, until: previousUntil });
    return { ok: true, secret, previousUntil };
  }

  /** Removes one of two secrets at once. @throws Problem 'unavailable' if concurrent writers won every attempt */
  async remove(id: string, which: 'old' | 'new', by: Registrar): Promise<RemovedSecret> {
    const changed = await this.#update(id, by, `end-${which}`, before =>
      withoutSecret(before, which, this.#deps.clock()),
    );
    if (!changed.ok) return changed;
    await this.#deps.record({ event: 'client.secret-removed', actor: actorOf(by), client: id, reason: which });
    return { ok: true };
  }

  /** The members of a stored client with this secret. An older one works until `previousUntil` beside it. */
  members(client: ClientMetadata, secret: string, previousUntil: EpochMillis): object {
    const digest = secretDigest(this.#deps.hashKey, secret);
    const { client_secret: before } = client;
    if (before === digest || isPublic(client)) return {};
    const previous = before !== undefined && { previous_secret: { digest: before, expires_at: previousUntil } };
    return { client_secret: digest, ...previous };
  }

  /** Whether this is a secret of the stored client that still works. */
  isOf(client: ClientMetadata, secret: string): boolean {
    return isSecretOf(client, secretDigest(this.#deps.hashKey, secret), this.#deps.clock());
  }

  async #update(
    id: string,
    by: Registrar,
    change: 'new' | 'end-old' | 'end-new',
    decide: (before: ClientMetadata) => Decided,
  ) {
    return this.#deps.updates.apply(id, before => {
      const problem = secretProblem(doorOf(by), before, change);
      return problem === undefined ? decide(before) : { problem };
    });
  }
}
