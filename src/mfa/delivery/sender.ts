/**
 * Sends one message to one person: within the send limits, over a channel that works, recorded before it leaves. Knows no
 * challenge. Channels of a kind are tried in order, the next one only where the one before certainly did not take the message.
 */
import type { Audit, AuditEvent, WriteAudited } from '../../audit.ts';
import { isProblem, Problem, Undelivered, type CarrierRefusal } from '../../errors.ts';
import type { Log } from '../../log.ts';
import {
  destinationOf,
  isMailAddress,
  type Carrier,
  type Channel,
  type Message,
  type Progress,
} from '../../ports/carriers.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { DailySends } from '../../records.ts';
import type { CountedSend, SendLimits, SendRefusal } from '../limits/send-limits.ts';
import type { LimitSettings } from '../limits/settings.ts';
import { barredBy, type Reach } from '../phone-number.ts';
import { admitSend, afterSend, closed, undoAdmission, type CircuitBreaker } from './circuit-breaker.ts';

/** Why a message was not sent. slow: the carrier may have taken it. */
export type NotSentReason = SendRefusal | 'number-refused' | 'opted-out' | 'carrier-busy' | 'slow' | 'undeliverable';

/** The push service does not know this device any more. */
export type Unsubscribed = 'unsubscribed';

/** A message that a carrier took. */
export interface Delivered {
  readonly carrier: string;
  /** The carrier's name for it. */
  readonly reference: string;
  /** The daily sends as this message left them; absent for a push. */
  readonly today?: DailySends;
}

/** One message with its send limits and its audit event. */
export interface Outgoing {
  readonly message: Message;
  /** Absent for a push, which has limits of its own. */
  readonly counted: CountedSend | undefined;
  readonly event: AuditEvent;
}

const reasons = {
  refused: 'number-refused',
  'opted-out': 'opted-out',
  gone: 'unsubscribed',
  busy: 'carrier-busy',
  slow: 'slow',
  down: 'undeliverable',
  misconfigured: 'undeliverable',
} as const satisfies Record<CarrierRefusal, NotSentReason | Unsubscribed>;

/**
 * The carrier certainly has no such message: its units are given back, and another channel may try. A refused number stays
 * counted, so that asking for it ends, and goes to no second carrier.
 */
const isUntaken: ReadonlySet<CarrierRefusal> = new Set<CarrierRefusal>(['down', 'misconfigured', 'busy']);

interface SenderDeps {
  readonly carriers: readonly Carrier[];
  readonly sendLimits: SendLimits;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly writeAudited: WriteAudited;
  readonly log: Log;
  readonly limits: Pick<LimitSettings, 'send'>;
  readonly reach?: Reach | undefined;
}

/** A channel with the carrier that brings it. */
interface Route {
  readonly carrier: string;
  readonly channel: Channel;
}

type Attempt = { readonly reference: string } | { readonly refusal: CarrierRefusal };

export class Sender {
  readonly #deps: SenderDeps;
  readonly #routes: readonly Route[];
  readonly #breakers = new Map<Channel, CircuitBreaker>();

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#routes = deps.carriers.flatMap(({ name, channels }) => channels.map(channel => ({ carrier: name, channel })));
  }

  /** Sends a message at most once. Gives the reason where it was not sent. */
  async send({ message, counted, event }: Outgoing): Promise<Delivered | NotSentReason | Unsubscribed> {
    const { reach, sendLimits, writeAudited } = this.#deps;
    const routes = this.#routesFor(message.via);
    const to = destinationOf(message)?.to;
    if (to !== undefined && !isMailAddress(to) && barredBy(to, reach) !== undefined) return 'number-refused';
    // Counted and recorded in one commit, unless the first channel is known to be down: then nothing is sent over it.
    const isRecorded = counted !== undefined && this.#admits(routes[0].channel);
    const today =
      counted &&
      (await sendLimits.countSend(counted, isRecorded ? async write => writeAudited([write], [event]) : undefined));
    if (typeof today === 'string') return today;
    let unrecorded = isRecorded ? undefined : event;
    let refusal: CarrierRefusal = 'down';
    for (const route of routes) {
      const isTried = this.#admits(route.channel);
      const attempt = await this.#attempt(route.channel, message, unrecorded);
      // Each further try is an event of its own.
      if (isTried) unrecorded = event;
      if ('reference' in attempt)
        return { carrier: route.carrier, reference: attempt.reference, ...(today !== undefined && { today }) };
      ({ refusal } = attempt);
      if (!isUntaken.has(refusal)) break;
    }
    if (counted !== undefined && isUntaken.has(refusal)) await sendLimits.refundUnsent(counted);
    return reasons[refusal];
  }

  /** When a message that the send limits refused may be sent; undefined: at once. */
  async admittedFrom(counted: CountedSend): Promise<EpochMillis | undefined> {
    return this.#deps.sendLimits.admittedFrom(counted);
  }

  #admits(channel: Channel): boolean {
    return admitSend(this.#breakerOf(channel), this.#deps.clock()) !== undefined;
  }

  /**
   * One try: a message that seems lost may be on its way, so nothing is sent again from here. `event`: is recorded before the message is
   * sent; undefined: it is on record already.
   */
  async #attempt(channel: Channel, message: Message, event: AuditEvent | undefined): Promise<Attempt> {
    const { clock, limits, log, audit } = this.#deps;
    const admitted = admitSend(this.#breakerOf(channel), clock());
    if (admitted === undefined) return { refusal: 'down' };
    this.#breakers.set(channel, admitted);
    try {
      // Audit before sending, so that a crash cannot leave an unrecorded call.
      if (event !== undefined) await audit(event);
    } catch (error) {
      this.#breakers.set(channel, undoAdmission(this.#breakerOf(channel)));
      throw error;
    }
    let refusal: CarrierRefusal | undefined;
    try {
      return await channel.send(message, AbortSignal.timeout(limits.send));
    } catch (error) {
      const known = error instanceof Undelivered ? error.reason : undefined;
      refusal = known ?? 'slow';
      if (known === undefined && !isProblem(error, 'undeliverable')) throw error;
      log.warn('carrier.refused', { via: channel.via, reason: known, error });
      return { refusal: known ?? 'down' };
    } finally {
      this.#breakers.set(channel, afterSend(this.#breakerOf(channel), refusal, clock()));
    }
  }

  /** Always closed for a channel that backs off by itself, so that no service can stop what goes to the others. */
  #breakerOf(channel: Channel): CircuitBreaker {
    return channel.backsOff === true ? closed : (this.#breakers.get(channel) ?? closed);
  }

  /** Each channel with its carrier. `isOpen`: nothing is sent over it now. */
  circuits(): readonly { readonly carrier: string; readonly channel: Message['via']; readonly isOpen: boolean }[] {
    return this.#routes.map(({ carrier, channel }) => ({
      carrier,
      channel: channel.via,
      isOpen: this.#breakerOf(channel).openUntil !== undefined,
    }));
  }

  /** True where the carrier of this message can be asked for its status. */
  canFetchStatus(via: Message['via'], carrier: string | undefined): boolean {
    return this.#channel(via, carrier).fetchStatus !== undefined;
  }

  /** The status of a message, asked of its carrier; undefined: not known now. */
  async fetchStatus(
    via: Message['via'],
    carrier: string | undefined,
    reference: string,
  ): Promise<Progress | undefined> {
    const signal = AbortSignal.timeout(this.#deps.limits.send);
    try {
      return await this.#channel(via, carrier).fetchStatus?.(reference, signal);
    } catch (error) {
      if (isProblem(error)) return undefined;
      throw error;
    }
  }

  /** Ends a message where it can be ended. A carrier that does not answer ends the call by its own time limit. */
  async cancel(via: Message['via'], carrier: string | undefined, reference: string): Promise<void> {
    const signal = AbortSignal.timeout(this.#deps.limits.send);
    try {
      await this.#channel(via, carrier).cancel?.(reference, signal);
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  /** The channel that took a message; the first of its kind where a callback came before the carrier's reply. */
  #channel(via: Message['via'], carrier: string | undefined): Channel {
    const routes = this.#routesFor(via);
    return (routes.find(route => route.carrier === carrier) ?? routes[0]).channel;
  }

  #routesFor(via: Message['via']): readonly [Route, ...Route[]] {
    const [first, ...others] = this.#routes.filter(({ channel }) => channel.via === via);
    if (first === undefined) throw new Problem('internal', `no channel carries '${via}'`);
    return [first, ...others];
  }
}
