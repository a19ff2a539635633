/** Reads, creates and changes secrets of the installation: one sealed document each, the same for all nodes. */
import { sealingKeyOf, type Sealer } from './crypto.ts';
import { isProblem, Problem } from './errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from './optimistic-write.ts';
import type { Clock } from './ports/time.ts';
import type { Collection } from './ports/stores.ts';
import type { Secret } from './records.ts';

/** The stored secrets, and what opens them. */
export interface SecretsDeps {
  readonly secrets: Collection<Secret>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/**
 * The secret with this id, created by `create` where it is missing. Of concurrent nodes the first insert wins.
 * @throws Problem 'unreadable' where no configured sealing key opens it.
 */
export const loadSecret = async (deps: SecretsDeps, id: string, create: () => Promise<string>): Promise<string> => {
  const stored = await deps.secrets.get(id);
  if (stored !== undefined) return openSecret(deps.sealer, id, stored.sealed);
  const created = await create();
  const sealed = deps.sealer.seal(created, sealedName(id));
  if (await insertIfAbsent(deps.secrets, { id, rev: 1, sealed, createdAt: deps.clock() })) return created;
  const winner = await deps.secrets.get(id);
  if (winner === undefined) {
    throw new Problem('unavailable', `${id}: got a conflict but no document, expected the secret of another node`);
  }
  return openSecret(deps.sealer, id, winner.sealed);
};

/** Replaces a stored secret by the result of `change`, and returns it. Concurrent callers change it one after the other. */
export const changeSecret = async (
  deps: SecretsDeps,
  id: string,
  change: (before: string) => Promise<string>,
): Promise<string> =>
  optimisticWrite<string>(
    async () => {
      const stored = await deps.secrets.get(id);
      if (stored === undefined) throw new Problem('not-found', `no secret ${id} is stored`);
      const next = await change(openSecret(deps.sealer, id, stored.sealed));
      const sealed = deps.sealer.seal(next, sealedName(id));
      return (await deps.secrets.replace({ ...stored, sealed })) === undefined ? conflict : next;
    },
    () => {
      throw new Problem('unavailable', `the secret ${id} kept changing while it was written`);
    },
  );

/**
 * Opens a stored secret. The secrets are the first values that a start opens, so that this message is what an operator sees.
 * @throws Problem 'unreadable' where no sealing key opens it
 */
export const openSecret = (sealer: Sealer, id: string, sealed: string): string => {
  try {
    return sealer.open(sealed, sealedName(id));
  } catch (cause) {
    if (!isProblem(cause, 'unreadable') || cause.cause === undefined) throw cause;
    const keyId = sealingKeyOf(sealed);
    const got = `the configured sealing key ${keyId} does not open the ${id} of this database, which a key of that id sealed`;
    const help =
      'set the earlier key (SALLYPORT_SEALING_KEYS); a new key needs a new id, before the earlier one in the list';
    throw new Problem('unreadable', `${got}: ${help}`, { cause });
  }
};

/** Name to which a secret is sealed. */
export const sealedName = (id: string): string => `secret:${id}`;
