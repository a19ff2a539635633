/**
 * The registry of clients: adds, shows, changes and removes them, and notifies running servers.
 *
 *   clients/planning.ts   what is stored, by the schema (check.ts) and the rules of the door (doors.ts)
 *   clients/update.ts     how concurrent changes of a client are applied one after the other
 *   clients/client-secrets.ts   new secrets, and the end of old ones
 *   clients/version.ts    how each write is counted, so that nodes learn of it
 *   clients/outcomes.ts   what the registry takes and answers
 */
import type { ClientMetadata } from 'oidc-provider';
import { eachOf } from '../all-pages.ts';
import type { Audit, AuditEvent } from '../audit.ts';
import { Problem } from '../errors.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import { inserting, removing, replacing, type Ephemeral, type Notifier } from '../ports/stores.ts';
import { removeAll } from '../remove-all.ts';
import { documentId, inPlaceOf, toDocument } from './adapter/durable.ts';
import { audienceTag, clientTag } from './adapter/short-lived.ts';
import type { NewClient } from './client-metadata.ts';
import { ownMetadata } from './own-metadata.ts';
import { approved, isSameWhenApproved } from './clients/approval.ts';
import { isBuiltIn } from './clients/built-in.ts';
import { changedMembers, type ClientChange } from './clients/change.ts';
import { clientsTopic } from './clients/directory.ts';
import { accessMember, actorOf, doorOf, originProblem, type Registrar } from './clients/doors.ts';
import {
  listedClient,
  refusal,
  unknownClient,
  type AddedClient,
  type ChangedClient,
  type DecidedChange,
  type KnownClient,
  type ListedClient,
  type RefusedChange,
  type Registration,
  type RemovedClient,
  type ShownClient,
} from './clients/outcomes.ts';
import { createClientPlanning, type ClientPlanning, type PlanningDeps } from './clients/planning.ts';
import { createClientUpdates, type ClientUpdates, type UpdateDeps } from './clients/update.ts';
import { withRegistrationId } from './clients/registration-ids.ts';
import { writeClient } from './clients/version.ts';
import { ClientSecrets } from './clients/client-secrets.ts';
import { previousSecretEnd } from './clients/secrets.ts';
import { oidcDocumentKind } from '../records.ts';
import { isWaiting } from './waiting-clients.ts';

export interface ClientsDeps extends PlanningDeps, UpdateDeps {
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  readonly audit: Audit;
  /** Removes what other parts keep for a client that was removed. */
  readonly onRemoved: (id: string) => Promise<void>;
}

/** The registry of clients. */
export class Clients {
  readonly #deps: ClientsDeps;
  readonly #planning: ClientPlanning;
  readonly #updates: ClientUpdates;
  /** Gives new secrets, and ends old ones. */
  readonly secrets: ClientSecrets;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
    this.#planning = createClientPlanning(deps);
    this.#updates = createClientUpdates(deps, this.#planning);
    this.secrets = new ClientSecrets({
      hashKey: deps.secrets.hashKey,
      clock: deps.clock,
      updates: this.#updates,
      record: async event => this.#record(event),
    });
  }

  /** Adds a client. The result contains its secret, which is not stored. */
  async add(asked: NewClient, by: Registrar, registration: Registration = {}): Promise<AddedClient> {
    const { documents, audit } = this.#deps;
    const { id, secret, metadata, problem } = await this.#planning.newClient(asked, by, registration);
    if (problem !== undefined) return { ok: false, reason: 'invalid', message: problem };
    const write = inserting(oidcDocumentKind, withRegistrationId(toDocument('Client', id, metadata)));
    const written = await writeClient(this.#deps, write, registration.also?.(id));
    if (written === 'raced') return { ok: false, reason: 'raced', message: 'another request was first' };
    if (written !== 'written') {
      const isTaken = (await documents.get(documentId('Client', id))) !== undefined;
      const message = isTaken ? `the client id ${id} is taken` : `another client has the resource ${asked.resource}`;
      return { ok: false, reason: 'taken', message };
    }
    await audit({ event: 'client.added', actor: actorOf(by), outcome: 'success', client: id });
    await this.#publishChange();
    return { ok: true, id, ...(secret !== undefined && { secret }) };
  }

  /**
   * Changes a client. Concurrent changes are applied one after the other, so none is lost. Running servers use the new metadata at
   * once.
   * @throws Problem 'unavailable' if concurrent writers won every attempt.
   */
  async change(id: string, change: ClientChange, by: Registrar): Promise<ChangedClient> {
    return this.changeAsDecided(id, () => ({ change }), by);
  }

  /** The same, where the change follows from the stored client. `decide` runs again after a concurrent change. */
  async changeAsDecided(
    id: string,
    decide: (before: ClientMetadata) => DecidedChange,
    by: Registrar,
  ): Promise<ChangedClient> {
    const changed = await this.#updates.apply(id, before => this.#planning.byDoor(before, decide(before), by));
    if (!changed.ok) return changed;
    const members = changedMembers(changed.before, changed.after);
    if (members.length === 0) return { ok: true, members };
    await this.#record({ event: 'client.changed', actor: actorOf(by), client: id, members: members.join(' ') });
    // Tokens of an earlier release name no registration. Another resource server with the identifier would accept them.
    const { resource } = ownMetadata(changed.before);
    if (resource !== undefined && members.includes('resource')) {
      await this.#deps.ephemeral.dropTagged(audienceTag(resource));
    }
    return { ok: true, members };
  }

  /** Why `add` would refuse this client; undefined: it would not. */
  async problemOfNew(client: NewClient, by: Registrar): Promise<string | undefined> {
    return (await this.#planning.newClient(client, by, {})).problem;
  }

  /** Why `change` would refuse this change; undefined: it would not. */
  async problemOfChange(id: string, change: ClientChange, by: Registrar): Promise<string | undefined> {
    const planned = await this.plannedChange(id, () => ({ change }), by);
    return planned.ok ? undefined : planned.message;
  }

  /** What `changeAsDecided` would do now, with hashes of secrets: for rules, never for an answer. */
  async plannedChange(
    id: string,
    decide: (before: ClientMetadata) => DecidedChange,
    by: Registrar,
  ): Promise<{ readonly ok: true; readonly before: ClientMetadata; readonly after: ClientMetadata } | RefusedChange> {
    return this.#updates.plan(id, before => this.#planning.byDoor(before, decide(before), by));
  }

  /**
   * Lets what waits of a client be used. `seen`: the client as it was shown before: its developer may have changed it since, which is
   * refused. @throws Problem 'unavailable' as `change`
   */
  async approve(seen: ClientMetadata, actor: string): Promise<ChangedClient> {
    const { client_id: id } = seen;
    const changed = await this.#updates.apply(id, before => {
      if (!isWaiting(before)) return { problem: 'no part of this client waits' };
      if (!isSameWhenApproved(before, seen))
        return { problem: 'the client was changed since it was shown: look at it again' };
      return { after: approved(before) };
    });
    if (!changed.ok) return changed;
    await this.#record({ event: 'client.approved', actor, client: id });
    return { ok: true, members: changedMembers(changed.before, changed.after) };
  }

  /**
   * Adds the client, or replaces it: for development, where the clients are known beforehand. Not audited.
   * @throws Problem 'bad-request' for metadata that `add` would refuse as invalid.
   */
  async write({ client_secret: secret, ...client }: KnownClient): Promise<void> {
    const { metadata, problem } = await this.#planning.knownClient(client, secret);
    if (problem !== undefined) throw new Problem('bad-request', problem);
    const next = toDocument('Client', client.client_id, metadata);
    await optimisticWrite<void>(
      async () => {
        const stored = await this.#deps.documents.get(next.id);
        const write =
          stored === undefined
            ? inserting(oidcDocumentKind, withRegistrationId(next))
            : replacing(oidcDocumentKind, inPlaceOf(stored, next));
        return (await writeClient(this.#deps, write)) === 'written' ? undefined : conflict;
      },
      () => {
        throw new Problem('unavailable', `${client.client_id}: a concurrent writer won every time it was written`);
      },
    );
    await this.#publishChange();
  }

  /** The metadata of a client as they are stored, with hashes of its secrets: for rules, never for an answer. */
  async stored(id: string): Promise<ClientMetadata | undefined> {
    const stored = await this.#deps.documents.get(documentId('Client', id));
    return stored && { client_id: id, ...stored.payload };
  }

  /** A client with this id, without its secrets. */
  async find(id: string): Promise<ShownClient | undefined> {
    const metadata = await this.stored(id);
    if (metadata === undefined) return undefined;
    const { client_secret: _current, previous_secret: _previous, [accessMember]: _access, ...shown } = metadata;
    const previousSecretUntil = previousSecretEnd(metadata, this.#deps.clock());
    return { metadata: shown, ...(previousSecretUntil !== undefined && { previousSecretUntil }) };
  }

  /** All clients, in the order of the hashes of their ids. */
  async list(): Promise<readonly ListedClient[]> {
    const { documents } = this.#deps;
    const listed: ListedClient[] = [];
    for await (const { payload } of eachOf(page => documents.find({ model: 'Client' }, page))) {
      listed.push(listedClient(payload));
    }
    return listed;
  }

  /** The clients that wait for approval, as a whole or with some addresses. Reads all clients. */
  async waiting(): Promise<readonly ShownClient[]> {
    const found: ShownClient[] = [];
    for (const { id } of await this.list()) {
      const client = await this.find(id);
      if (client !== undefined && isWaiting(client.metadata)) found.push(client);
    }
    return found;
  }

  /**
   * Removes the client with its grants and tokens: a later client of the same id must not inherit them. Where the client does not
   * exist, what an interrupted removal left is removed.
   */
  async remove(id: string, by: Registrar): Promise<RemovedClient> {
    const { documents, ephemeral, audit } = this.#deps;
    const client = await documents.get(documentId('Client', id));
    const problem = client === undefined ? undefined : originProblem(doorOf(by), client.payload);
    if (problem !== undefined) return refusal('invalid', problem);
    // The client goes first: from here on its requests fail, so that no new token appears during the clean-up.
    const write = removing(oidcDocumentKind, documentId('Client', id));
    const isRemoved = (await writeClient(this.#deps, write)) === 'written';
    const outcome: RemovedClient = isRemoved ? { ok: true } : unknownClient(id);
    if (isRemoved) await audit({ event: 'client.removed', actor: actorOf(by), outcome: 'success', client: id });
    // Grants and codes of this id belong to the built-in client; the document was from before the id was reserved.
    if (isBuiltIn(id)) return outcome;
    await this.#publishChange();
    await removeAll(documents, { clientId: id });
    // Requests under way, and tokens of an earlier release. Other tokens count under this registration only.
    await ephemeral.dropTagged(clientTag(id));
    const { resource } = ownMetadata(client?.payload ?? {});
    if (resource !== undefined) await ephemeral.dropTagged(audienceTag(resource));
    await this.#deps.onRemoved(id);
    return outcome;
  }

  /** Audits a change, and notifies running servers. */
  async #record(event: Omit<AuditEvent, 'outcome'>): Promise<void> {
    await this.#deps.audit({ ...event, outcome: 'success' });
    await this.#publishChange();
  }

  #publishChange(): Promise<void> {
    return this.#deps.notifier.publish(clientsTopic);
  }
}
