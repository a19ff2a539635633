/**
 * Keeps one call under way for an account, and one text for an account and browser. The store decides by one atomic step:
 * of two tabs that begin at once, one sends, and the other finds its message.
 */
import { interrupts } from '../../ports/carriers.ts';
import type { Ephemeral, Key } from '../../ports/stores.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import { callDeadline, type Phase } from '../challenge-state/phase.ts';
import { challengeTopic, keys, retention } from '../challenge-state/keys.ts';
import { canBeShared } from './sharing.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';
import type { Changes } from '../../changes.ts';

interface RunningMessagesDeps {
  readonly store: ChallengeStore;
  readonly ephemeral: Ephemeral;
  readonly changes: Pick<Changes, 'follow'>;
  readonly clock: Clock;
}

/** A reserved message, a running challenge to use instead, or the reason why nothing may be sent. */
export type Reservation = 'reserved' | 'elsewhere' | 'paused' | { readonly share: LoadedChallenge };

/** A call to an account that rings or is spoken to. */
export interface RunningCall {
  /** The last moment at which it may ring or be spoken to. */
  readonly until: EpochMillis;
  /** The binding that asked for it. */
  readonly boundTo: string;
  /** Asked for by this browser, whose person may know about it and end it. */
  readonly isOfThisBrowser: boolean;
  /** The name of the client that it announces. Not for the person of another browser. */
  readonly client: string;
}

type Wanted = Pick<LoadedChallenge, 'record' | 'contents'>;

export class RunningMessages {
  readonly #deps: RunningMessagesDeps;

  constructor(deps: RunningMessagesDeps) {
    this.#deps = deps;
  }

  /** Reserves the message of a challenge before it is sent. `isNeverPaused`: "this was not me" pauses no call to this account. */
  async reserve(wanted: Wanted, isNeverPaused: boolean): Promise<Reservation> {
    const { record, contents } = wanted;
    if (interrupts(record.via)) return this.#reserveCall(wanted, isNeverPaused);
    const browser = contents.request.sharing?.browser;
    if (record.via !== 'sms' || browser === undefined) return 'reserved';
    return this.#reserveText(wanted, keys.texted(record.userId, browser));
  }

  /** The call to this account that may ring now. `browser`: SHA-256 of the secret of the browser that asks. */
  async runningCall(userId: string, browser: string): Promise<RunningCall | undefined> {
    const holder = await this.#deps.ephemeral.get(keys.ringing(userId));
    const found = holder === undefined ? undefined : await this.#read(holder);
    if (found === undefined || !found.mayRing) return undefined;
    const { record, contents } = found.challenge;
    const { client, sharing } = contents.request;
    return { until: found.until, boundTo: record.boundTo, client, isOfThisBrowser: sharing?.browser === browser };
  }

  /** Resolves once no call to this account may ring any more, or when `signal` aborts. */
  async callEnded(userId: string, running: RunningCall, signal: AbortSignal): Promise<void> {
    const following = await this.#deps.changes.follow([challengeTopic(running.boundTo)], signal);
    try {
      let now: RunningCall | undefined = running;
      while (now !== undefined && !signal.aborted) {
        await following.outdated(now.until);
        now = await this.runningCall(userId, '');
      }
    } finally {
      following.end();
    }
  }

  /** A request that no sign-in made has a place of its own, so that it never keeps its person from signing in. */
  #placeOf({ record, contents }: Wanted): Key<string> {
    return contents.request.purpose === undefined ? keys.ringing(record.userId) : keys.asking(record.userId);
  }

  /** A call that the carrier may have taken rings until its time is over, or until the carrier reports its end. */
  async #reserveCall(wanted: Wanted, isNeverPaused: boolean): Promise<Reservation> {
    const { ephemeral, clock } = this.#deps;
    const { record } = wanted;
    const ringing = this.#placeOf(wanted);
    if (await ephemeral.setIfAbsent(ringing, record.id, retention(record))) return 'reserved';
    const holder = await ephemeral.get(ringing);
    const found = holder === undefined ? undefined : await this.#read(holder);
    // The account as this request knows it may be older than the "this was not me" of that call.
    const isDenied = found?.phase?.name === 'denied' && found.phase.unconfirmed !== true;
    if (isDenied && !isNeverPaused) return 'paused';
    if (found !== undefined && canBeShared(found.challenge, wanted, clock())) return { share: found.challenge };
    if (found?.mayRing === true) return 'elsewhere';
    return (await this.#take(ringing, holder, wanted)) ? 'reserved' : 'elsewhere';
  }

  /** A text that cannot be shared hinders no other: the send limits count them. */
  async #reserveText(wanted: Wanted, texted: Key<string>): Promise<Reservation> {
    const { ephemeral, store, clock } = this.#deps;
    const { record } = wanted;
    if (await ephemeral.setIfAbsent(texted, record.id, retention(record))) return 'reserved';
    const holder = await ephemeral.get(texted);
    const found = holder === undefined ? undefined : await store.message(holder);
    const running = found && (await store.load(found.sent.record));
    if (running !== undefined && canBeShared(running, wanted, clock())) return { share: running };
    await this.#take(texted, holder, wanted);
    return 'reserved';
  }

  async #take(key: Key<string>, holder: string | undefined, { record }: Wanted): Promise<boolean> {
    const { ephemeral } = this.#deps;
    return holder === undefined
      ? ephemeral.setIfAbsent(key, record.id, retention(record))
      : ephemeral.compareAndSwap(key, holder, record.id, retention(record));
  }

  async #read(holder: string) {
    const { store, clock } = this.#deps;
    const found = await store.message(holder);
    if (found === undefined) return undefined;
    const { sent, phase } = found;
    const until = callDeadline(sent);
    return {
      phase,
      until,
      mayRing: sent.ended !== true && isUnanswered(phase) && clock() <= until,
      challenge: await store.load(sent.record),
    };
  }
}

/** The phases in which a call may ring. A slow carrier may have taken the call although its challenge has ended. */
const isUnanswered = (phase: Phase | undefined): boolean =>
  phase?.name === 'pending' || (phase?.name === 'ended' && phase.reason === 'slow');
