/** The rules over two stores, wired once: what the server and the command line share. No HTTP, no driver. */
import type { KeyObject } from 'node:crypto';
import { createAudit, type Audit } from '../src/audit.ts';
import type { Settings } from '../src/config.ts';
import { createSealer, type Sealer } from '../src/crypto.ts';
import type { Log } from '../src/log.ts';
import { Authenticators } from '../src/mfa/authenticators.ts';
import { SendLimits } from '../src/mfa/limits/send-limits.ts';
import { ChallengeStore } from '../src/mfa/challenge/store.ts';
import { Challenges } from '../src/mfa/challenge/challenges.ts';
import { Sender } from '../src/mfa/delivery/sender.ts';
import { Enrollments } from '../src/mfa/challenge/enrollments.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { CallStatusPoller, timers, type Schedule } from '../src/mfa/delivery/status-poller.ts';
import { FailedAttempts } from '../src/mfa/limits/failed-attempts.ts';
import type { Channel } from '../src/ports/carriers.ts';
import type { Clock } from '../src/ports/time.ts';
import type { DurableStore, ShortLivedStore } from '../src/ports/stores.ts';
import { auditEventKind, authenticatorKind, dailySendsKind, failedAttemptsKind, userKind } from '../src/records.ts';
import type { PasswordHasher } from '../src/users/password-hasher.ts';
import { PasswordLimits } from '../src/users/password-limits.ts';
import { Passwords } from '../src/users/password.ts';
import { Users } from '../src/users/users.ts';

/** What one process holds of the world: its settings, and everything that was opened for them. */
export interface Resources {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
  readonly channels: readonly Channel[];
  /** Those that may be used here. */
  readonly factors: readonly Factor[];
  readonly passwords: PasswordHasher;
  readonly log: Log;
  /** Runs something later; the process's own timers unless told. */
  readonly after?: Schedule;
}

export interface Services {
  readonly audit: Audit;
  readonly sealer: Sealer;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly authenticators: Authenticators;
  readonly failedAttempts: FailedAttempts;
  readonly challenges: Challenges;
  readonly enrollments: Enrollments;
  /** Close it before the process ends: it waits for news of calls. */
  readonly statusPoller: CallStatusPoller;
}

/** `hashKey`: of the house's secrets (`loadSecrets`). */
export const createServices = (resources: Resources, hashKey: KeyObject): Services => {
  const { settings, clock, durable, channels, factors, log } = resources;
  const { ephemeral, notifier } = resources.shortLived;
  const { limits } = settings;
  const people = durable.collection(userKind);
  const audit = createAudit({ events: durable.collection(auditEventKind), clock, log });
  const sealer = createSealer(settings.sealingKeys);
  const failedAttempts = new FailedAttempts({
    records: durable.collection(failedAttemptsKind),
    users: people,
    clock,
    limits,
  });
  const sendLimits = new SendLimits({
    dailySends: durable.collection(dailySendsKind),
    ephemeral,
    clock,
    hashKey,
    limits,
  });
  const stored = new Authenticators({
    authenticators: durable.collection(authenticatorKind),
    users: people,
    sealer,
    clock,
  });
  const store = new ChallengeStore({ ephemeral, clock, sealer, failedAttempts, limits });
  const statusPoller = new CallStatusPoller({ after: resources.after ?? timers, clock, log });
  const challenges = new Challenges({
    store,
    notifier,
    clock,
    users: people,
    factors,
    authenticators: stored,
    sender: new Sender({
      store,
      ephemeral,
      channels,
      sendLimits,
      clock,
      audit,
      log,
      limits,
      countries: settings.countries,
    }),
    failedAttempts,
    statusPoller,
    sealer,
    hashKey,
    audit,
    log,
    limits,
    unknownAnswerer: settings.unknownAnswerer,
  });
  const accounts = new Users({ users: people, audit, clock });
  return {
    audit,
    sealer,
    users: accounts,
    passwords: new Passwords({
      users: accounts,
      hasher: resources.passwords,
      passwordLimits: new PasswordLimits({ ephemeral, clock, hashKey, limits: settings.passwordLimits }),
      cost: settings.password,
      audit,
      clock,
      log,
    }),
    authenticators: stored,
    failedAttempts,
    challenges,
    statusPoller,
    enrollments: new Enrollments({ challenges, factors, authenticators: stored, failedAttempts, audit }),
  };
};
