/** Delivers texts to phones, and reports their status to the server. */
import type { ChangeNotifier } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import { personTime } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import type { BehaviourSettings } from './behaviours/settings.ts';
import { callbackBehaviourOf, defaultSettings, textBehaviourOf } from './behaviours/settings.ts';
import type { TextBehaviour } from './behaviours/texts.ts';
import { textBehaviours } from './behaviours/texts.ts';
import type { CallbackQueue, CallbackSender } from './status-callbacks.ts';
import { newCallbackQueue } from './status-callbacks.ts';
import type { Text, TextParameters, TextStatus } from './text.ts';
import { newText } from './text.ts';
import { textFields } from './text-fields.ts';

/** What the delivery of texts is made from. */
export interface TextsDeps {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: ChangeNotifier;
  readonly callbackSender: CallbackSender;
  /** The number from which a messaging service sends. */
  readonly sender: string;
  /** The settings of a telephone; undefined: no such number exists. */
  readonly behaviourOf: (number: string) => BehaviourSettings | undefined;
}

interface Delivery {
  readonly text: Text;
  readonly callbacks: CallbackQueue;
  behaviour: TextBehaviour;
  cancelTimer: () => void;
  /** Whether it will arrive, for the first or the second time. */
  isOnTheWay: boolean;
  /** Makes it arrive now; undefined until it was sent. */
  arrive?: () => void;
}

const maxTexts = 200;
/** Milliseconds of real time between two statuses. */
const statusInterval = 300;
/** Milliseconds of real time between two arrivals of one text. */
const copyInterval = 2000;
/** Statuses that FetchMessage shows and no status callback reports. */
const unreported: ReadonlySet<TextStatus> = new Set(['accepted', 'sending']);

/** The part of the telephone network that carries texts. */
export class Texts {
  readonly #deps: TextsDeps;
  readonly #deliveries = new Map<string, Delivery>();

  constructor(deps: TextsDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  get all(): readonly Text[] {
    return [...this.#deliveries.values()].map(({ text }) => text);
  }

  find(sid: string): Text | undefined {
    return this.#deliveries.get(sid)?.text;
  }

  /** How many texts are on their way to this number. */
  onTheWay(number: string): number {
    return this.#onTheWayTo(number).length;
  }

  /** Accepts a text; its delivery starts with the next timer. */
  submit(parameters: TextParameters): Text {
    const { timers, behaviourOf } = this.#deps;
    const settings = behaviourOf(parameters.to);
    const behaviour: TextBehaviour = settings === undefined ? textBehaviours.unknown : textBehaviourOf(settings);
    const delivery: Delivery = {
      text: newText(parameters, timers.now()),
      callbacks: newCallbackQueue(),
      behaviour,
      isOnTheWay: behaviour.arrivesAfter !== undefined,
      cancelTimer: () => {},
    };
    this.#deliveries.set(delivery.text.sid, delivery);
    if (this.#deliveries.size > maxTexts) this.#removeOldest();
    delivery.cancelTimer = timers.after(0, () => this.#queue(delivery));
    return delivery.text;
  }

  /** Reads the newest unread text at this number. Older ones become read too. */
  takeUnread(number: string): Text | undefined {
    const unread = this.all.filter(text => text.parameters.to === number && text.arrivals.length > 0 && !text.read);
    for (const text of unread) text.read = true;
    return unread.at(-1);
  }

  /** Makes texts on their way to this number arrive now, or as soon as they are sent. Gives how many. */
  release(number: string): number {
    const deliveries = this.#onTheWayTo(number);
    for (const delivery of deliveries) {
      if (delivery.arrive === undefined) delivery.behaviour = { ...delivery.behaviour, arrivesAfter: 0 };
      else delivery.arrive();
    }
    return deliveries.length;
  }

  /** Removes all texts without reporting it. */
  reset(): void {
    for (const { cancelTimer } of this.#deliveries.values()) cancelTimer();
    this.#deliveries.clear();
    this.#deps.changes.notify();
  }

  #onTheWayTo(number: string): readonly Delivery[] {
    return [...this.#deliveries.values()].filter(({ text, isOnTheWay }) => text.parameters.to === number && isOnTheWay);
  }

  #removeOldest(): void {
    for (const [sid, { cancelTimer }] of this.#deliveries) {
      cancelTimer();
      this.#deliveries.delete(sid);
      return;
    }
  }

  #queue(delivery: Delivery): void {
    delivery.text.from ??= this.#deps.sender;
    this.#setStatus(delivery, 'queued');
    this.#next(delivery, () => {
      if (delivery.behaviour.finalStatus === 'failed') {
        this.#finish(delivery);
        return;
      }
      this.#setStatus(delivery, 'sending');
      this.#next(delivery, () => this.#send(delivery));
    });
  }

  #send(delivery: Delivery): void {
    const { timers, pace } = this.#deps;
    const { text, behaviour } = delivery;
    const { arrivesAfter, finalStatus, times } = behaviour;
    text.sentAt = timers.now();
    this.#setStatus(delivery, 'sent');
    if (arrivesAfter === undefined) {
      if (finalStatus !== 'sent') this.#next(delivery, () => this.#finish(delivery));
      return;
    }
    let remaining: number = times;
    const arrive = () => {
      delivery.cancelTimer();
      text.arrivals.push(timers.now());
      remaining -= 1;
      if (text.arrivals.length === 1) this.#finish(delivery);
      delivery.isOnTheWay = remaining > 0;
      if (remaining > 0) delivery.cancelTimer = timers.after(personTime(pace, copyInterval), arrive);
      this.#deps.changes.notify();
    };
    delivery.arrive = arrive;
    delivery.cancelTimer = timers.after(arrivesAfter === 0 ? personTime(pace, statusInterval) : arrivesAfter, arrive);
  }

  #finish(delivery: Delivery): void {
    const { finalStatus, error } = delivery.behaviour;
    if (error !== undefined) delivery.text.error = error;
    this.#setStatus(delivery, finalStatus);
  }

  #next(delivery: Delivery, run: () => void): void {
    delivery.cancelTimer = this.#deps.timers.after(personTime(this.#deps.pace, statusInterval), run);
  }

  /** The only place where the status of a text changes and is reported. */
  #setStatus({ text, callbacks, behaviour }: Delivery, status: TextStatus): void {
    const { accountSid, timers, callbackSender, behaviourOf, changes } = this.#deps;
    text.status = status;
    text.updatedAt = timers.now();
    const { to, statusCallback } = text.parameters;
    if (statusCallback !== undefined && !unreported.has(status)) {
      const how = callbackBehaviourOf(behaviourOf(to) ?? defaultSettings, 'texts');
      const fields = textFields(text, accountSid);
      const request = { url: statusCallback, method: 'POST', fields, about: `${to} · ${status}` } as const;
      callbackSender.sendStatus(how, callbacks, request, status === behaviour.finalStatus);
    }
    changes.notify();
  }
}
