/**
 * Loads the settings of the process. The environment is read here only, and all mistakes in it are reported together.
 * `config/table.ts` lists the settings, `config/rules.ts` how they depend on each other.
 */
import type { DetailTypes } from './config/authorization-details.ts';
import { developmentSealingKey } from './config/development-key.ts';
import { readText, type Environment, type ReadFile } from './config/sources.ts';
import { readSettings } from './config/reading.ts';
import type { DatabaseUrl } from './config/checks/stores.ts';
import type { Values } from './config/table.ts';
import { redisOf, type RedisSettings } from './config/redis.ts';
import { smtpOf, type SmtpSettings } from './config/smtp.ts';
import { twilioOf, type TwilioSettings } from './config/twilio.ts';
import type { SealingKey } from './crypto.ts';
import type { Developers } from './developer-access.ts';
import type { LogLevel } from './log.ts';
import type { EnrollmentPolicy } from './mfa/enrollment-plan.ts';
import type { Acr } from './mfa/factor.ts';
import { noPolicy, type Policy } from './policy/policy.ts';
import { noScopes, type OperatorScopes } from './scopes/scopes.ts';
import type { PolicyFile } from './policy/read.ts';
import type { LimitSettings } from './mfa/limits/settings.ts';
import type { PasskeyPolicy } from './mfa/passkeys/policy.ts';
import type { PushSettings } from './mfa/push/settings.ts';
import type { Reach } from './mfa/phone-number.ts';
import type { Millis } from './ports/time.ts';
import type { BegunSettings } from './users/limits/begun-sign-ins.ts';
import type { PasswordLimitSettings } from './users/limits/password-limits.ts';

export type { Environment, Mistake } from './config/sources.ts';
export type { RedisSettings } from './config/redis.ts';
export type { SmtpSettings } from './config/smtp.ts';
export type { TwilioSettings } from './config/twilio.ts';
export { ConfigError } from './config/reading.ts';

/** Cost of one password hash (RFC 9106), and how many passwords may wait to be hashed. */
export interface PasswordSettings {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  readonly queue: number;
}

/** How long sessions, interactions, grants and tokens live. */
export interface Lifetimes {
  /** From sign-in to the end, however active the session is. */
  readonly session: Millis;
  /** Since the session was used last. */
  readonly idle: Millis;
  /** Of a remembered browser, from its second step; 0: none is remembered. */
  readonly rememberedBrowser: Millis;
  readonly interaction: Millis;
  /** Of an authorization code. */
  readonly code: Millis;
  /** Of access tokens and ID tokens. */
  readonly accessToken: Millis;
  /** Since the refresh token was used last. */
  readonly refreshToken: Millis;
  /** For how long a used refresh token gives its successor once more; 0: never. */
  readonly refreshReuse: Millis;
  readonly grant: Millis;
}

/** How the proxy in front sends certificates of clients (RFC 8705). */
export interface ClientCertificateSettings {
  /** The header, in lower case. */
  readonly header: string;
  readonly format: Values['clientCertificateFormat'];
  /** Issuers of certificates, in PEM. Empty: clients register their own. */
  readonly authorities: readonly string[];
  /** Where the proxy asks for certificates, if that is another origin than the issuer. */
  readonly origin?: URL;
}

/** Checked settings of one process. */
export interface Settings {
  readonly mode: 'development' | 'production';
  readonly issuer: URL;
  readonly listen: { readonly host: string; readonly port: number };
  /** Address of probes and metrics. Absent: probes are answered on the public port. */
  readonly managementListen?: { readonly host: string; readonly port: number };
  /** How long connections are still accepted after SIGTERM. */
  readonly drainDelay: Millis;
  readonly database: DatabaseUrl;
  /** Whether a start runs pending migrations, or waits until another process has. */
  readonly migrations: 'run' | 'check';
  /** Absent: the database holds short-lived data too. */
  readonly redis?: RedisSettings;
  readonly sealingKeys: readonly [SealingKey, ...SealingKey[]];
  readonly twilio?: TwilioSettings;
  /** Absent: no mail is sent. */
  readonly smtp?: SmtpSettings;
  /** Addresses of administrators; empty: a line of the log is the alarm. */
  readonly adminMail: readonly string[];
  /** Names of accounts for an emergency. */
  readonly breakGlass: readonly string[];
  readonly password: PasswordSettings;
  readonly passwordLimits: PasswordLimitSettings;
  /** Names with a wrong password, in a minute and on one node, from which on there is an alarm. */
  readonly sprayedNames: number;
  /** A list of leaked passwords, asked by range queries. */
  readonly breachedPasswordsUrl?: URL;
  /** Sign-ins that may begin, and that the store keeps before a password is proven. */
  readonly begunSignIns: BegunSettings;
  /** Types of the factors that may be used. */
  readonly factors: readonly string[];
  /** The lowest level of every sign-in. */
  readonly minAcr: Acr;
  /** The operator's rules. */
  readonly policy: Policy;
  /** The operator's scopes, and words for all. */
  readonly scopes: OperatorScopes;
  /** The whole file of it, with its tests. Absent: there is none. */
  readonly policyFile?: PolicyFile;
  /** The methods that each person is to have. */
  readonly enrollment: EnrollmentPolicy;
  readonly passkeys: PasskeyPolicy;
  /** Other origins that may use passkeys of this RP ID, for browsers to read. */
  readonly passkeyOrigins: readonly URL[];
  /** Requests to the authenticator on a phone. */
  readonly push: PushSettings;
  /** Keys that answer a call: # alone, or the digits that the page shows. */
  readonly callAnswer: 'key' | 'number';
  /** Whether a call continues where the carrier cannot tell a person from a machine. */
  readonly unknownAnswerer: 'accept' | 'refuse';
  /** Whether machines are detected before our first words, or while we speak. */
  readonly machineDetection: 'before' | 'during';
  /** The numbers that may be called and texted. */
  readonly reach: Reach;
  /** Folder of files that declare clients. */
  readonly clientsDir?: string;
  /** Clients may register themselves with a token of the operator. */
  readonly offersRegistration: boolean;
  /** Who may use the developer portal. */
  readonly developers: Developers;
  /** Whether clients of developers wait for an administrator. */
  readonly clientApproval: 'none' | 'required';
  /** Clients that a person may add there. */
  readonly clientsPerDeveloper: number;
  /** Origins of the operator's own network to which requests may go at addresses that clients registered. */
  readonly outboundOrigins: readonly URL[];
  /** Number of trusted proxies in front of us. */
  readonly proxyHops: number;
  /** Whether each client must push its authorization requests. */
  readonly requiresPushedRequests: boolean;
  /** Types of authorization details that clients may request. */
  readonly detailTypes: DetailTypes;
  /** How clients' certificates reach us. Absent: not at all. */
  readonly clientCertificates?: ClientCertificateSettings;
  readonly limits: LimitSettings;
  readonly lifetimes: Lifetimes;
  /** When signing keys and cookie keys change: their age, 0: only by command; and how long clients may cache the JWKS. */
  readonly keys: { readonly rotation: Millis; readonly jwksCache: Millis };
  /** How long audit records stay; Infinity: for good. */
  readonly auditRetention: Millis;
  /** Where traces go, and how many requests of a hundred are traced. Absent: none. */
  readonly traces?: { readonly endpoint: URL; readonly percent: number };
  readonly logLevel: LogLevel;
}

/**
 * Reads and checks the settings. In development a missing sealing key is read from a file beside the database, which is
 * created on first use.
 * @throws ConfigError with all mistakes.
 */
export const loadSettings = (env: Environment, readFile: ReadFile = readText): Settings => {
  const { values } = readSettings(env, readFile);
  return toSettings(values, values.sealingKeys ?? [developmentSealingKey(values.database)]);
};

const methodCounts = { '0': 0, '1': 1, '2': 2 } as const;

const toSettings = (values: Values, sealingKeys: Settings['sealingKeys']): Settings => {
  const twilio = twilioOf(values);
  const smtp = smtpOf(values);
  const redis = redisOf(values);
  return {
    mode: values.mode,
    issuer: values.issuer,
    listen: values.listen ?? { host: 'localhost', port: Number(values.issuer.port || 3000) },
    ...(values.managementListen !== undefined && { managementListen: values.managementListen }),
    drainDelay: values.drainDelay,
    database: values.database,
    migrations: values.migrations,
    ...(redis !== undefined && { redis }),
    sealingKeys,
    ...(twilio !== undefined && { twilio }),
    ...(smtp !== undefined && { smtp }),
    adminMail: values.adminMail ?? [],
    breakGlass: values.breakGlass ?? [],
    password: {
      memoryKiB: values.passwordMemory,
      passes: values.passwordPasses,
      lanes: values.passwordLanes,
      queue: values.passwordQueue,
    },
    sprayedNames: values.sprayedNames,
    passwordLimits: {
      account: values.wrongPasswordsPerAccount,
      device: values.wrongPasswordsPerDevice,
      address: values.wrongPasswordsPerAddress,
      network: values.wrongPasswordsPerNetwork,
    },
    ...(values.breachedPasswordsUrl !== undefined && { breachedPasswordsUrl: values.breachedPasswordsUrl }),
    begunSignIns: {
      address: values.begunPerAddress,
      network: values.begunPerNetwork,
      device: values.begunPerDevice,
      stored: values.storedSignIns,
    },
    factors: values.factors,
    minAcr: values.minAcr,
    policy: values.policy?.policy ?? noPolicy,
    scopes: values.scopes ?? noScopes,
    ...(values.policy !== undefined && { policyFile: values.policy }),
    enrollment: {
      requiredMethods: methodCounts[values.requiredMethods],
      grace: values.enrollGrace,
      invites: values.invitations === 'on',
    },
    passkeys: {
      rpId: values.passkeyRpId ?? values.issuer.hostname,
      attestation: values.passkeyAttestation,
      roots: values.passkeyRoots ?? [],
      ...(values.passkeyAllow !== undefined && { allow: values.passkeyAllow }),
      block: values.passkeyBlock ?? [],
      residentKey: values.passkeyResidentKey,
      userVerification: values.passkeyUserVerification,
    },
    passkeyOrigins: values.passkeyOrigins ?? [],
    push: {
      digits: values.pushDigits === '6' ? 6 : 2,
      unlock: values.pushUnlock,
      services: values.pushServices ?? [],
      contact: values.pushContact ?? values.issuer.origin,
    },
    callAnswer: values.callAnswer,
    unknownAnswerer: values.unknownAnswerer,
    machineDetection: values.machineDetection,
    reach: {
      ...(values.countries !== undefined && { countries: values.countries }),
      ...(values.blockedCountries !== undefined && { blocked: values.blockedCountries }),
      ...(values.allowedPrefixes !== undefined && { prefixes: values.allowedPrefixes }),
    },
    ...(values.clientsDir !== undefined && { clientsDir: values.clientsDir }),
    offersRegistration: values.registration === 'tokens',
    developers: values.developers ?? (values.mode === 'production' ? ['developers'] : 'everyone'),
    clientApproval: values.clientApproval,
    clientsPerDeveloper: values.clientsPerDeveloper,
    outboundOrigins: values.outboundOrigins ?? [],
    proxyHops: values.proxyHops ?? 0,
    detailTypes: values.authorizationDetails ?? new Map(),
    requiresPushedRequests: values.requirePushedRequests === 'on',
    ...(values.clientCertificateHeader !== undefined && {
      clientCertificates: {
        header: values.clientCertificateHeader,
        format: values.clientCertificateFormat,
        authorities: values.clientCertificateAuthorities ?? [],
        ...(values.mtlsOrigin !== undefined && { origin: values.mtlsOrigin }),
      },
    }),
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
      ...(values.sendsPerHour !== undefined && { sendsPerHour: values.sendsPerHour }),
      ...(values.sendsPerCountryAndHour !== undefined && { sendsPerCountryAndHour: values.sendsPerCountryAndHour }),
      resends: values.resends,
      resendGap: values.resendGap,
      pause: values.pause,
      send: values.send,
    },
    lifetimes: {
      session: values.sessionLifetime,
      idle: values.sessionIdle,
      rememberedBrowser: values.rememberBrowser,
      interaction: values.interactionLifetime,
      code: values.authorizationCodeLifetime,
      accessToken: values.accessTokenLifetime,
      refreshToken: values.refreshTokenLifetime,
      refreshReuse: values.refreshReuseWithin,
      grant: values.grantLifetime,
    },
    keys: { rotation: values.keyRotation, jwksCache: values.jwksCache },
    auditRetention: values.auditRetention,
    ...(values.otlpEndpoint !== undefined && {
      traces: { endpoint: values.otlpEndpoint, percent: values.tracedPercent },
    }),
    logLevel: values.logLevel,
  };
};
