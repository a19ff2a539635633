import type { Changes } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { personTime } from '../time/pace.ts';
import type { TextDoing } from './behaviours/texts.ts';
import { textDoings } from './behaviours/texts.ts';
import type { Behaviour } from './behaviours/settings.ts';
import { reporting, textDoing, usual } from './behaviours/settings.ts';
import { apiVersion } from './fields.ts';
import type { Reporter, Reports } from './status-callbacks.ts';
import { newReports } from './status-callbacks.ts';
import type { Fields } from './signature.ts';
import type { Text, TextOrder, TextStatus } from './text.ts';
import { newText } from './text.ts';

interface Parts {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: Changes;
  readonly reporter: Reporter;
  /** The number from which a messaging service sends. */
  readonly sender: string;
  readonly behaviourOf: (number: string) => Behaviour | undefined;
}

interface Live {
  readonly text: Text;
  readonly reports: Reports;
  doing: TextDoing;
  stop: () => void;
  /** Whether it is still to arrive, for the first or the second time. */
  coming: boolean;
  /** Lets it arrive; undefined until it was sent. */
  arrive?: () => void;
}

const kept = 200;
/** Seconds of real life between a status and the next; a second copy comes later still. */
const [step, again] = [300, 2000];
/** accepted and sending are seen by FetchMessage, and not told. */
const untold: ReadonlySet<TextStatus> = new Set(['accepted', 'sending']);

const fieldsOf = ({ sid, order, status, from, error }: Text, accountSid: string): Fields => [
  ['AccountSid', accountSid],
  ['ApiVersion', apiVersion],
  ['From', from ?? ''],
  ['MessageSid', sid],
  ['MessageStatus', status],
  ['SmsSid', sid],
  ['SmsStatus', status],
  ['To', order.to],
  ...(order.messagingServiceSid === undefined ? [] : ([['MessagingServiceSid', order.messagingServiceSid]] as const)),
  ...(error === undefined ? [] : ([['ErrorCode', String(error[0])]] as const)),
];

/** Carries texts to phones, and tells the server how far they came. */
export class Texts {
  readonly #parts: Parts;
  readonly #lives = new Map<string, Live>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Oldest first. */
  get all(): readonly Text[] {
    return [...this.#lives.values()].map(({ text }) => text);
  }

  find(sid: string): Text | undefined {
    return this.#lives.get(sid)?.text;
  }

  /** How many texts are on their way to this number. */
  onTheWay(number: string): number {
    return this.#to(number).length;
  }

  /** Takes an order; it leaves in the next turn. */
  submit(order: TextOrder): Text {
    const { timers, behaviourOf } = this.#parts;
    const behaviour = behaviourOf(order.to);
    const doing: TextDoing = behaviour === undefined ? textDoings.unknown : textDoing(behaviour);
    const live: Live = {
      text: newText(order, timers.now()),
      reports: newReports(),
      doing,
      coming: doing.arrives !== undefined,
      stop: () => {},
    };
    this.#lives.set(live.text.sid, live);
    if (this.#lives.size > kept) this.#forgetOldest();
    live.stop = timers.after(0, () => this.#queue(live));
    return live.text;
  }

  /** The newest text at this number that nobody has looked at; from now on it, and those before it, are read. */
  take(number: string): Text | undefined {
    const unread = this.all.filter(text => text.order.to === number && text.arrivals.length > 0 && !text.read);
    for (const text of unread) text.read = true;
    return unread.at(-1);
  }

  /** What is on its way to this number arrives now, or as soon as it is sent. Gives how many. */
  release(number: string): number {
    const coming = this.#to(number);
    for (const live of coming) {
      if (live.arrive === undefined) live.doing = { ...live.doing, arrives: 0 };
      else live.arrive();
    }
    return coming.length;
  }

  reset(): void {
    for (const { stop } of this.#lives.values()) stop();
    this.#lives.clear();
    this.#parts.changes.ring();
  }

  #to(number: string): readonly Live[] {
    return [...this.#lives.values()].filter(({ text, coming }) => text.order.to === number && coming);
  }

  #forgetOldest(): void {
    for (const [sid, { stop }] of this.#lives) {
      stop();
      this.#lives.delete(sid);
      return;
    }
  }

  #queue(live: Live): void {
    live.text.from ??= this.#parts.sender;
    this.#become(live, 'queued');
    this.#then(live, () => {
      if (live.doing.ends === 'failed') {
        this.#end(live);
        return;
      }
      this.#become(live, 'sending');
      this.#then(live, () => this.#send(live));
    });
  }

  #send(live: Live): void {
    const { timers, pace } = this.#parts;
    const { text, doing } = live;
    text.sentAt = timers.now();
    this.#become(live, 'sent');
    if (doing.arrives === undefined) {
      if (doing.ends !== 'sent') this.#then(live, () => this.#end(live));
      return;
    }
    let left: number = doing.times;
    const arrive = () => {
      live.stop();
      text.arrivals.push(timers.now());
      left -= 1;
      if (text.arrivals.length === 1) this.#end(live);
      live.coming = left > 0;
      if (left > 0) live.stop = timers.after(personTime(pace, again), arrive);
      this.#parts.changes.ring();
    };
    live.arrive = arrive;
    live.stop = timers.after(doing.arrives === 0 ? personTime(pace, step) : doing.arrives, arrive);
  }

  #end(live: Live): void {
    const { ends, error } = live.doing;
    if (error !== undefined) live.text.error = error;
    this.#become(live, ends);
  }

  #then(live: Live, run: () => void): void {
    live.stop = this.#parts.timers.after(personTime(this.#parts.pace, step), run);
  }

  /** The one place where a status changes and is told. */
  #become(live: Live, status: TextStatus): void {
    const { accountSid, timers, reporter, behaviourOf, changes } = this.#parts;
    const { text, reports, doing } = live;
    text.status = status;
    text.updatedAt = timers.now();
    const { to, statusCallback } = text.order;
    if (statusCallback !== undefined && !untold.has(status)) {
      const how = reporting(behaviourOf(to) ?? usual, 'texts');
      const fields = fieldsOf(text, accountSid);
      const request = { url: statusCallback, method: 'POST', fields, about: `${to} · ${status}` } as const;
      reporter.tell(how, reports, request, status === doing.ends);
    }
    changes.ring();
  }
}
