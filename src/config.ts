/** The settings of one process. Nothing else reads the environment; every mistake is reported, all of them together. */
import { developmentSealingKey } from './config/development-key.ts';
import { readText, type Environment, type ReadFile } from './config/sources.ts';
import { readSettings } from './config/reading.ts';
import type { DatabaseUrl } from './config/checks.ts';
import type { Values } from './config/table.ts';
import type { SealingKey } from './crypto.ts';
import type { LogLevel } from './log.ts';
import type { Limits } from './mfa/limits/failed-attempts.ts';
import type { Millis } from './ports/time.ts';
import type { PasswordLimitSettings } from './users/password-limits.ts';

export type { Environment, Mistake } from './config/sources.ts';
export { ConfigError } from './config/reading.ts';

/** What calls and texts people, where it is configured: an account, its tokens (the first signs), our number, and both addresses. */
export interface TwilioSettings {
  readonly accountSid: string;
  readonly authTokens: readonly [string, ...string[]];
  readonly from: string;
  /** Picks who sends a text; without one our number does. */
  readonly messagingServiceSid?: string;
  readonly apiBase: URL;
  readonly callbackBase: URL;
}

/** Cost of one password hash (RFC 9106), and how many may wait for theirs. */
export interface PasswordSettings {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  readonly queue: number;
}

export interface Lifetimes {
  readonly session: Millis;
  readonly idle: Millis;
  readonly interaction: Millis;
  readonly code: Millis;
  /** Also of ID tokens. */
  readonly accessToken: Millis;
  readonly refreshToken: Millis;
  readonly grant: Millis;
}

export interface Settings {
  readonly mode: 'development' | 'production';
  readonly issuer: URL;
  readonly listen: { readonly host: string; readonly port: number };
  readonly database: DatabaseUrl;
  readonly redisUrl?: string;
  readonly sealingKeys: readonly [SealingKey, ...SealingKey[]];
  readonly twilio?: TwilioSettings;
  readonly password: PasswordSettings;
  readonly passwordLimits: PasswordLimitSettings;
  /** Types of the factors that may be used. */
  readonly factors: readonly string[];
  /** What answers a call: # alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** Whether a call goes on where nobody can tell who picked up. */
  readonly unknownAnswerer: 'accept' | 'refuse';
  /** ISO 3166-1; undefined: every country may be called. */
  readonly countries?: readonly string[];
  readonly proxyHops: number;
  readonly limits: Limits;
  readonly lifetimes: Lifetimes;
  readonly logLevel: LogLevel;
}

/**
 * The settings a process runs with.
 * In development a sealing key that is not configured is taken from, or put into, a file beside the database.
 * @throws ConfigError with every mistake.
 */
export const loadSettings = (env: Environment, readFile: ReadFile = readText): Settings => {
  const { values } = readSettings(env, readFile);
  return toSettings(values, values.sealingKeys ?? [developmentSealingKey(values.database)]);
};

/** The carrier that is configured; undefined: none is. */
export const twilioOf = (values: Values): TwilioSettings | undefined => {
  const { twilioAccountSid: accountSid, twilioAuthTokens: authTokens, twilioFrom: from } = values;
  const { twilioMessagingServiceSid: messagingServiceSid } = values;
  if (accountSid === undefined || authTokens === undefined || from === undefined) return undefined;
  return {
    accountSid,
    authTokens,
    from,
    ...(messagingServiceSid !== undefined && { messagingServiceSid }),
    apiBase: values.twilioApiBase,
    callbackBase: values.callbackBase ?? values.issuer,
  };
};

const toSettings = (values: Values, sealingKeys: Settings['sealingKeys']): Settings => {
  const twilio = twilioOf(values);
  return {
    mode: values.mode,
    issuer: values.issuer,
    listen: values.listen ?? { host: 'localhost', port: Number(values.issuer.port || 3000) },
    database: values.database,
    ...(values.redisUrl !== undefined && { redisUrl: values.redisUrl }),
    sealingKeys,
    ...(twilio !== undefined && { twilio }),
    password: {
      memoryKiB: values.passwordMemory,
      passes: values.passwordPasses,
      lanes: values.passwordLanes,
      queue: values.passwordQueue,
    },
    passwordLimits: {
      account: values.wrongPasswordsPerAccount,
      device: values.wrongPasswordsPerDevice,
      address: values.wrongPasswordsPerAddress,
      network: values.wrongPasswordsPerNetwork,
    },
    factors: values.factors,
    callAnswer: values.callAnswer,
    unknownAnswerer: values.unknownAnswerer,
    ...(values.countries !== undefined && { countries: values.countries }),
    proxyHops: values.proxyHops,
    limits: {
      attemptsPerChallenge: values.attemptsPerChallenge,
      failedAttemptsBeforeWait: values.failedAttemptsBeforeWait,
      firstWait: values.firstWait,
      longestWait: values.longestWait,
      failedAttemptsBeforeDisabled: values.failedAttemptsBeforeDisabled,
      sendsPerNumberAndHour: values.sendsPerNumberAndHour,
      sendsPerNumberAndDay: values.sendsPerNumberAndDay,
      allSendsPerNumberAndDay: values.allSendsPerNumberAndDay,
      sendsPerAccountAndHour: values.sendsPerAccountAndHour,
      sendsPerPrefixAndHour: values.sendsPerPrefixAndHour,
      sendsPerSwitchboardAndHour: values.sendsPerSwitchboardAndHour,
      resends: values.resends,
      resendGap: values.resendGap,
      pause: values.pause,
      send: values.send,
    },
    lifetimes: {
      session: values.sessionLifetime,
      idle: values.sessionIdle,
      interaction: values.interactionLifetime,
      code: values.authorizationCodeLifetime,
      accessToken: values.accessTokenLifetime,
      refreshToken: values.refreshTokenLifetime,
      grant: values.grantLifetime,
    },
    logLevel: values.logLevel,
  };
};
