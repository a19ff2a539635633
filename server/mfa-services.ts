/** Wires the classes of `src/mfa` over stores and carriers. The server, the command line and tests share it. */
import type { KeyObject } from 'node:crypto';
import type { Audit, WriteAudited } from '../src/audit.ts';
import { Changes } from '../src/changes.ts';
import type { Mail } from '../src/mail/mail.ts';
import { QueuedNotices } from '../src/notices/notices.ts';
import type { Outbox } from '../src/outbox/outbox.ts';
import type { Sealer } from '../src/crypto.ts';
import type { Log } from '../src/log.ts';
import { AuthenticatorData } from '../src/mfa/authenticator-data.ts';
import { AuthenticatorRemoval } from '../src/mfa/authenticator-removal.ts';
import { Authenticators } from '../src/mfa/authenticators.ts';
import { ClockDrift } from '../src/mfa/clock-drift.ts';
import { Ceremonies } from '../src/mfa/challenge/ceremonies.ts';
import { Challenges } from '../src/mfa/challenge/challenges.ts';
import { DeviceAnswers } from '../src/mfa/challenge/device-answers.ts';
import { DeviceRequests } from '../src/mfa/challenge/device-requests.ts';
import { Dispatch } from '../src/mfa/challenge/dispatch.ts';
import { Endings } from '../src/mfa/challenge/endings.ts';
import { Enrollments } from '../src/mfa/challenge/enrollments.ts';
import { ChallengeEvents } from '../src/mfa/challenge/events.ts';
import { MachineDetection } from '../src/mfa/challenge/machine-detection.ts';
import { MessageStatus } from '../src/mfa/challenge/message-status.ts';
import { RunningMessages } from '../src/mfa/challenge/running-messages.ts';
import { Resend } from '../src/mfa/challenge/resend.ts';
import { ChallengeStore } from '../src/mfa/challenge/store.ts';
import { Verification } from '../src/mfa/challenge/verification.ts';
import { VoiceDialogue } from '../src/mfa/challenge/voice-dialogue.ts';
import { Sender } from '../src/mfa/delivery/sender.ts';
import { CallStatusPoller } from '../src/mfa/delivery/status-poller.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { FailedAttempts } from '../src/mfa/limits/failed-attempts.ts';
import { PinAttempts } from '../src/mfa/challenge/pin-attempts.ts';
import { PushLimits } from '../src/mfa/limits/push-limits.ts';
import { SendCeilings } from '../src/mfa/limits/send-ceilings.ts';
import { SendLimits } from '../src/mfa/limits/send-limits.ts';
import type { LimitSettings } from '../src/mfa/limits/settings.ts';
import { Methods } from '../src/mfa/methods.ts';
import { HardwareTokens } from '../src/mfa/hardware-tokens.ts';
import { RecoveryCodes } from '../src/mfa/recovery-codes.ts';
import { OwnMethods } from '../src/mfa/own-methods.ts';
import { createPushCarrier } from '../src/mfa/push/channel.ts';
import { Subscriptions } from '../src/mfa/push/subscriptions.ts';
import type { Reach } from '../src/mfa/phone-number.ts';
import type { Carrier } from '../src/ports/carriers.ts';
import { noMetrics, type Metrics } from '../src/ports/metrics.ts';
import type { PushTransport } from '../src/ports/push.ts';
import type { DurableStore, ShortLivedStore } from '../src/ports/stores.ts';
import type { Clock, Schedule } from '../src/ports/time.ts';
import {
  authenticatorKind,
  dailySendsKind,
  failedAttemptsKind,
  pushRequestsKind,
  userKind,
  type User,
} from '../src/records.ts';
import { timers } from './timers.ts';

/** The resources and settings that the MFA services use. */
export interface MfaDeps {
  readonly durable: DurableStore;
  readonly shortLived: Pick<ShortLivedStore, 'ephemeral' | 'notifier'>;
  readonly carriers: readonly Carrier[];
  readonly factors: readonly Factor[];
  readonly sealer: Sealer;
  readonly hashKey: KeyObject;
  readonly outbox: Outbox;
  readonly mail: Mail;
  /** Mail addresses of administrators. */
  readonly administrators: readonly string[];
  readonly isBreakGlass?: ((user: User) => boolean) | undefined;
  readonly audit: Audit;
  readonly writeAudited: WriteAudited;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics | undefined;
  /** Watches what goes through a carrier. */
  readonly instrumentCarrier?: ((carrier: Carrier) => Carrier) | undefined;
  readonly limits: LimitSettings;
  readonly reach?: Reach | undefined;
  readonly unknownAnswerer: 'accept' | 'refuse';
  /** Runs a function later. Default: the timers of the process. */
  readonly schedule?: Schedule | undefined;
  /** What wakes phones. `services`: origins of push services beside the known ones. */
  readonly push?: { readonly transport: PushTransport; readonly services: readonly URL[] };
  /** Gets the binding of each challenge that a device answered. */
  readonly onAnswered?: ((boundTo: string) => Promise<void>) | undefined;
}

/** The MFA services of one process. */
export interface MfaServices {
  /** Tells who waits of changes. */
  readonly changes: Changes;
  readonly notices: QueuedNotices;
  readonly sender: Sender;
  readonly authenticators: Authenticators;
  readonly authenticatorData: AuthenticatorData;
  readonly authenticatorRemoval: AuthenticatorRemoval;
  readonly methods: Methods;
  readonly ownMethods: OwnMethods;
  readonly recoveryCodes: RecoveryCodes;
  readonly hardwareTokens: HardwareTokens;
  readonly failedAttempts: FailedAttempts;
  readonly sendLimits: SendLimits;
  readonly challengeStore: ChallengeStore;
  readonly challenges: Challenges;
  readonly enrollments: Enrollments;
  readonly resend: Resend;
  readonly runningMessages: RunningMessages;
  readonly voiceDialogue: VoiceDialogue;
  readonly messageStatus: MessageStatus;
  readonly machineDetection: MachineDetection;
  readonly deviceAnswers: DeviceAnswers;
  readonly deviceRequests: DeviceRequests;
  readonly subscriptions: Subscriptions;
  /** Holds timers: close it before the process ends. */
  readonly statusPoller: CallStatusPoller;
}

/** Creates the MFA services. */
export const createMfaServices = (deps: MfaDeps): MfaServices => {
  const { durable, shortLived, factors, sealer, hashKey, audit, clock, log, limits } = deps;
  const { ephemeral, notifier } = shortLived;
  const { isBreakGlass = () => false, metrics = noMetrics, instrumentCarrier = carrier => carrier } = deps;
  const users = durable.collection(userKind);
  const changes = new Changes({ notifier, clock });
  const failedAttempts = new FailedAttempts({ records: durable.collection(failedAttemptsKind), clock, limits });
  const sendLimits = new SendLimits({
    dailySends: durable.collection(dailySendsKind),
    ephemeral,
    clock,
    hashKey,
    limits,
    ceilings: new SendCeilings({ ephemeral, audit, log, limits }),
  });
  const pushLimits = new PushLimits({ records: durable.collection(pushRequestsKind), clock });
  const ofAuthenticators = { authenticators: durable.collection(authenticatorKind), users, sealer, clock };
  const authenticators = new Authenticators(ofAuthenticators);
  const authenticatorData = new AuthenticatorData(ofAuthenticators);
  const authenticatorRemoval = new AuthenticatorRemoval(ofAuthenticators);
  const subscriptions = new Subscriptions({ authenticators, authenticatorData });
  const carriers = [
    ...deps.carriers,
    ...(deps.push === undefined ? [] : [createPushCarrier({ ...deps.push, subscriptions, log })]),
  ].map(instrumentCarrier);
  const notices = new QueuedNotices({
    authenticators,
    users,
    outbox: deps.outbox,
    mail: deps.mail,
    administrators: deps.administrators,
    sendsTexts: carriers.some(({ channels }) => channels.some(({ via }) => via === 'sms')),
    clock,
    audit,
    log,
  });
  const store = new ChallengeStore({ ephemeral, clock, sealer, factors, failedAttempts, limits });
  const { schedule = timers } = deps;
  const statusPoller = new CallStatusPoller({ schedule, clock, log });
  const sender = new Sender({
    carriers,
    sendLimits,
    clock,
    audit,
    writeAudited: deps.writeAudited,
    log,
    limits,
    reach: deps.reach,
  });
  metrics.gauge('sallyport_circuit_open', () =>
    sender.circuits().map(({ isOpen, ...labels }) => ({ labels, value: isOpen ? 1 : 0 })),
  );
  const ceremonies = new Ceremonies({
    authenticators,
    authenticatorData,
    clock,
    hashKey,
    clockDrift: new ClockDrift({ metrics, clock, log }),
  });
  const events = new ChallengeEvents({ audit, notifier, metrics, clock });
  const endings = new Endings({
    store,
    events,
    notices,
    users,
    pushLimits,
    statusPoller,
    clock,
    log,
    limits,
    isBreakGlass,
  });
  const verification = new Verification({
    store,
    durable,
    ceremonies,
    endings,
    events,
    notices,
    users,
    failedAttempts,
    sendLimits,
    statusPoller,
    clock,
    limits,
  });
  const { unknownAnswerer } = deps;
  const machineDetection = new MachineDetection({
    store,
    verification,
    endings,
    events,
    sender,
    schedule,
    clock,
    log,
    unknownAnswerer,
  });
  const messageStatus = new MessageStatus({
    store,
    endings,
    settle: async found => machineDetection.settle(found),
    events,
    sender,
    statusPoller,
    clock,
    log,
  });
  const runningMessages = new RunningMessages({ store, ephemeral, changes, clock });
  const dispatch = new Dispatch({
    isBreakGlass,
    store,
    runningMessages,
    sender,
    messageStatus,
    events,
    failedAttempts,
    authenticators,
    pushLimits,
    clock,
    schedule,
    log,
  });
  const challenges = new Challenges({
    store,
    ceremonies,
    verification,
    endings,
    dispatch,
    machineDetection,
    events,
    changes,
    users,
    factors,
    sealer,
    clock,
  });
  const methods = new Methods({
    authenticators,
    authenticatorData,
    authenticatorRemoval,
    factors,
    failedAttempts,
    audit,
    notices,
  });
  return {
    changes,
    notices,
    sender,
    subscriptions,
    authenticators,
    authenticatorData,
    authenticatorRemoval,
    methods,
    ownMethods: new OwnMethods({ authenticators, authenticatorRemoval, methods, factors, audit, notices }),
    hardwareTokens: new HardwareTokens({ authenticators, failedAttempts, audit, notices, clock }),
    recoveryCodes: new RecoveryCodes({ authenticators, failedAttempts, factors, audit, notices }),
    failedAttempts,
    sendLimits,
    challengeStore: store,
    challenges,
    enrollments: new Enrollments({ challenges, factors, authenticators, failedAttempts, audit, notices }),
    resend: new Resend({ store, ceremonies, dispatch, events, users, clock }),
    runningMessages,
    voiceDialogue: new VoiceDialogue({
      store,
      ceremonies,
      verification,
      endings,
      messageStatus,
      machineDetection,
      clock,
      log,
      limits,
      unknownAnswerer,
    }),
    messageStatus,
    machineDetection,
    deviceAnswers: new DeviceAnswers({
      store,
      ceremonies,
      verification,
      endings,
      authenticators,
      pinAttempts: new PinAttempts(authenticatorData),
      users,
      events,
      notices,
      clock,
      onAnswered: deps.onAnswered,
    }),
    deviceRequests: new DeviceRequests({ store, ephemeral, ceremonies, messageStatus }),
    statusPoller,
  };
};
