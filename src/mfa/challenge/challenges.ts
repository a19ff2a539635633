/**
 * Begins, answers, watches and redeems challenges. Expiry, attempt counting, browser binding, single use and audit happen in
 * this folder only:
 *
 *   challenges.ts        begin, cancel, answer of a browser, watch, redeem   enrollments.ts     binds what a challenge proved
 *   draft.ts             a challenge before it is stored
 *   voice-dialogue.ts    keys of a telephone, by the rules of key-rules.ts   call-time.ts       words that fit into a call
 *   message-status.ts    reports of a carrier, and polling                   resend.ts          the same message again
 *   verification.ts      count → compare → burn → pass                       ceremonies.ts      runs the factor
 *   endings.ts           deny, end without a right answer                    right-answer.ts    what it clears and gives back
 *   dispatch.ts          sends a challenge's message                         events.ts          audit and notification
 *   machine-detection.ts who answered a call, where the carrier detects that while we speak
 *   running-messages.ts  one call for an account, one text for a browser     sharing.ts         one challenge for two tabs
 *   store.ts             reads and writes challenge-state/                   device-answers.ts  answer of a device
 *   loaded-challenge.ts  a challenge as it was read                          read-ahead.ts      values that are read together
 *   approvals.ts         asks a person outside a sign-in                     device-requests.ts what a device may answer
 *   device.ts            which device a challenge asks for                   pin-attempts.ts    PINs, counted before they are compared
 *   result.ts            what an answer led to                               owner-notices.ts   tells the owner
 *
 * `challenge-state/phase.ts` draws the states.
 */
import type { AuditEvent } from '../../audit.ts';
import type { Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { activeAccount } from '../../locked-account.ts';
import { interrupts } from '../../ports/carriers.ts';
import type { Collection, Json, Key } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import { countingIds } from '../listed-authenticators.ts';
import { factorNamed, type Factor } from '../factor.ts';
import { mint, type Proof } from '../proof.ts';
import type { Ceremonies } from './ceremonies.ts';
import { draftChallenge, type AlreadyRead, type ChallengeRequest } from './draft.ts';
import type { Dispatch } from './dispatch.ts';
import type { Endings } from './endings.ts';
import { eventOf, type ChallengeEvents } from './events.ts';
import type { MachineDetection } from './machine-detection.ts';
import { challengeTopic, keys } from '../challenge-state/keys.ts';
import { isHeld } from '../challenge-state/sent-message.ts';
import { isLive, type ChallengeView } from '../challenge-state/view.ts';
import { pending } from '../challenge-state/phase.ts';
import type { ChallengeRecord, EstablishedFacts } from '../challenge-state/record.ts';
import type { RequestContext } from '../challenge-state/request-context.ts';
import { refused, type AnswerResult, type NotRight } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { FoundAhead, ReadAhead } from './read-ahead.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';
import type { KnownPerson, Redeemed, Verification } from './verification.ts';
import type { Changes } from '../../changes.ts';

export interface Begun {
  readonly view: ChallengeView;
  /** False: it existed already, and nothing was sent. */
  readonly isNew: boolean;
}

/** A passed challenge that one caller has redeemed. */
export interface RedeemedChallenge {
  readonly record: ChallengeRecord;
  readonly facts: EstablishedFacts;
  readonly at: EpochMillis;
  readonly request: RequestContext;
}

/** Held keys count once it is known who answered. The timer that waits for it is lost with its process. */
const heldRereadInterval: Millis = 5000;

interface ChallengesDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly verification: Verification;
  readonly endings: Endings;
  readonly dispatch: Dispatch;
  readonly machineDetection: MachineDetection;
  readonly events: ChallengeEvents;
  readonly changes: Pick<Changes, 'follow'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly factors: readonly Factor[];
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export class Challenges {
  readonly #deps: ChallengesDeps;

  constructor(deps: ChallengesDeps) {
    this.#deps = deps;
  }

  /**
   * Begins a challenge. An identical one that is pending is kept and nothing is sent; a different one is cancelled and its call
   * hung up. Where the message may not be sent (limit, pause, another call) the challenge has ended, with the reason.
   * @throws Problem 'bad-request' when the person has no such method, or for an `input` that the factor cannot use.
   */
  async begin(request: ChallengeRequest, boundTo: string, context: RequestContext): Promise<Begun> {
    const { store, users, factors, events, dispatch } = this.#deps;
    const { known } = request;
    const [user, was] = known
      ? [known.user, known.challenge]
      : await Promise.all([users.get(request.userId).then(activeAccount), store.loadCurrent(boundTo)]);
    if (user === undefined || user.id !== request.userId) {
      throw new Problem('bad-request', `no account ${request.userId} that may sign in`);
    }
    if (was !== undefined && isPending(was.view) && isSame(was.record, request))
      return { view: was.view, isNew: false };
    if (was !== undefined) await this.#cancel(was);

    const factor = factorNamed(factors, request.factor);
    const { record, contents, message } = await draftChallenge(this.#deps, request, factor, { user, boundTo, context });
    if (!(await store.begin(record, was?.record, factor))) return this.#lost(boundTo);
    if (message === undefined && request.isRecorded !== true)
      await events.record('challenge.begun', 'info', { record, contents }, 'browser');
    const begun = message && (await dispatch.start({ record, contents, factor }, user, message));
    const isNew = begun === undefined || begun.record.id === record.id;
    if (isNew) events.count('begun', { record, contents });
    await events.publish(record);
    return { view: (begun ?? store.assemble({ record, contents, phase: pending })).view, isNew };
  }

  /**
   * The event of a challenge that is to begin, for a caller that records it with others in one commit. undefined: `begin` records a
   * challenge that sends a message, before it sends.
   */
  begunEvent(
    { userId, factor }: Pick<ChallengeRequest, 'userId' | 'factor'>,
    request: RequestContext,
  ): AuditEvent | undefined {
    const { via } = factorNamed(this.#deps.factors, factor);
    if (via !== undefined) return undefined;
    const facts = eventOf({ record: { userId, factor }, contents: { request } }, 'browser', {});
    return { ...facts, event: 'challenge.begun', outcome: 'info' };
  }

  /** Ends the challenge of a binding unless it was redeemed, and hangs up its call. */
  async cancel(boundTo: string): Promise<void> {
    const was = await this.#deps.store.loadCurrent(boundTo);
    if (was !== undefined) await this.#cancel(was);
  }

  /** Answers from the browser. Refused for a factor that a device answers: a browser can never approve a call. */
  async answer(boundTo: string, answer: Json): Promise<AnswerResult> {
    const { store, verification, dispatch } = this.#deps;
    const challenge = await store.loadCurrent(boundTo);
    if (challenge?.factor.answeredBy !== 'browser') return refused;
    const result = await verification.verify(challenge, answer, 'browser');
    // The phone would go on dictating to a person who has passed.
    if (result.ok && challenge.sent !== undefined) dispatch.hangUpSoon(challenge.sent);
    return result;
  }

  /**
   * Answers from the browser that signs in, by what its request has read, and redeems a right answer at once: then `proof`. Without a
   * proof the answer was right, and its authenticator has been removed.
   */
  async prove(
    boundTo: string,
    answer: Json,
    { challenge, ...known }: KnownPerson & { readonly challenge: LoadedChallenge },
  ): Promise<{ readonly ok: true; readonly proof: Proof | undefined } | NotRight> {
    const { verification, dispatch } = this.#deps;
    const { record, factor, sent } = challenge;
    if (factor.answeredBy !== 'browser' || record.purpose !== 'authenticate') return refused;
    if (record.boundTo !== boundTo && !(await this.#isShared(boundTo, record))) return refused;
    const result = await verification.verifyAndRedeem(challenge, answer, known);
    if (!result.ok) return result;
    // The phone would go on dictating to a person who has passed.
    if (sent !== undefined) dispatch.hangUpSoon(sent);
    return { ok: true, proof: this.#proofOf(record, result, known.user) };
  }

  #proofOf(
    { userId, factor }: ChallengeRecord,
    { facts, at }: Pick<Redeemed, 'facts' | 'at'>,
    user: User | undefined,
  ): Proof | undefined {
    if (user === undefined || !('authenticator' in facts)) return undefined;
    if (!countingIds(user).includes(facts.authenticator)) return undefined;
    return mint({ ...facts, userId, factor, at });
  }

  async current(boundTo: string): Promise<ChallengeView | undefined> {
    const found = await this.#deps.store.loadCurrent(boundTo);
    return found && (await this.#settled(found)).view;
  }

  /** Key of the current challenge of a binding, to be read in one round trip with others; then `load`. */
  keyOf(boundTo: string): Key<ChallengeRecord> {
    return keys.current(boundTo);
  }

  /** More keys to be read with it, where this process knows which challenge the binding probably has. */
  readAhead(boundTo: string): ReadAhead {
    return this.#deps.store.readAhead(boundTo);
  }

  /** The challenge of a record that was read by `keyOf`. `found`: what was read ahead. */
  async load(record: ChallengeRecord, found?: FoundAhead): Promise<LoadedChallenge> {
    return this.#settled(await this.#deps.store.load(record, found));
  }

  /**
   * Lets held keys count once they may, on each read of a challenge: a restart loses the timer, and a verdict may never come.
   */
  async #settled(challenge: LoadedChallenge): Promise<LoadedChallenge> {
    const { store, machineDetection } = this.#deps;
    const { record, sent } = challenge;
    if (sent === undefined || !isHeld(challenge, sent)) return challenge;
    const result = await machineDetection.settle({ id: record.id, sent, challenge });
    return result === undefined ? challenge : store.load(record);
  }

  /**
   * The view now, then each change made on any node, until the challenge has ended or `signal` aborts. `begunBy`: the binding
   * that began the challenge, where this one shares it; its changes are published there.
   */
  async *watch(boundTo: string, signal: AbortSignal, begunBy = boundTo): AsyncGenerator<ChallengeView> {
    const topics = [...new Set([boundTo, begunBy])].map(challengeTopic);
    const following = await this.#deps.changes.follow(topics, signal);
    try {
      let last = '';
      while (!signal.aborted) {
        const view = await this.current(boundTo);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== last) yield view;
        last = text;
        if (!isLive(view)) return;
        await following.outdated(this.#validUntil(view));
      }
    } finally {
      following.end();
    }
  }

  /**
   * Redeems a passed challenge, and gives its proof; exactly one caller gets it. An authenticator that was removed since is no proof.
   */
  async redeem(boundTo: string, known?: AlreadyRead): Promise<Proof | undefined> {
    const redeemed = await this.redeemFacts(boundTo, 'authenticate', known?.challenge);
    if (redeemed === undefined) return undefined;
    const { record } = redeemed;
    const found = known?.user.id === record.userId ? known.user : await this.#deps.users.get(record.userId);
    return this.#proofOf(record, redeemed, activeAccount(found));
  }

  /**
   * Redeems a passed challenge, and gives its facts; exactly one caller gets them, also of two sign-ins that share it. For `redeem`
   * and `enrollments.ts`.
   */
  async redeemFacts(
    boundTo: string,
    purpose: ChallengeRecord['purpose'],
    known?: LoadedChallenge,
  ): Promise<RedeemedChallenge | undefined> {
    const { store } = this.#deps;
    const challenge = known ?? (await store.loadPhase(boundTo));
    if (challenge === undefined || challenge.record.purpose !== purpose) return undefined;
    const { record, phase, contents } = challenge;
    if (record.boundTo !== boundTo && !(await this.#isShared(boundTo, record))) return undefined;
    if (challenge.view.phase !== 'passed' || phase.name !== 'passed') return undefined;
    if (!(await store.redeem({ record, phase }))) return undefined;
    return { record, facts: store.facts(record, phase), at: phase.at, request: contents.request };
  }

  /** True where this binding shares a challenge that another one began: only `Dispatch.start` makes it the current one here. */
  async #isShared(boundTo: string, { id }: ChallengeRecord): Promise<boolean> {
    return (await this.#deps.store.current(boundTo))?.id === id;
  }

  /** The last moment at which a live view stays as it is without a change that is published. */
  #validUntil(view: ChallengeView): EpochMillis {
    const { until, waitUntil = -Infinity } = view;
    const now = this.#deps.clock();
    const held = view.isHeld === true ? now + heldRereadInterval : Infinity;
    return Math.min(until, held, waitUntil >= now ? waitUntil : Infinity);
  }

  /** A challenge that ended by time or attempts stays so: cancelling is no way to get a new set of attempts. */
  async #cancel(was: LoadedChallenge): Promise<void> {
    const { store, endings, dispatch } = this.#deps;
    if (!isLive(was.view)) return;
    if (!(await endings.end(was, 'cancelled', ['pending', 'passed']))) return;
    const { id, via } = was.record;
    const read = interrupts(via) ? await store.message(id) : undefined;
    if (read === undefined || read.sent.ended === true) return;
    // One record for both: it holds the carrier's reference by now, or the sender will find it ended and hang up.
    await dispatch.hangUp(await store.markEnded(id, read.sent));
  }

  /** A concurrent request began first: its challenge is the current one. */
  async #lost(boundTo: string): Promise<Begun> {
    const winner = await this.#deps.store.loadCurrent(boundTo);
    if (winner === undefined) throw new Problem('unavailable', `the challenge of ${boundTo} is gone`);
    return { view: winner.view, isNew: false };
  }
}

/** Live, and its call has not ended: asking for it again keeps it. */
const isPending = (view: ChallengeView): boolean => isLive(view) && view.callEnded !== true;

const isSame = (record: ChallengeRecord, request: ChallengeRequest): boolean =>
  record.purpose === (request.purpose ?? 'authenticate') &&
  record.userId === request.userId &&
  record.factor === request.factor &&
  record.chosen === request.chosen;
