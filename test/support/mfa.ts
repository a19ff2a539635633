/** Wires `src/mfa` without HTTP, over real stores, with test factors and channels that only record. */
import { createSecretKey, randomBytes, randomUUIDv7 } from 'node:crypto';
import { createAudit, createWriteAudited } from '../../src/audit.ts';
import { loadSettings } from '../../src/config.ts';
import { createSealer, type Sealer } from '../../src/crypto.ts';
import type { RequestContext } from '../../src/mfa/challenge-state/request-context.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import { SignInProofs } from '../../src/mfa/sign-in-proofs.ts';
import type { LimitSettings } from '../../src/mfa/limits/settings.ts';
import { MailLimits } from '../../src/mail/limits.ts';
import { Mail } from '../../src/mail/mail.ts';
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import { createMfaServices } from '../../server/mfa-services.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { Authenticators } from '../../src/mfa/authenticators.ts';
import type { CallMessage, Carrier, Channel, CodeMail, Progress, TextMessage } from '../../src/ports/carriers.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import {
  auditEventKind,
  authenticatorKind,
  dailySendsKind,
  failedAttemptsKind,
  outboxKind,
  sentMailsKind,
  userKind,
  type AuditRecord,
  type User,
} from '../../src/records.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { createConversation } from './carrier/conversation.ts';
import type { TestClock } from './world/clock.ts';
import type { Node } from './world/stores.ts';
import type { Reach } from '../../src/mfa/phone-number.ts';

type WordFactor = Factor<{ readonly word: string; readonly used: number }, null, null>;

/** A factor that asks the browser for a word. Counts its comparisons. */
export const createWordFactor = (): WordFactor & { readonly compared: number } => {
  let compared = 0;
  return {
    get compared() {
      return compared;
    },
    type: 'word',
    answeredBy: 'browser',
    reaches: 'aal2',
    guessable: true,
    asksFor: 'any',
    lifetimes: { answer: 600_000, redeem: 300_000 },
    enroll: {
      begin: async () => ({ state: null, prompt: { kind: 'code', length: 6 } }),
      finish: async answer => ({
        ok: true,
        label: 'Word',
        data: { word: JSON.stringify(answer), used: 0 },
        amr: ['otp'],
        acr: 'aal2',
      }),
    },
    challenge: {
      begin: async () => ({ state: null, prompt: { kind: 'code', length: 6 } }),
      async finish(answer, _state, candidates) {
        compared += 1;
        const used = candidates.find(each => each.data.word === answer);
        if (used === undefined) return { ok: false, reason: 'wrong' };
        return {
          ok: true,
          used: { ...used, data: { ...used.data, used: used.data.used + 1 } },
          amr: ['otp'],
          acr: 'aal2',
        };
      },
    },
  };
};

interface RecordedMessages<M> {
  readonly sent: M[];
  readonly cancelled: string[];
  /** Runs before a message is accepted; may delay or refuse it. */
  onSend: (message: M, reference: string) => Promise<void>;
}

/** A channel of calls that only records. `look`: returns the status of a call, for polling. */
export const createCallChannel = (
  look?: (reference: string) => Promise<Progress>,
): Channel<CallMessage> & RecordedMessages<CallMessage> => ({
  via: 'call',
  sent: [],
  cancelled: [],
  onSend: async () => {},
  async send(message) {
    this.sent.push(message);
    const reference = `CA${this.sent.length}`;
    await this.onSend(message, reference);
    return { reference };
  },
  async cancel(reference) {
    this.cancelled.push(reference);
  },
  ...(look !== undefined && { fetchStatus: async (reference: string) => look(reference) }),
});

/** A channel of texts that only records. */
export const createTextChannel = (): Channel<TextMessage> & RecordedMessages<TextMessage> => ({
  via: 'sms',
  sent: [],
  cancelled: [],
  onSend: async () => {},
  async send(message) {
    this.sent.push(message);
    const reference = `SM${this.sent.length}`;
    await this.onSend(message, reference);
    return { reference };
  },
});

export const createCodeMailChannel = (): Channel<CodeMail> & RecordedMessages<CodeMail> => ({
  via: 'email',
  sent: [],
  cancelled: [],
  onSend: async () => {},
  async send(message) {
    this.sent.push(message);
    const reference = `EM${this.sent.length}`;
    await this.onSend(message, reference);
    return { reference };
  },
});

export const requestContextOf = (user: User): RequestContext => ({
  reference: '7K3MQ2XA',
  client: 'Contoso Office',
  language: 'en',
  origin: 'http://localhost:3000',
  address: '127.0.0.1',
  person: { id: user.id, name: user.name },
  isKnownBrowser: true,
});

/** Default limits. */
const { limits: defaults } = loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' });

const sealingKey = createSecretKey(randomBytes(32));
const hashKey = createSecretKey(randomBytes(32));

/** Wires `src/mfa` over one node. A second call over another node of the same store is a second node. */
export const createTestMfa = (
  node: Node,
  options: {
    readonly clock: TestClock;
    readonly factors: readonly Factor[];
    readonly channels?: readonly Channel[];
    /** One carrier with `channels`, unless told. */
    readonly carriers?: readonly Carrier[];
    readonly limits?: Partial<LimitSettings>;
    readonly reach?: Reach;
    readonly unknownAnswerer?: 'accept' | 'refuse';
    readonly log?: Log;
    readonly metrics?: Metrics;
    /** A mail server is configured. */
    readonly mail?: boolean;
    readonly administrators?: readonly string[];
  },
) => {
  const { clock, log = silentLog } = options;
  const { ephemeral } = node.shortLived;
  const limits = { ...defaults, ...options.limits };
  const sealer: Sealer = createSealer([{ id: 'test', key: sealingKey }]);
  const collections = {
    users: node.durable.collection(userKind),
    authenticators: node.durable.collection(authenticatorKind),
    records: node.durable.collection(failedAttemptsKind),
    dailySends: node.durable.collection(dailySendsKind),
    events: node.durable.collection(auditEventKind),
    outbox: node.durable.collection(outboxKind),
  };
  const audit = createAudit({ events: collections.events, clock, log });
  const writeAudited = createWriteAudited({ durable: node.durable, clock, log });
  const outbox = new Outbox({
    messages: collections.outbox,
    sealer,
    notifier: createInProcessNotifier(),
    clock,
    audit,
    log,
  });
  const mail = new Mail({
    outbox,
    limits: new MailLimits({ sentMails: node.durable.collection(sentMailsKind), hashKey, clock, log }),
    hashKey,
    isOn: options.mail ?? false,
    host: 'localhost',
  });
  const { factors, channels = [], reach, unknownAnswerer = 'accept' } = options;
  const services = createMfaServices({
    durable: node.durable,
    shortLived: node.shortLived,
    carriers: options.carriers ?? [{ name: 'test', channels, callbacks: [] }],
    factors,
    sealer,
    hashKey,
    outbox,
    mail,
    administrators: options.administrators ?? [],
    audit,
    writeAudited,
    clock,
    log,
    metrics: options.metrics,
    limits,
    reach,
    unknownAnswerer,
    schedule: clock.after,
  });
  const { authenticators: stored } = services;
  const hear = createConversation(services.voiceDialogue, clock);
  return {
    ...services,
    ...collections,
    collections,
    outbox,
    mail,
    sealer,
    audit,
    log,
    ephemeral,
    stored,
    store: services.challengeStore,
    /** Reports what is heard on a call. */
    hear,
    /** Presses keys in a call; without keys: reports the pick-up. */
    async press(token: string, keys: string, reference: string): Promise<AnswerResult> {
      return (await hear({ token, reference, keys })).result;
    },
    signInProofs: new SignInProofs(ephemeral, 600_000),
    /** A person with one bound authenticator for each entry. */
    async person(
      name: string,
      methods: readonly Pick<Parameters<Authenticators['bind']>[1], 'type' | 'data' | 'handle'>[],
    ) {
      const id = randomUUIDv7();
      await collections.users.insert({
        id,
        rev: 1,
        name,
        signInNames: [name],
        displayName: name,
        createdAt: clock(),
        authenticators: [],
      });
      const bound = [];
      for (const each of methods) bound.push(await stored.bind(id, { ...each, label: each.type }));
      const user = await collections.users.get(id);
      if (user === undefined) throw new Error('the person was not stored');
      return { user, bound };
    },
    async audited(event: string): Promise<readonly AuditRecord[]> {
      return collections.events.find({ event }, { limit: 1000 });
    },
  };
};
