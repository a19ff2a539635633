/**
 * Wires the classes of `src` over the resources of one process. The server and the command line share it, so it imports neither
 * HTTP code nor drivers.
 */
import {
  createAudit,
  createRecordAll,
  createWriteAudited,
  type Audit,
  type RecordAll,
  type WriteAudited,
} from '../src/audit.ts';
import { CountedAudit } from '../src/counted-audit.ts';
import type { Settings } from '../src/config.ts';
import { createSealer, type Sealer } from '../src/crypto.ts';
import type { Log } from '../src/log.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { hasPasskeys } from '../src/mfa/passkeys/data.ts';
import { PushKeys } from '../src/mfa/push/server-keys.ts';
import { PasskeySignIn } from '../src/mfa/passkey-sign-in.ts';
import { ApprovalBudget } from '../src/mfa/limits/approval-budget.ts';
import { Approvals } from '../src/mfa/challenge/approvals.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { MailLimits } from '../src/mail/limits.ts';
import { createMailCarrier } from '../src/mail/code-channel.ts';
import { Mail } from '../src/mail/mail.ts';
import type { Carrier } from '../src/ports/carriers.ts';
import type { MailTransport } from '../src/ports/mail.ts';
import { noMetrics, type Metrics } from '../src/ports/metrics.ts';
import type { OpenPush } from '../src/ports/push.ts';
import type { DurableStore, ShortLivedStore } from '../src/ports/stores.ts';
import type { Clock, Schedule } from '../src/ports/time.ts';
import { auditEventKind, hashWorkKind, outboxKind, secretKind, sentMailsKind, userKind } from '../src/records.ts';
import { keyTimes } from '../src/keys/ring.ts';
import { InstallationKeys } from '../src/keys/rotation.ts';
import type { InstallationSecrets } from '../src/keys/rings.ts';
import { Resealing } from '../src/sealing/resealing.ts';
import { Outbox } from '../src/outbox/outbox.ts';
import { knownBrowserTime, type KnownBrowser } from '../src/users/known-browser.ts';
import { AttemptLimits, passkeyRule, userCodeRule } from '../src/users/limits/attempt-limits.ts';
import type { PasswordHasher } from '../src/users/passwords/password-hasher.ts';
import { createBreakGlass, type IsBreakGlass } from '../src/users/break-glass.ts';
import { BegunSignIns } from '../src/users/limits/begun-sign-ins.ts';
import { HashWorks } from '../src/users/passwords/hash-works.ts';
import { ipPrefixesOf } from '../src/users/limits/ip-prefix.ts';
import { createAccountServices, type AccountServices } from './account-services.ts';
import { createClientServices, type ClientServices } from './client-services.ts';
import { createPasswordServices, type PasswordServices } from './password-services.ts';
import { createPushServices, type PushServices } from './push-services.ts';
import { createMfaServices, type MfaServices } from './mfa-services.ts';
import type { DeveloperNotes } from '../web/pages/props.ts';
import { timers } from './timers.ts';
import type { AroundRequest } from './instrument-requests.ts';

/** The settings of one process, and the resources that were opened for them. */
export interface Resources {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
  readonly carriers: readonly Carrier[];
  /** The factors that the settings enable. */
  readonly factors: readonly Factor[];
  readonly passwords: PasswordHasher;
  /** Absent: no mail server is configured, and no mail is sent. */
  readonly mailTransport?: MailTransport;
  /** Absent: no phone is woken by a push. */
  readonly openPush?: OpenPush;
  readonly log: Log;
  /** Absent: there are no metrics. */
  readonly metrics?: Metrics;
  /** Watches what goes through a carrier. Also called for the carriers of mails and pushes, which the services make. */
  readonly instrumentCarrier?: (carrier: Carrier) => Carrier;
  /** Traces requests of the public port. Absent: they are not traced. */
  readonly aroundRequest?: AroundRequest;
  /** What pages add for developers. Only the development environment passes it; refused in production. */
  readonly developerNotes?: DeveloperNotes;
  /** Runs a function later. Default: the timers of the process. */
  readonly schedule?: Schedule;
}

/** The services of one process. */
export interface Services extends AccountServices, ClientServices, MfaServices, PasswordServices, PushServices {
  readonly audit: Audit;
  readonly recordAll: RecordAll;
  readonly writeAudited: WriteAudited;
  /** Holds a timer and counts: close it before the process ends. */
  readonly countedAudit: CountedAudit;
  readonly sealer: Sealer;
  /** The keys that sign tokens and cookies. */
  readonly keys: InstallationKeys;
  /** Seals stored values anew by the first sealing key. */
  readonly resealing: Resealing;
  /** Messages to systems outside. Only a server sends them. */
  readonly outbox: Outbox;
  /** Requests to people in their authenticator, outside a sign-in. */
  readonly approvals: Approvals;
  /** Mails to people and administrators. */
  readonly mail: Mail;
  /** Absent: passkeys are not in use. */
  readonly passkeySignIn?: PasskeySignIn<KnownBrowser>;
  readonly isBreakGlass: IsBreakGlass;
  readonly hashWorks: HashWorks;
  readonly begunSignIns: BegunSignIns;
  readonly userCodeLimits: AttemptLimits;
}

/** Creates the services. `hashKey` is that of this installation (`loadSecrets`). */
export const createServices = (resources: Resources, { hashKey }: Pick<InstallationSecrets, 'hashKey'>): Services => {
  const { settings, clock, durable, shortLived, carriers, factors, log, schedule, metrics = noMetrics } = resources;
  const { limits, reach, unknownAnswerer } = settings;
  const { ephemeral } = shortLived;
  const isBreakGlass = createBreakGlass(settings.breakGlass);
  const events = durable.collection(auditEventKind);
  const audit = createAudit({ events, clock, log, metrics });
  const writeAudited = createWriteAudited({ durable, clock, log, metrics });
  const countedAudit = new CountedAudit({
    events,
    clock,
    log,
    metrics,
    subscriberOf: address => ipPrefixesOf(address).address,
    schedule: schedule ?? timers,
  });
  const sealer = createSealer(settings.sealingKeys, ({ boundTo, sealingKey }) => {
    const isKnown = settings.sealingKeys.some(({ id }) => id === sealingKey);
    const reason = isKnown ? 'changed' : 'key-missing';
    const [kind, userId] = boundTo.split(':');
    countedAudit.count({
      event: 'value.unreadable',
      actor: 'system',
      outcome: 'failure',
      reason,
      record: boundTo,
      ...(kind === 'authenticator' && userId !== undefined && { subject: userId }),
    });
  });
  const outbox = new Outbox({
    messages: durable.collection(outboxKind),
    sealer,
    notifier: shortLived.notifier,
    clock,
    audit,
    log,
  });
  const ofClients = createClientServices({ ...resources, sealer, outbox, audit });
  const mail = new Mail({
    outbox,
    limits: new MailLimits({ sentMails: durable.collection(sentMailsKind), hashKey, clock, log }),
    hashKey,
    isOn: resources.mailTransport !== undefined,
    host: settings.issuer.hostname,
  });
  const pushKeys = new PushKeys({
    secrets: durable.collection(secretKind),
    sealer,
    origin: settings.issuer.origin,
    audit,
    clock,
  });
  const pushTransport = resources.openPush?.(async () => pushKeys.vapid());
  const mfa = createMfaServices({
    durable,
    shortLived,
    carriers: mail.isOn ? [...carriers, createMailCarrier(mail, clock)] : carriers,
    factors,
    sealer,
    hashKey,
    outbox,
    mail,
    administrators: settings.adminMail,
    isBreakGlass,
    audit,
    writeAudited,
    clock,
    log,
    metrics,
    instrumentCarrier: resources.instrumentCarrier,
    limits,
    reach,
    unknownAnswerer,
    schedule,
    ...(pushTransport && { push: { transport: pushTransport, services: settings.push.services } }),
    onAnswered: boundTo => ofClients.pings.answered(boundTo),
  });
  const ofAccounts = createAccountServices({
    settings,
    durable,
    ephemeral,
    factors,
    sealer,
    mail,
    mfa,
    backChannelLogout: ofClients.backChannelLogout,
    isBreakGlass,
    events,
    audit,
    clock,
  });
  const { users } = ofAccounts;
  const passkeySignIn = new PasskeySignIn({
    ...mfa,
    policy: settings.passkeys,
    origin: settings.issuer.origin,
    sharesRpId: settings.passkeys.rpId !== settings.issuer.hostname || settings.passkeyOrigins.length > 0,
    users: durable.collection(userKind),
    accountNamed: async typed => users.find(typed),
    limits: new AttemptLimits({ ephemeral, clock, hashKey }, passkeyRule),
    ephemeral,
    sealer,
    audit,
    countedAudit,
    metrics,
    clock,
  });
  const hashWorks = new HashWorks({ records: durable.collection(hashWorkKind), clock, own: settings.password });
  return {
    ...mfa,
    ...ofClients,
    ...ofAccounts,
    audit,
    recordAll: createRecordAll({ events, clock, log, metrics }),
    writeAudited,
    countedAudit,
    sealer,
    keys: new InstallationKeys({
      durable,
      notifier: shortLived.notifier,
      sealer,
      clock,
      times: keyTimes({
        ...settings.keys,
        // An ID token is a hint at sign-out as long as its session lasts.
        token: Math.max(settings.lifetimes.session, settings.lifetimes.accessToken),
        cookie: Math.max(settings.lifetimes.session, settings.lifetimes.rememberedBrowser, knownBrowserTime),
      }),
      audit,
      log,
    }),
    resealing: new Resealing({ durable, sealer, keyIds: settings.sealingKeys.map(({ id }) => id), clock, log }),
    outbox,
    approvals: new Approvals({
      ...mfa,
      audit,
      budget: new ApprovalBudget({ ephemeral, clock, hashKey }),
      factor: factors.find(({ type }) => type === pushType),
      issuer: settings.issuer,
    }),
    isBreakGlass,
    mail,
    ...(hasPasskeys(factors) && { passkeySignIn }),
    hashWorks,
    userCodeLimits: new AttemptLimits({ ephemeral, clock, hashKey }, userCodeRule),
    begunSignIns: new BegunSignIns({
      ephemeral,
      clock,
      hashKey,
      limits: settings.begunSignIns,
      lifetime: settings.lifetimes.interaction,
    }),
    ...createPushServices({ ...mfa, settings, shortLived, factors, sealer, hashKey, clock, pushKeys }),
    ...createPasswordServices({
      settings,
      accounts: users,
      users: durable.collection(userKind),
      hasher: resources.passwords,
      hashWorks,
      notices: mfa.notices,
      ephemeral,
      hashKey,
      mail,
      outbox,
      audit,
      countedAudit,
      metrics,
      clock,
      log,
      schedule,
    }),
  };
};
