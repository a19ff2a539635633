/** Checks settings against each other and against the mode. Each rule sees only values that passed their own check. */
import { isLoopback } from './checks/addresses.ts';
import { entryOf, type SettingKey, type Values } from './table.ts';
import type { Mistake } from './sources.ts';

/** Values that passed their own check. A setting with a mistake is absent. */
type Known = Partial<Values>;

interface Rule {
  readonly about: SettingKey;
  readonly isBroken: (values: Known) => boolean;
  readonly got: (values: Known) => string;
  readonly expected: string;
}

const production = (values: Known): boolean => values.mode === 'production';
const development = (values: Known): boolean => values.mode === 'development';
/** Factors that need the telephone network. */
const byTelephone = ['call', 'sms', 'spoken'] as const;
const reachesPeople = (values: Known): boolean => byTelephone.some(each => values.factors?.includes(each));
const someTelephone = (values: Known): boolean =>
  values.twilioAccountSid !== undefined ||
  values.twilioAuthTokens !== undefined ||
  values.twilioFrom !== undefined ||
  values.twilioMessagingServiceSid !== undefined;
const nothing = (): string => 'nothing';

/** Rules for public addresses: https; in development also http on loopback. */
const unsafeAddress = (
  about: 'issuer' | 'twilioApiBase' | 'callbackBase' | 'breachedPasswordsUrl',
  expected: string,
): readonly Rule[] => [
  {
    about,
    isBroken: values => production(values) && values[about]?.protocol === 'http:',
    got: values => `${values[about]?.origin}`,
    expected: 'https in production',
  },
  {
    about,
    isBroken: values => {
      const url = values[about];
      return development(values) && url?.protocol === 'http:' && !isLoopback(url.hostname);
    },
    got: values => `${values[about]?.origin}`,
    expected,
  },
];

const telephone = (about: 'twilioAccountSid' | 'twilioAuthTokens' | 'twilioFrom'): Rule => ({
  about,
  isBroken: values =>
    values[about] === undefined && (someTelephone(values) || (production(values) && reachesPeople(values))),
  got: nothing,
  expected:
    'account, tokens and number together; production cannot call or text without them (or remove call, sms and spoken from SALLYPORT_FACTORS)',
});

/** Refuses a value above another limit that takes effect first: the operator would rely on it in vain. */
const atMost = (about: Counted, limit: Counted, expected: string): Rule => ({
  about,
  isBroken: values => (values[about] ?? 0) > (values[limit] ?? Infinity),
  got: () => `more than ${entryOf(limit).name}`,
  expected,
});
type Counted =
  | 'refreshTokenLifetime'
  | 'accessTokenLifetime'
  | 'grantLifetime'
  | 'begunPerAddress'
  | 'begunPerNetwork'
  | 'sendsPerNumberAndHour'
  | 'sendsPerNumberAndDay'
  | 'allSendsPerNumberAndDay';

const isOfThisMachine = ({ hostname }: URL): boolean => isLoopback(hostname);
const isOpenHttp = (url: URL): boolean => url.protocol === 'http:' && !isOfThisMachine(url);

/** Rules for origins of the operator's choice to which requests may go: https, or http on loopback. */
const outbound = (about: 'outboundOrigins' | 'pushServices'): readonly Rule[] => [
  {
    about,
    isBroken: values => values[about]?.some(isOpenHttp) === true,
    got: values => `${values[about]?.find(isOpenHttp)?.origin}`,
    expected: 'https, or http on loopback',
  },
  {
    about,
    // Otherwise clients could reach services of this machine or pod that only listen on loopback.
    isBroken: values =>
      production(values) &&
      values.issuer !== undefined &&
      !isLoopback(values.issuer.hostname) &&
      values[about]?.some(isOfThisMachine) === true,
    got: values => `${values[about]?.find(isOfThisMachine)?.origin}`,
    expected: 'no loopback origin in production with a public issuer',
  },
];

/** `com` would be above every `example.com`: browsers refuse an RP ID that is a public suffix. */
const isWithin = (host: string, rpId: string): boolean =>
  host === rpId || (host.endsWith(`.${rpId}`) && rpId.includes('.'));

/** All rules, in the order in which their mistakes are reported. */
export const rules: readonly Rule[] = [
  {
    about: 'keyRotation',
    isBroken: ({ keyRotation = 0, jwksCache = 0 }) => keyRotation > 0 && keyRotation < 2 * jwksCache,
    got: () => 'less than twice SALLYPORT_JWKS_CACHE',
    expected: 'time to publish the next key before it signs: 0s, or twice SALLYPORT_JWKS_CACHE or more',
  },
  ...unsafeAddress('issuer', 'a loopback issuer in development'),
  {
    about: 'issuer',
    isBroken: values =>
      development(values) && values.issuer?.protocol === 'https:' && !isLoopback(values.issuer.hostname),
    got: values => `${values.issuer?.origin}`,
    expected: 'a loopback issuer in development; SALLYPORT_MODE=production for a public one',
  },
  {
    about: 'listen',
    isBroken: values => development(values) && values.listen !== undefined && !isLoopback(values.listen.host),
    got: values => `${values.listen?.host}`,
    expected: 'a loopback address in development',
  },
  {
    about: 'managementListen',
    isBroken: values =>
      development(values) && values.managementListen !== undefined && !isLoopback(values.managementListen.host),
    got: values => `${values.managementListen?.host}`,
    expected: 'a loopback address in development',
  },
  {
    about: 'managementListen',
    isBroken: ({ managementListen, listen, issuer }) =>
      managementListen !== undefined && managementListen.port === (listen?.port ?? Number(issuer?.port || 3000)),
    got: values => `port ${values.managementListen?.port}, which is that of the public address`,
    // Metrics and the states of stores are not for the public, also not at another address of the same port.
    expected: 'another port',
  },
  {
    about: 'proxyHops',
    // This server speaks http only, so something ends TLS in front of it. A wrong count gives all people one address.
    isBroken: values => production(values) && values.issuer?.protocol === 'https:' && values.proxyHops === undefined,
    got: nothing,
    expected: 'the number of proxies in front, 0 for none, in production with an https issuer',
  },
  {
    about: 'clientCertificateHeader',
    // Otherwise each client could send the certificate of another one.
    isBroken: values => values.clientCertificateHeader !== undefined && (values.proxyHops ?? 0) === 0,
    got: values => `${values.clientCertificateHeader} without a proxy`,
    expected: 'SALLYPORT_PROXY_HOPS to be 1 or more: only a proxy may send it',
  },
  ...(['clientCertificateAuthorities', 'mtlsOrigin'] as const).map(about => ({
    about,
    isBroken: (values: Known) => values[about] !== undefined && values.clientCertificateHeader === undefined,
    got: () => 'a value',
    expected: 'SALLYPORT_CLIENT_CERTIFICATE_HEADER too',
  })),
  {
    about: 'database',
    isBroken: values => production(values) && values.database?.store === 'memory',
    got: () => 'memory:',
    expected: 'a durable store in production',
  },
  {
    about: 'redisSentinelLogin',
    isBroken: values => values.redisSentinelLogin !== undefined && values.redisUrl?.form !== 'sentinel',
    got: () => 'a login without Sentinels',
    expected: 'REDIS_URL=redis-sentinel://… too, or neither',
  },
  {
    about: 'redisReplicas',
    isBroken: values => values.redisReplicas !== undefined && values.redisUrl === undefined,
    got: () => 'replicas without Redis',
    expected: 'REDIS_URL too, or neither',
  },
  {
    about: 'redisUrl',
    isBroken: values => values.database?.store === 'mongodb' && values.redisUrl === undefined,
    got: nothing,
    expected: 'a Redis server together with MongoDB, for sessions and pending challenges',
  },
  {
    about: 'sealingKeys',
    isBroken: values =>
      (production(values) || values.database?.store === 'mongodb') && values.sealingKeys === undefined,
    got: nothing,
    expected: 'at least one key in production, and with MongoDB',
  },
  telephone('twilioAccountSid'),
  telephone('twilioAuthTokens'),
  telephone('twilioFrom'),
  ...unsafeAddress('twilioApiBase', 'https, or http on loopback'),
  ...unsafeAddress('callbackBase', 'https, or http on loopback'),
  ...unsafeAddress('breachedPasswordsUrl', 'https, or http on loopback'),
  {
    about: 'mailFrom',
    isBroken: values => values.smtpUrl !== undefined && values.mailFrom === undefined,
    got: nothing,
    expected: 'the sender of mails together with SALLYPORT_SMTP_URL',
  },
  {
    about: 'factors',
    isBroken: values => values.factors?.includes('email') === true && values.smtpUrl === undefined,
    got: () => 'email without a mail server',
    expected: 'SALLYPORT_SMTP_URL for mailed codes',
  },
  {
    about: 'passkeyRpId',
    isBroken: ({ passkeyRpId, issuer }) =>
      passkeyRpId !== undefined && issuer !== undefined && !isWithin(issuer.hostname, passkeyRpId),
    got: values => `${values.passkeyRpId} for the issuer ${values.issuer?.hostname}`,
    expected: 'the host of SALLYPORT_ISSUER, or a domain of two or more names above it',
  },
  {
    about: 'passkeyRoots',
    isBroken: values => values.passkeyAttestation === 'direct' && values.passkeyRoots === undefined,
    got: nothing,
    expected: 'the trusted roots together with SALLYPORT_PASSKEY_ATTESTATION=direct',
  },
  {
    about: 'passkeyOrigins',
    isBroken: values => values.passkeyOrigins?.some(isOpenHttp) === true,
    got: values => `${values.passkeyOrigins?.find(isOpenHttp)?.origin}`,
    expected: 'https, or http on loopback',
  },
  ...outbound('pushServices'),
  {
    about: 'adminMail',
    isBroken: values => values.smtpUrl === undefined && values.adminMail !== undefined,
    got: () => 'addresses without a mail server',
    expected: 'SALLYPORT_SMTP_URL too, or neither',
  },
  ...outbound('outboundOrigins'),
  {
    about: 'passwordMemory',
    isBroken: values => production(values) && values.passwordMemory !== undefined && values.passwordMemory < 7168,
    got: values => `${values.passwordMemory}`,
    expected: '7168 or more in production (OWASP Password Storage: Argon2id)',
  },
  {
    about: 'passwordMemory',
    // RFC 9106 §3.1: at least 8 KiB a lane
    isBroken: values => (values.passwordMemory ?? 8) < 8 * (values.passwordLanes ?? 1),
    got: values => `${values.passwordMemory} for ${values.passwordLanes} lanes`,
    expected: 'at least 8 KiB a lane',
  },
  {
    about: 'sessionIdle',
    isBroken: values => (values.sessionIdle ?? 0) > (values.sessionLifetime ?? Infinity),
    got: () => 'more than SALLYPORT_SESSION_LIFETIME',
    expected: 'no longer than the session itself',
  },
  atMost('refreshTokenLifetime', 'grantLifetime', 'no longer than the grant, with which every token ends'),
  atMost('accessTokenLifetime', 'grantLifetime', 'no longer than the grant, with which every token ends'),
  atMost('begunPerAddress', 'begunPerNetwork', 'no more than its whole network may begin'),
  atMost('sendsPerNumberAndHour', 'sendsPerNumberAndDay', 'no more than in a day'),
  atMost('sendsPerNumberAndDay', 'allSendsPerNumberAndDay', 'no more than answered and unanswered ones together'),
  {
    about: 'firstWait',
    isBroken: values => (values.firstWait ?? 0) > (values.longestWait ?? Infinity),
    got: () => 'more than SALLYPORT_LONGEST_WAIT',
    expected: 'no longer than the longest wait',
  },
  {
    about: 'failedAttemptsBeforeWait',
    isBroken: values => (values.failedAttemptsBeforeWait ?? 0) >= (values.failedAttemptsBeforeDisabled ?? Infinity),
    got: () => 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED or more',
    expected: 'a wait before the authenticator is disabled',
  },
];

/** Gives a mistake for each broken rule. Skips settings in `invalid`, which already have a mistake of their own. */
export const mistakesIn = (values: Known, invalid: ReadonlySet<SettingKey>): readonly Mistake[] =>
  rules
    .filter(rule => !invalid.has(rule.about) && rule.isBroken(values))
    .map(rule => {
      const { name, example } = entryOf(rule.about);
      return { name, got: rule.got(values), expected: rule.expected, example };
    });
