/**
 * Lets one node run migrations at a time, by a lease in the durable store. The node renews it while it works. After a kill the lease
 * expires, and another node takes over.
 */
import { randomToken } from '../crypto.ts';
import type { Log } from '../log.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { Collection, DurableStore } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import { migrationLeaseKind, type MigrationLease } from '../records.ts';

/** How long a lease lasts without renewal: the longest wait after a node was killed. */
export const leaseTime: Millis = 15_000;
const renewalTime: Millis = 5000;

const leaseId = 'migrations';

/** The lease of this node. */
export interface Lease {
  /** False: it has expired or was lost, and another node may run migrations. */
  isHeld(): boolean;
  /** Ends it before it expires. */
  release(): Promise<void>;
}

/** What a lease needs. */
export interface LeaseDeps {
  readonly durable: DurableStore;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** Acquires the lease, and renews it until it is released. undefined: another node has it. */
export const acquireLease = async ({ durable, clock, schedule, log }: LeaseDeps): Promise<Lease | undefined> => {
  const leases = durable.collection(migrationLeaseKind);
  const node = randomToken();
  const held: { until: EpochMillis; isReleased: boolean } = { until: clock() + leaseTime, isReleased: false };
  // The store lets an expired lease be inserted again.
  if (!(await insertIfAbsent(leases, { id: leaseId, rev: 1, node, until: held.until }))) return undefined;

  const renew = async (): Promise<void> => {
    const until = clock() + leaseTime;
    const lease = await leases.get(leaseId);
    if (lease?.node === node && (await leases.replace({ ...lease, until })) !== undefined) held.until = until;
    else held.until = 0;
  };
  let renewal = Promise.resolve();
  let cancel: (() => void) | undefined;
  const renewLater = (): void => {
    cancel = schedule(renewalTime, async () => {
      // A failed renewal is tried again: the lease lasts for several of them.
      renewal = renew().catch((error: unknown) => log.warn('migrations.lease-not-renewed', { error }));
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
      // A lease that cannot be removed now expires.
      await removeOwn(leases, node).catch((error: unknown) => log.warn('migrations.lease-not-released', { error }));
    },
  };
};

const removeOwn = async (leases: Collection<MigrationLease>, node: string): Promise<void> => {
  if ((await leases.get(leaseId))?.node === node) await leases.remove(leaseId);
};
