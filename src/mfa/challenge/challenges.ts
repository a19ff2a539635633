/** The life of a challenge: begin, answer, resend, watch, redeem. With the rooms it is made of the only one that expires, counts, binds, burns and audits. */
import { randomToken, sealJson, type Sealer } from '../../crypto.ts';
import type { EndReason } from '../../end-reason.ts';
import { Problem } from '../../errors.ts';
import type { Json, Key } from '../../ports/stores.ts';
import type { Message, Progress } from '../../ports/carriers.ts';
import type { Millis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { StoredAuthenticator } from '../authenticators.ts';
import type { EstablishedFacts } from './ceremonies.ts';
import {
  messageIdOf,
  isLive,
  keys,
  pending,
  sealBinding,
  challengeTopic,
  type ChallengeRecord,
  type SealedPart,
  type RequestContext,
  type SentMessage,
  type ChallengeView,
} from './record.ts';
import type { LoadedChallenge } from './store.ts';
import { refused, type CallbackResult, type AnswerResult, type ResendResult } from './result.ts';
import { mint, type Proof } from '../proof.ts';
import { resend } from './resend.ts';
import { VoiceDialogue, type KeysEvent, type VoiceDialogueDeps } from './voice-dialogue.ts';
import { Verification } from './verification.ts';
import { createWait } from './wait.ts';

export interface Begun {
  readonly view: ChallengeView;
  /** False: it was there already, and nothing was sent. */
  readonly isNew: boolean;
}

/** What this very request has read, so that nothing is read twice: an account, and how its challenge stood (undefined: there was none). */
export interface AlreadyRead {
  readonly user: User;
  readonly challenge: ChallengeView | undefined;
}

/** Who is asked for what. `input` (a number) only where a new authenticator is to be bound. */
export interface ChallengeRequest {
  readonly userId: string;
  readonly factor: string;
  readonly chosen?: string;
  readonly purpose?: ChallengeRecord['purpose'];
  readonly input?: string;
  readonly known?: AlreadyRead & { readonly stored: readonly StoredAuthenticator[] };
}

/** A waiting page reads again this often without a ring. */
const rereads: Millis = 5000;

interface ChallengesDeps extends VoiceDialogueDeps {
  readonly sealer: Sealer;
}

export class Challenges {
  readonly #deps: ChallengesDeps;
  readonly #verification: Verification;
  readonly #voiceDialogue: VoiceDialogue;
  readonly #standings = new WeakMap<ChallengeView, LoadedChallenge>();

  constructor(deps: ChallengesDeps) {
    this.#deps = deps;
    this.#verification = new Verification(deps);
    this.#voiceDialogue = new VoiceDialogue(deps, this.#verification);
  }

  /**
   * Asks a person for a factor. Same person and choice: the same challenge, nothing sent, or anew once it, or its call, ended. Another: the old one is cancelled
   * and its call hung up. What may not be sent (budget, pause, another call ringing) gives a challenge that has ended, and why.
   * @throws Problem 'bad-request' when the person has no such method, or for an `input` that the factor cannot use.
   */
  async begin(asked: ChallengeRequest, boundTo: string, request: RequestContext): Promise<Begun> {
    const { known } = asked;
    const [user, was] = known
      ? [known.user, this.#seenAs(known.challenge)]
      : await Promise.all([this.#verification.user(asked.userId), this.#read(boundTo)]);
    if (user === undefined || user.lockedAt !== undefined || user.id !== asked.userId) {
      throw new Problem('bad-request', `no account ${asked.userId} that may sign in`);
    }
    const isGoingOn = was !== undefined && isLive(was.view) && was.view.callEnded !== true;
    if (isGoingOn && isSame(was.record, asked)) return { view: was.view, isNew: false };
    if (was !== undefined) await this.#cancel(was);

    const { record, contents, message } = await this.#draft(asked, user, boundTo, request);
    if (!(await this.#deps.store.begin(record, was?.record, this.#verification.factor(record))))
      return this.#lost(boundTo);
    // What is sent is recorded where it leaves us, or where it cannot.
    if (message === undefined)
      await this.#verification.record('challenge.begun', 'info', { record, contents }, 'browser');
    const now = message === undefined ? undefined : await this.#send(user, { record, contents }, message);
    await this.#verification.publish(record);
    return { view: (now ?? (await this.#verification.load(record))).view, isNew: true };
  }

  /** Ends what is pending or passed but not redeemed, and hangs up. */
  async cancel(boundTo: string): Promise<void> {
    const was = await this.#read(boundTo);
    if (was !== undefined) await this.#cancel(was);
  }

  /** The browser answers. Refused for a factor that a device answers: a browser can never approve a call. */
  async answer(boundTo: string, answer: Json): Promise<AnswerResult> {
    const was = await this.#read(boundTo);
    if (was === undefined || this.#verification.factor(was.record).answeredBy !== 'browser') return refused;
    return this.#verification.verify(was, answer, 'browser');
  }

  /**
   * A device answers, found by the token of its address. `reference` must be the one first sent or first heard. Refused for a
   * factor that the browser answers.
   */
  async respond(token: string, answer: Json, reference?: string): Promise<AnswerResult> {
    return this.#voiceDialogue.respond(token, answer, reference);
  }

  /**
   * Keys that were pressed on a telephone, or its being picked up, found by the token of the callback's address. `reference`
   * must be the one first sent or first heard. For a factor that the browser answers no keys approve anything: they say "this
   * was not me", or what is said next.
   */
  async hear(heard: KeysEvent): Promise<CallbackResult> {
    return this.#voiceDialogue.hear(heard);
  }

  /** What the carrier tells of a message informs and never approves; the end of a call ends its pending challenge. True: it is known. */
  async report(token: string, progress: Progress, reference: string): Promise<boolean> {
    return this.#voiceDialogue.report(token, progress, reference);
  }

  /**
   * Sends the message of a pending challenge once more, the same code in it. Of two that ask at once one sends; tries, strikes
   * and deadline stay as they are.
   */
  async resend(boundTo: string): Promise<ResendResult> {
    return resend(this.#deps, this.#verification, await this.#read(boundTo));
  }

  async current(boundTo: string): Promise<ChallengeView | undefined> {
    return (await this.#read(boundTo))?.view;
  }

  /** Where the challenge of a binding is kept, to be read together with something else. */
  place(boundTo: string): Key<ChallengeRecord> {
    return keys.current(boundTo);
  }

  /** How that which was read there stands. */
  async viewOf(record: ChallengeRecord | undefined): Promise<ChallengeView | undefined> {
    return record && this.#remember(await this.#verification.load(record)).view;
  }

  /** The view now, then each change, on any node, until nothing can change any more or `signal` says stop. */
  async *watch(boundTo: string, signal: AbortSignal): AsyncGenerator<ChallengeView> {
    const waker = createWait(signal);
    const silence = await this.#deps.notifier.subscribe(challengeTopic(boundTo), waker.wake);
    try {
      let told = '';
      while (!signal.aborted) {
        const view = await this.current(boundTo);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== told) yield view;
        told = text;
        if (!isLive(view)) return;
        await waker.woken(rereads);
      }
    } finally {
      silence();
    }
  }

  /**
   * Of many callers one gets the proof of a challenge that was answered right, within its time, by an authenticator that
   * still counts: one that was taken away since then proves nothing any more.
   */
  async redeem(boundTo: string, known?: AlreadyRead): Promise<Proof | undefined> {
    const claimed = await this.claim(boundTo, 'authenticate', known?.challenge);
    if (claimed === undefined || !('authenticator' in claimed.facts)) return undefined;
    const { record, facts, at } = claimed;
    const user = known?.user.id === record.userId ? known.user : await this.#verification.user(record.userId);
    if (user?.authenticators.includes(facts.authenticator) !== true) return undefined;
    return mint({ ...facts, userId: record.userId, factor: record.factor, at });
  }

  /** As `redeem`, for the facts themselves: what `enrollments.ts` binds. */
  async claim(
    boundTo: string,
    purpose: ChallengeRecord['purpose'],
    seen?: ChallengeView,
  ): Promise<
    | {
        readonly record: ChallengeRecord;
        readonly facts: EstablishedFacts;
        readonly at: number;
        readonly request: RequestContext;
      }
    | undefined
  > {
    const { store, clock } = this.#deps;
    const was = this.#seenAs(seen) ?? (await this.#readPhase(boundTo));
    if (was?.record.boundTo !== boundTo || was.record.purpose !== purpose) return undefined;
    const { record, phase, contents } = was;
    if (was.view.phase !== 'passed' || phase.name !== 'passed') return undefined;
    if (!(await store.swap(record, phase, { name: 'redeemed', at: clock() }))) return undefined;
    return { record, facts: store.facts(record, phase), at: phase.at, request: contents.request };
  }

  /** What is over by time or tries stays so: cancelling it is no way to have it anew. */
  async #cancel(was: LoadedChallenge): Promise<void> {
    if (!isLive(was.view)) return;
    if (!(await this.#verification.end(was, 'cancelled', ['pending', 'passed']))) return;
    const { store, sender } = this.#deps;
    const { id } = was.record;
    const read = was.record.via === 'call' ? await store.bySent(id) : undefined;
    if (read === undefined || read.sent.ended === true) return;
    // One record for both: either the carrier's name for the call is in it by now, or who is sending will find it over.
    const { sent } = await store.changeSent(id, read.sent, now => (now.ended ? undefined : { ...now, ended: true }));
    await sender.hangUp(sent);
  }

  /** Sends, or ends what cannot be sent: a page never waits for a phone that does not ring. */
  async #send(
    user: User,
    was: Pick<LoadedChallenge, 'record' | 'contents'>,
    message: Message,
  ): Promise<LoadedChallenge> {
    const { store, sender, clock } = this.#deps;
    const { record, contents } = was;
    const end = async (reason: EndReason): Promise<boolean> =>
      store.swap(record, pending, { name: 'ended', at: clock(), reason });
    let sent: SentMessage | EndReason;
    try {
      const rests = message.via === 'call' && clock() < (user.pausedUntil ?? 0);
      sent = rests
        ? 'paused'
        : await sender.send({ record, id: record.id, message, request: contents.request, event: 'challenge.sent' });
    } catch (error) {
      await end('undeliverable');
      throw error;
    }
    if (typeof sent === 'string') {
      await end(sent);
      await this.#verification.record('challenge.refused', 'refused', was, 'system', { reason: sent });
      return this.#verification.load(record);
    }
    // The person switched methods while it was slow: whoever ended the challenge left this note for us.
    if (sent.ended === true) await sender.hangUp(sent);
    const factor = this.#verification.factor(record);
    if (sent.ended === true || factor.again !== undefined) return this.#verification.load(record);
    this.#voiceDialogue.watch(sent);
    return store.assemble({ record, factor, written: pending, sent });
  }

  /** Somebody else began first: theirs is the challenge. */
  async #lost(boundTo: string): Promise<Begun> {
    const winner = await this.#read(boundTo);
    if (winner === undefined) throw new Problem('unavailable', `the challenge of ${boundTo} is gone`);
    return { view: winner.view, isNew: false };
  }

  async #draft(
    asked: ChallengeRequest,
    user: User,
    boundTo: string,
    request: RequestContext,
  ): Promise<{
    readonly record: ChallengeRecord;
    readonly contents: SealedPart;
    readonly message?: Message | undefined;
  }> {
    const { clock, sealer } = this.#deps;
    const factor = this.#verification.factor(asked);
    const { purpose = 'authenticate', chosen, input, known } = asked;
    const token = randomToken();
    const id = messageIdOf(token);
    const ceremony = this.#verification.ceremony({ factor: factor.type, purpose, chosen }, user, {
      input,
      stored: known?.stored,
    });
    const opened = await ceremony.begin(this.#verification.context({ id }, request, token));
    if (opened === undefined) throw new Problem('bad-request', `the account ${user.id} has no such ${factor.type}`);
    const { state, prompt, message, lifetimes: lifetime = factor.lifetimes } = opened;
    const contents: SealedPart = { state, prompt, request: request, ...(message && sentBy(message)) };
    const record: ChallengeRecord = {
      id,
      purpose,
      boundTo,
      userId: user.id,
      factor: factor.type,
      ...(chosen !== undefined && { chosen }),
      ...(message !== undefined && { via: message.via }),
      begunAt: clock(),
      answerBy: clock() + lifetime.answer,
      ...(lifetime.afterPickUp !== undefined && { afterPickUp: lifetime.afterPickUp }),
      ...(message?.via === 'call' && { callFor: message.lifetime }),
      redeemFor: lifetime.redeem,
      sealed: sealJson(sealer, contents, sealBinding(id)),
    };
    return { record, contents, message };
  }

  async #read(boundTo: string): Promise<LoadedChallenge | undefined> {
    const record = await this.#deps.store.current(boundTo);
    return record && this.#remember(await this.#verification.load(record));
  }

  /** Only whether it has passed. */
  async #readPhase(boundTo: string): Promise<LoadedChallenge | undefined> {
    const { store } = this.#deps;
    const record = await store.current(boundTo);
    return (
      record &&
      store.assemble({ record, factor: this.#verification.factor(record), written: await store.phase(record) })
    );
  }

  #remember(standing: LoadedChallenge): LoadedChallenge {
    this.#standings.set(standing.view, standing);
    return standing;
  }

  /** What a view was drawn from, so that who has seen it need not read again. Every write compares with it. */
  #seenAs(view: ChallengeView | undefined): LoadedChallenge | undefined {
    return view && this.#standings.get(view);
  }
}

const sentBy = (message: Message): Pick<SealedPart, 'sentTo' | 'screened'> => {
  const { to, extension } = message;
  const isScreened = message.via === 'call' && message.screened;
  return {
    sentTo: { to, ...(extension !== undefined && { extension }) },
    ...(isScreened && { screened: true as const }),
  };
};

const isSame = (record: ChallengeRecord, asked: ChallengeRequest): boolean =>
  record.purpose === (asked.purpose ?? 'authenticate') &&
  record.userId === asked.userId &&
  record.factor === asked.factor &&
  record.chosen === asked.chosen;
