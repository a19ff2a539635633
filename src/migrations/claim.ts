/** Lets one node run migrations at a time. Its claim ends by the clock, so that another node takes over after a kill. */
import { randomToken } from '../crypto.ts';
import type { Log } from '../log.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Collection, DurableStore } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import { migrationClaimKind, type MigrationClaim } from '../records.ts';

/** How long a claim lasts without renewal: the longest wait after a node was killed. */
export const claimTime: Millis = 15_000;
const renewalTime: Millis = 5000;

const claimId = 'migrations';

/** The claim of this node. */
export interface Claim {
  /** False: it has ended, and another node may have begun. */
  isHeld(): boolean;
  /** Ends it before its time. */
  release(): Promise<void>;
}

/** What a claim needs. */
export interface ClaimDeps {
  readonly durable: DurableStore;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** Claims the migrations, and renews the claim until it is released. undefined: another node has it. */
export const claimMigrations = async ({ durable, clock, schedule, log }: ClaimDeps): Promise<Claim | undefined> => {
  const claims = durable.collection(migrationClaimKind);
  const node = randomToken();
  const held: { until: EpochMillis; isReleased: boolean } = { until: clock() + claimTime, isReleased: false };
  // The store lets an expired claim be inserted anew.
  if (!(await insertIfAbsent(claims, { id: claimId, rev: 1, node, until: held.until }))) return undefined;

  const renew = async (): Promise<void> => {
    const until = clock() + claimTime;
    const claim = await claims.get(claimId);
    if (claim?.node === node && (await claims.replace({ ...claim, until })) !== undefined) held.until = until;
    else held.until = 0;
  };
  let renewal = Promise.resolve();
  let cancel: (() => void) | undefined;
  const renewLater = (): void => {
    cancel = schedule(renewalTime, async () => {
      // A failed renewal is tried again: the claim lasts for several of them.
      renewal = renew().catch((error: unknown) => log.warn('migrations.claim-not-renewed', { error }));
      await renewal;
      if (held.until > 0 && !held.isReleased) renewLater();
    });
  };
  renewLater();
  return {
    isHeld: () => clock() < held.until,
    async release() {
      held.isReleased = true;
      cancel?.();
      await renewal;
      held.until = 0;
      // A claim that cannot be removed now ends by itself.
      await removeOwn(claims, node).catch((error: unknown) => log.warn('migrations.claim-not-released', { error }));
    },
  };
};

const removeOwn = async (claims: Collection<MigrationClaim>, node: string): Promise<void> => {
  if ((await claims.get(claimId))?.node === node) await claims.remove(claimId);
};
