/** Wires the rules of passwords: verifying, choosing, and resetting by mail; and of proving an address. */
import { AddressProofs } from '../src/account/address-proofs.ts';
import { PasswordResets, type PasswordResetsDeps } from '../src/account/password-reset.ts';
import type { Settings } from '../src/config.ts';
import { createOutbound } from '../src/http/outbound.ts';
import type { Log } from '../src/log.ts';
import type { Notices } from '../src/notice.ts';
import { noMetrics } from '../src/ports/metrics.ts';
import type { Ephemeral } from '../src/ports/stores.ts';
import type { Schedule } from '../src/ports/time.ts';
import { createBreachedPasswords, type IsBreached } from '../src/users/passwords/breached-passwords.ts';
import { SprayingAlarm } from '../src/users/limits/spraying-alarm.ts';
import { PasswordLimits } from '../src/users/limits/password-limits.ts';
import { Passwords } from '../src/users/passwords/password.ts';
import { ResetLimits } from '../src/users/limits/reset-limits.ts';
import type { Users } from '../src/users/users.ts';
import { accountLinks, resetPath } from '../web/pages/links.ts';
import { timers } from './timers.ts';

type PasswordsDeps = ConstructorParameters<typeof Passwords>[0];

/** The resources, settings and services that these rules use. */
export interface PasswordServiceDeps
  extends
    Omit<
      PasswordsDeps,
      'users' | 'passwordLimits' | 'sprayingAlarm' | 'isBreached' | 'cost' | 'service' | 'countedAudit'
    >,
    Omit<PasswordResetsDeps, 'accounts' | 'passwords' | 'limits' | 'page'> {
  readonly accounts: Users;
  readonly countedAudit: PasswordsDeps['countedAudit'] & PasswordResetsDeps['countedAudit'];
  readonly settings: Pick<Settings, 'breachedPasswordsUrl' | 'issuer' | 'password' | 'passwordLimits' | 'sprayedNames'>;
  readonly notices: Pick<Notices, 'tellAdministrators'>;
  readonly ephemeral: Ephemeral;
  readonly hashKey: ConstructorParameters<typeof ResetLimits>[0]['hashKey'];
  /** Runs a function later. Default: the timers of the process. */
  readonly schedule?: Schedule | undefined;
}

/** The services of passwords. */
export interface PasswordServices {
  readonly passwords: Passwords;
  readonly passwordResets: PasswordResets;
  readonly addressProofs: AddressProofs;
}

/** Creates the services. */
export const createPasswordServices = (deps: PasswordServiceDeps): PasswordServices => {
  const { settings, accounts, ephemeral, clock, hashKey, log, notices, metrics = noMetrics, schedule = timers } = deps;
  const { issuer, password: cost, passwordLimits: limits, breachedPasswordsUrl } = settings;
  const passwords = new Passwords({
    ...deps,
    users: accounts,
    sprayingAlarm: new SprayingAlarm({
      limit: settings.sprayedNames,
      notices,
      ephemeral,
      metrics,
      clock,
      log,
    }),
    passwordLimits: new PasswordLimits({ ephemeral, clock, hashKey, limits }),
    isBreached: breachedPasswords(breachedPasswordsUrl, schedule, log),
    cost,
    service: issuer.hostname,
  });
  const passwordResets = new PasswordResets({
    ...deps,
    passwords,
    limits: new ResetLimits({ ephemeral, clock, hashKey }),
    page: new URL(resetPath, issuer),
  });
  const addressProofs = new AddressProofs({ ...deps, page: new URL(accountLinks.confirmAddress, issuer) });
  return { passwords, passwordResets, addressProofs };
};

/** The list of leaked passwords, where the operator named one. Its address may be in the operator's own network. */
const breachedPasswords = (url: URL | undefined, schedule: Schedule, log: Log): IsBreached | undefined =>
  url && createBreachedPasswords({ url, ask: createOutbound({ allowed: [url], schedule }), schedule, log });
