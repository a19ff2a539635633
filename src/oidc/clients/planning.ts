/** Plans what the registry of clients stores: a new client, or a changed one, by the schema and the rules of its door. Pure. */
import { randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { InstallationSecrets } from '../../keys/rings.ts';
import type { Clock } from '../../ports/time.ts';
import type { NewClient } from '../client-metadata.ts';
import { completeProfile } from '../security-profile.ts';
import { isWaiting } from '../waiting-clients.ts';
import { approved, putAside, waitingMark, type ClientApproval } from './approval.ts';
import { reservedProblem } from './built-in.ts';
import { changedClient, changedMembers } from './change.ts';
import { createClientCheck, type ClientCheckDeps } from './check.ts';
import { completeClient, usesSecret } from './completion.ts';
import { changeProblem, doorOf, markOf, registrationProblem, withGiven, type Registrar } from './doors.ts';
import type { Decided, DecidedChange, Registration } from './outcomes.ts';
import { newClientSecret, secretDigest } from './secrets.ts';

export interface PlanningDeps extends ClientCheckDeps {
  /** From `loadSecrets`. `hashKey` hashes client secrets, `signingKeys` tell which algorithms can sign. */
  readonly secrets: Pick<InstallationSecrets, 'hashKey' | 'signingKeys'>;
  readonly clock: Clock;
  /** Whether what developers register waits for an administrator. */
  readonly approval: ClientApproval;
}

/** Gives the functions that plan. */
export const createClientPlanning = (deps: PlanningDeps) => {
  const { approval, clock, secrets } = deps;
  const check = createClientCheck(deps);

  /** The metadata of a client with this secret, or of a public one. */
  const metadataOf = (
    client: NewClient & { readonly client_id: string },
    secret: string | undefined,
  ): ClientMetadata => {
    const digest = secret !== undefined && { client_secret: secretDigest(secrets.hashKey, secret) };
    return completeClient({ ...client, ...digest }, secret === undefined);
  };

  return {
    /** A new client as it would be stored, with its secret, and why it is refused. */
    async newClient(asked: NewClient, by: Registrar, { given = {}, kept = {}, secret: agreed }: Registration) {
      const client = { ...given, ...asked };
      // A UUID never begins with `-`, which command lines would read as an option.
      const id = client.client_id ?? randomUUID();
      const secret = usesSecret(completeProfile(client)) ? (agreed ?? newClientSecret()) : undefined;
      const door = doorOf(by);
      const metadata = {
        ...metadataOf({ ...client, client_id: id }, secret),
        ...markOf(door),
        ...waitingMark(approval, door, clock()),
        ...kept,
      };
      const problem = reservedProblem(id) ?? (await check(metadata)) ?? registrationProblem(door, client, given);
      return { id, secret, metadata, problem };
    },

    /** The same for a client whose id and secret were agreed on, without the rules of a door. */
    async knownClient(client: NewClient & { readonly client_id: string }, secret: string | undefined) {
      const metadata = metadataOf(client, secret);
      return { metadata, problem: reservedProblem(client.client_id) ?? (await check(metadata)) };
    },

    /** What a change makes of a stored client, or why its door refuses it. */
    byDoor(before: ClientMetadata, decided: DecidedChange, by: Registrar): Decided {
      if ('problem' in decided) return decided;
      const { change, given = {}, kept = {}, refuse } = decided;
      const door = doorOf(by);
      const result = changedClient(withGiven(before, given), change);
      if ('problem' in result) return result;
      const problem = changeProblem(door, before, result.after, given) ?? refuse?.(result.after);
      if (problem !== undefined) return { problem };
      return { after: { ...putAside(approval, door, { before, after: result.after, change }), ...kept } };
    },

    /**
     * The same after the check of its schema, as it is and as it will be once it is approved. A client that stays as it was is not checked:
     * rules may be stricter than it.
     */
    async checked(before: ClientMetadata, decided: Decided): Promise<Decided> {
      if ('problem' in decided || changedMembers(before, decided.after).length === 0) return decided;
      const { after } = decided;
      const problem = (isWaiting(after) ? await check(approved(after)) : undefined) ?? (await check(after));
      return problem === undefined ? decided : { problem };
    },
  };
};

export type ClientPlanning = ReturnType<typeof createClientPlanning>;
