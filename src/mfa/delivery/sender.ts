/** What a challenge sends: within the budgets, by a carrier that works, one call at a time; and what the carrier tells of it. */
import type { Audit, AuditEventName } from '../../audit.ts';
import type { EndReason } from '../../end-reason.ts';
import { isProblem, Problem, Undelivered, type CarrierRefusal } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Channel, Message, Progress } from '../../ports/carriers.ts';
import type { Clock } from '../../ports/time.ts';
import type { Ephemeral } from '../../ports/stores.ts';
import type { DailySends } from '../../records.ts';
import { admitted, after, closed, unsent, type Breaker } from './circuit-breaker.ts';
import type { SendLimits, Sending } from '../limits/send-limits.ts';
import {
  callDeadline,
  keys,
  retention,
  type ChallengeRecord,
  type RequestContext,
  type Phase,
  type MessageProgress,
  type SentMessage,
} from '../challenge/record.ts';
import type { ChallengeStore, LoadedChallenge } from '../challenge/store.ts';
import { barredBy } from '../phone-number.ts';

const order = { dialled: 0, ringing: 1, answered: 2, sent: 0, delivered: 1, undelivered: 2 } as const satisfies Record<
  MessageProgress['step'],
  number
>;

/** What the end of a call means while its challenge is still pending: nobody approved anything. */
const meanings = {
  completed: 'hung-up',
  busy: 'busy',
  'no-answer': 'no-answer',
  failed: 'unreachable',
  canceled: 'no-answer',
} as const satisfies Record<Extract<Progress, { step: 'ended' }>['reason'], EndReason>;

/** What stood in the way of a message. */
export type Unsent = Extract<
  EndReason,
  'send-limit' | 'elsewhere' | 'paused' | 'undeliverable' | 'slow' | 'carrier-busy' | 'number-refused'
>;

/** Why one more call to an account may not be made. */
type InTheWay = Extract<Unsent, 'elsewhere' | 'paused'>;

const reasons = {
  refused: 'number-refused',
  busy: 'carrier-busy',
  slow: 'slow',
  down: 'undeliverable',
  misconfigured: 'undeliverable',
} as const satisfies Record<CarrierRefusal, Unsent>;

/** The carrier has no such message: what was counted for it is given back. A refused one stays counted, so that asking for it ends. */
const costsNothing: ReadonlySet<CarrierRefusal> = new Set<CarrierRefusal>(['down', 'misconfigured', 'busy']);

const firstStep = { call: 'dialled', sms: 'sent' } as const satisfies Record<Message['via'], MessageProgress['step']>;

interface SenderDeps {
  readonly store: ChallengeStore;
  readonly ephemeral: Ephemeral;
  readonly channels: readonly Channel[];
  readonly sendLimits: SendLimits;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly log: Log;
  readonly limits: { readonly send: number };
  /** The only ones whose numbers are reached; undefined: all. */
  readonly countries?: readonly string[] | undefined;
}

/** Where one message belongs: its challenge, the digest of its token, and whom it is for. */
export interface Outgoing {
  readonly record: ChallengeRecord;
  readonly id: string;
  readonly message: Message;
  readonly request: RequestContext;
  readonly event: Extract<AuditEventName, 'challenge.sent' | 'challenge.resent'>;
}

export class Sender {
  readonly #deps: SenderDeps;
  readonly #breakers = new Map<Channel, Breaker>();

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  /** Carries one message, once. Gives why it could not; otherwise what is known of it then. */
  async send(outgoing: Outgoing): Promise<Unsent | SentMessage> {
    const { record, id, message } = outgoing;
    const channel = this.#channel(message.via);
    if (barredBy(message.to, this.#deps.countries) !== undefined) return 'number-refused';
    const inTheWay = message.via === 'call' ? await this.#reserve(record, id) : undefined;
    if (inTheWay !== undefined) return inTheWay;
    const sending = sendingOf(record, message);
    const today = await this.#deps.sendLimits.countSend(sending);
    if (today === undefined) return 'send-limit';
    const carried = await this.#carry(channel, outgoing);
    if (typeof carried === 'string') {
      if (costsNothing.has(carried)) await this.#deps.sendLimits.refundUnsent(sending);
      return reasons[carried];
    }
    return this.#taken(channel, { record, id, today }, carried.reference);
  }

  /** One try: what failed is never sent again from here, as a message that seems lost may be on its way. */
  async #carry(
    channel: Channel,
    { record, message, request, event }: Outgoing,
  ): Promise<{ readonly reference: string } | CarrierRefusal> {
    const { clock, limits, log } = this.#deps;
    const open = admitted(this.#breakers.get(channel) ?? closed, clock());
    if (open === undefined) return 'down';
    this.#breakers.set(channel, open);
    // Before it leaves us: no telephone rings of which there is no record. What the carrier refuses is recorded after it.
    try {
      await this.#deps.audit({
        event,
        actor: 'system',
        subject: record.userId,
        outcome: 'info',
        reference: request.reference,
        factor: record.factor,
        via: message.via,
      });
    } catch (error) {
      this.#breakers.set(channel, unsent(this.#breakers.get(channel) ?? closed));
      throw error;
    }
    const note = (reason: CarrierRefusal | undefined): void => {
      this.#breakers.set(channel, after(this.#breakers.get(channel) ?? closed, reason, clock()));
    };
    try {
      const carried = await channel.send(message, AbortSignal.timeout(limits.send));
      note(undefined);
      return carried;
    } catch (error) {
      const reason = error instanceof Undelivered ? error.reason : undefined;
      note(reason ?? 'slow');
      if (reason === undefined && !isProblem(error, 'undeliverable')) throw error;
      log.warn('carrier.refused', { via: channel.via, reason, error });
      return reason ?? 'down';
    }
  }

  /** A callback may come before the carrier's reply: the first reference told or heard is the one of this message. */
  async #taken(
    channel: Channel,
    { record, id, today }: Pick<Outgoing, 'record' | 'id'> & { readonly today: DailySends },
    reference: string,
  ): Promise<SentMessage> {
    const step = firstStep[channel.via];
    const { sent } = await this.#deps.store.changeSent(id, { record }, was =>
      was.reference === undefined ? this.#further({ ...was, reference, today }, step) : undefined,
    );
    if (sent.reference !== reference) await this.#cancel(channel, reference);
    return sent;
  }

  /**
   * Writes down what was told of a message; undefined: it is about another one. News that is older than what is known changes
   * nothing; marks, once made, stay.
   */
  async note(
    id: string,
    was: SentMessage,
    { reference, step }: { readonly reference: string | undefined; readonly step: MessageProgress['step'] | undefined },
    marks: Pick<SentMessage, 'pickedUp' | 'codeRevealed' | 'ended'>,
  ): Promise<{ readonly sent: SentMessage; readonly isNews: boolean } | undefined> {
    const isOther = (sent: SentMessage): boolean =>
      reference !== undefined && sent.reference !== undefined && sent.reference !== reference;
    const noted = await this.#deps.store.changeSent(id, was, sent => {
      if (isOther(sent)) return undefined;
      const known: SentMessage = { ...sent, ...(reference !== undefined && { reference }), ...marks };
      const next = step === undefined ? known : this.#further(known, step);
      return isSame(sent, next) ? undefined : next;
    });
    return isOther(noted.sent) ? undefined : noted;
  }

  #further(sent: SentMessage, step: MessageProgress['step']): SentMessage {
    if (sent.progress !== undefined && order[sent.progress.step] >= order[step]) return sent;
    return { ...sent, progress: { step, at: this.#deps.clock() } };
  }

  /** Why a challenge that is still pending ends when its call does. */
  meaning(reason: Extract<Progress, { step: 'ended' }>['reason']): EndReason {
    return meanings[reason];
  }

  /** Whether this carrier can be asked how a call goes. */
  canLook(via: Message['via']): boolean {
    return this.#channel(via).fetchStatus !== undefined;
  }

  /** How it goes, asked of the carrier; undefined: that is not known now. */
  async look(via: Message['via'], reference: string): Promise<Progress | undefined> {
    try {
      return await this.#channel(via).fetchStatus?.(reference, AbortSignal.timeout(this.#deps.limits.send));
    } catch (error) {
      if (isProblem(error)) return undefined;
      throw error;
    }
  }

  /** Ends what is on its way, where it can be ended. A carrier that does not answer now ends the call by its own time limit. */
  async hangUp({ record, reference }: SentMessage): Promise<void> {
    if (reference === undefined || record.via === undefined) return;
    await this.#cancel(this.#channel(record.via), reference);
  }

  async #cancel(channel: Channel, reference: string): Promise<void> {
    try {
      await channel.cancel?.(reference, AbortSignal.timeout(this.#deps.limits.send));
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  /** Its owner answered: what was sent for it costs nothing. */
  async settle({ record, contents: { sentTo }, resends, sent }: LoadedChallenge): Promise<void> {
    if (sentTo === undefined) return;
    const again = resends?.of === record.id ? resends.taken : 0;
    await this.#deps.sendLimits.refundAnswered(sendingOf(record, sentTo), 1 + again, sent?.today);
  }

  /** One phone call at a time for an account, whichever browsers ask for it. Gives what stands in the way of this one. */
  async #reserve(record: ChallengeRecord, id: string): Promise<InTheWay | undefined> {
    const { ephemeral } = this.#deps;
    const ringing = keys.ringing(record.userId);
    if (await ephemeral.setIfAbsent(ringing, id, retention(record))) return undefined;
    const holder = await ephemeral.get(ringing);
    const inTheWay = holder === undefined ? undefined : await this.#heldBy(holder);
    if (inTheWay !== undefined) return inTheWay;
    const isOurs =
      holder === undefined
        ? await ephemeral.setIfAbsent(ringing, id, retention(record))
        : await ephemeral.compareAndSwap(ringing, holder, id, retention(record));
    return isOurs ? undefined : 'elsewhere';
  }

  /** A call that the carrier may have taken without telling us rings until its time is over, or until it tells. */
  async #heldBy(id: string): Promise<InTheWay | undefined> {
    const found = await this.#deps.store.bySent(id);
    // What this request knows of the account may be older than the "this was not me" of that call.
    if (found?.phase?.name === 'denied') return 'paused';
    if (found === undefined || found.sent.ended) return undefined;
    const { sent, phase } = found;
    return mayRing(phase) && this.#deps.clock() <= callDeadline(sent.record, sent.progress) ? 'elsewhere' : undefined;
  }

  #channel(via: Message['via']): Channel {
    const channel = this.#deps.channels.find(each => each.via === via);
    if (channel === undefined) throw new Problem('internal', `no channel carries '${via}'`);
    return channel;
  }
}

const mayRing = (phase: Phase | undefined): boolean =>
  phase?.name === 'pending' || (phase?.name === 'ended' && phase.reason === 'slow');

const isSame = (a: SentMessage, b: SentMessage): boolean =>
  a.reference === b.reference &&
  a.progress?.step === b.progress?.step &&
  a.pickedUp === b.pickedUp &&
  a.codeRevealed === b.codeRevealed &&
  a.ended === b.ended;

const sendingOf = (
  { userId, purpose, begunAt }: ChallengeRecord,
  { to, extension }: { readonly to: string; readonly extension?: string },
): Sending => ({ userId, purpose, at: begunAt, to, ...(extension !== undefined && { extension }) });
