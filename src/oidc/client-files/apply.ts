/**
 * Makes the store equal to the files of a folder. Several nodes may do so at once: each client is written by compare-and-swap, and where
 * it is equal already, it is not written. So a client is added, and each change made, once.
 */
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { Problem } from '../../errors.ts';
import { ownMetadata } from '../own-metadata.ts';
import { canonicalResource } from '../resource-identifiers.ts';
import { fileMember, secretFileMember } from '../clients/doors.ts';
import type { DeclaredClient } from './client-files.ts';
import { byFile, changeTo, type PlanDeps, type PlannedStep } from './plan.ts';

/** What was done. Clients that other nodes have written meanwhile count as kept. */
export interface Applied {
  /** `secret`: made for this client, and returned this once. */
  readonly added: readonly { readonly id: string; readonly secret?: string }[];
  readonly changed: readonly string[];
  readonly kept: readonly string[];
  readonly removed: readonly string[];
  /** Clients of a file that no file declares any more, and that were not removed. */
  readonly notDeclared: readonly string[];
}

/**
 * Carries out a plan. `prune`: also removes clients that no file declares any more.
 * @throws Problem 'conflict' where a client cannot be written any more as it was planned, 'unavailable' as `Clients.change`
 */
export const applyPlan = async (
  deps: PlanDeps,
  steps: readonly PlannedStep[],
  { prune }: { readonly prune: boolean },
): Promise<Applied> => {
  const { registry } = deps;
  const added: { id: string; secret?: string }[] = [];
  const [changed, kept, removed, notDeclared]: string[][] = [[], [], [], []];
  const released = await releaseResources(deps, steps);
  for (const step of steps) {
    const { id } = step;
    if (step.action === 'not-declared') {
      const isRemoved = prune && (await registry.remove(id, byFile)).ok;
      (isRemoved ? removed : notDeclared)?.push(id);
    } else {
      const outcome = await write(deps, step.declared);
      if (outcome.wrote === 'added')
        added.push({ id, ...(outcome.secret !== undefined && { secret: outcome.secret }) });
      else (outcome.wrote === 'changed' || released.has(id) ? changed : kept)?.push(id);
    }
  }
  return { added, changed: changed ?? [], kept: kept ?? [], removed: removed ?? [], notDeclared: notDeclared ?? [] };
};

/** Members that a resource server alone has. */
const ofResourceServers = ['resource', 'resource_scopes', 'access_token_format'] as const;

/**
 * Takes away each resource that another declared client gets, so that clients can exchange theirs: two never have the same. Until the
 * clients are written, no token is given for it. Gives the ids of the clients that lost one.
 */
const releaseResources = async (
  { registry }: PlanDeps,
  steps: readonly PlannedStep[],
): Promise<ReadonlySet<string>> => {
  const released = new Set<string>();
  const declared = steps.filter(step => step.action !== 'not-declared');
  const getting = new Map(declared.map(({ id, declared: { client } }) => [canonicalResource(client.resource), id]));
  for (const step of declared) {
    const differences = step.action === 'change' ? step.differences : [];
    const held = differences.find(({ member }) => member === 'resource')?.before;
    if (typeof held !== 'string' || (getting.get(canonicalResource(held)) ?? step.id) === step.id) continue;
    // Another node may have given the client its new one meanwhile.
    const release = { change: { unset: ofResourceServers } };
    const changed = await registry.changeAsDecided(
      step.id,
      before => (ownMetadata(before).resource === held ? release : { change: {} }),
      byFile,
    );
    if (changed.ok && changed.members.length > 0) released.add(step.id);
  }
  return released;
};

type Written = { readonly wrote: 'added' | 'changed' | 'kept'; readonly secret?: string };

const write = async (deps: PlanDeps, declared: DeclaredClient): Promise<Written> => {
  const { id, client, file, secret: agreed } = declared;
  const { registry } = deps;
  const cannot = (message: string): Problem => new Problem('conflict', `${declared.at}: ${message}`);
  return optimisticWrite<Written>(
    async () => {
      const changed = await registry.changeAsDecided(id, before => changeTo(deps, declared, before), byFile);
      if (changed.ok) return { wrote: changed.members.length > 0 ? 'changed' : 'kept' };
      if (changed.reason === 'invalid') throw cannot(changed.message);
      const made = await registry.add(client, byFile, {
        kept: { [fileMember]: file, ...(agreed !== undefined && { [secretFileMember]: true }) },
        ...(agreed !== undefined && { secret: agreed }),
      });
      if (made.ok)
        return { wrote: 'added', ...(agreed === undefined && made.secret !== undefined && { secret: made.secret }) };
      if (made.reason === 'invalid') throw cannot(made.message);
      // Another node has added it first. A taken resource is refused above, at the next attempt.
      if ((await registry.stored(id)) === undefined) throw cannot(made.message);
      return conflict;
    },
    () => {
      throw new Problem('unavailable', `${id}: other nodes were first every time this client was written`);
    },
  );
};
