/**
 * Leads the dialogue of a call: the keys that were pressed, and the next voice prompt. For a factor that the browser answers
 * (a dictated code) keys approve nothing: they can only decline, or ask for the next words. `key-rules.ts` has the rules.
 */
import { spoken } from '../../locales/spoken.ts';
import type { CarrierEvent, Heard } from '../../ports/carriers.ts';
import type { Log } from '../../log.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { KeyMeaning } from '../factor.ts';
import type { LimitSettings } from '../limits/settings.ts';
import type { Ceremonies } from './ceremonies.ts';
import { fitted } from './call-time.ts';
import { afterwards, canBeDeclined, mayApprove } from './key-rules.ts';
import type { Endings } from './endings.ts';
import type { MachineDetection } from './machine-detection.ts';
import type { MessageStatus } from './message-status.ts';
import { callDeadline } from '../challenge-state/phase.ts';
import { isHeld, type SentMessage } from '../challenge-state/sent-message.ts';
import { refused, type AnswerResult, type CallbackResult } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { FoundMessage } from './loaded-challenge.ts';
import type { Verification } from './verification.ts';

/** A callback of a conversation. */
export type HeardEvent = Extract<CarrierEvent, Heard>;

interface VoiceDialogueDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly verification: Verification;
  readonly endings: Endings;
  readonly messageStatus: MessageStatus;
  readonly machineDetection: MachineDetection;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Pick<LimitSettings, 'attemptsPerChallenge'>;
  /** Whether a call goes on where the carrier cannot tell a person from an answering machine. */
  readonly unknownAnswerer: 'accept' | 'refuse';
}

/** Without a verdict the voice asks for a moment again after this time. */
const askAgainAfter: Millis = 3_000;

/** Bounds the announcements to a switchboard beside the deadline, which comes first unless clocks stand still. */
const maxPromptsPutThrough = 12;

export class VoiceDialogue {
  readonly #deps: VoiceDialogueDeps;

  constructor(deps: VoiceDialogueDeps) {
    this.#deps = deps;
  }

  /**
   * Answers a callback, found by the token of its address. Its reference must be the one that was first sent or heard.
   * An answering machine ends the call.
   */
  async hear(event: HeardEvent): Promise<CallbackResult> {
    const { store, ceremonies, messageStatus, endings, clock } = this.#deps;
    const { token, reference, isConnected } = event;
    const found = await store.findMessage(token);
    if (found === undefined) return { result: refused, language: undefined };
    const { record, contents, factor } = found.challenge;
    const language = spoken(contents.request.language, contents.sentTo?.to ?? '').voice;
    const meaning = factor.meaningOf?.(contents.state, event.keys, ceremonies.context(record, contents.request));
    const sent = await messageStatus.update(found, {
      reference,
      ...(isConnected && { step: 'answered' as const, pickedUp: true as const }),
      ...(isConnected && this.#isAskedNow(found, event) && { askedAt: clock() }),
      ...(meaning === 'may-decline' && !event.isSilent && { declineBegun: true as const }),
      ...(contents.asyncDetectionTimeout !== undefined && event.by !== 'unknown' && { answerer: event.by }),
    });
    if (sent === undefined) return { result: refused, language };
    if (event.failure !== undefined) this.#deps.log.warn('call.document-failed', { code: event.failure });
    if (this.#isScreened(found, event, sent))
      return { result: await endings.endWith(found.challenge, 'machine'), language };
    const result = await this.#answer(found, event, { meaning, now: sent });
    return { result, language };
  }

  /** True where this callback gets the first question of a direct call, or gets it again because the carrier could not use it. */
  #isAskedNow({ challenge, sent }: FoundMessage, { failure }: HeardEvent): boolean {
    if (challenge.contents.sentTo?.extension !== undefined) return false;
    return sent.pickedUp !== true || failure !== undefined;
  }

  /** True where a machine answered, or something that the operator does not accept as a person. */
  #isScreened({ challenge, sent }: FoundMessage, { by }: HeardEvent, now: SentMessage): boolean {
    const { machineDetection, asyncDetectionTimeout } = challenge.contents;
    if (machineDetection !== true || challenge.view.phase !== 'pending') return false;
    if (asyncDetectionTimeout !== undefined)
      return this.#deps.machineDetection.judge({ challenge, sent: now }) === 'refused';
    const isUnknown = by === 'unknown' && sent.pickedUp !== true && this.#deps.unknownAnswerer === 'refuse';
    return by === 'machine' || isUnknown;
  }

  /** `found`: as it was before this callback; `now`: its message after it, which may have ended meanwhile. */
  async #answer(
    found: FoundMessage,
    event: HeardEvent,
    { meaning, now }: { readonly meaning: KeyMeaning | undefined; readonly now: SentMessage },
  ): Promise<AnswerResult> {
    const { endings, clock } = this.#deps;
    const { challenge, sent } = found;
    if (event.step === 'keys' && canBeDeclined(challenge.phase, meaning)) {
      if (meaning === 'declines') return endings.deny(challenge, 'carrier');
      // Silence after a 0, or a 0 whose call is over: no key can confirm it any more.
      const isOver = now.ended === true || challenge.view.phase !== 'pending';
      const isLeft = event.isSilent && sent.declineBegun === true;
      if (isLeft || (meaning === 'may-decline' && isOver)) return endings.deny(challenge, 'carrier', 'unconfirmed');
    }
    if (challenge.view.phase !== 'pending') return afterwards(found, meaning, event);
    if (isHeld(challenge, now)) return this.#whileHeld({ ...found, sent: now });
    if (event.step === 'keys' && challenge.factor.answeredBy === 'device' && !event.isSilent) {
      const isAnswer = meaning === undefined || meaning === 'approves';
      if (isAnswer && mayApprove(found, event, clock())) return this.#verify(found, event, now);
    }
    return this.#prompt(found, event, now);
  }

  async #verify(found: FoundMessage, event: HeardEvent, now: SentMessage): Promise<AnswerResult> {
    const { verification, machineDetection } = this.#deps;
    const current = { ...found, sent: now };
    if (machineDetection.judge(current) === 'awaited') {
      return (await machineDetection.hold(current, event.keys)) ?? this.#askForMoment(found);
    }
    const result = await verification.verify(found.challenge, event.keys, 'carrier');
    return result.ok || result.reason !== 'unfinished' ? result : this.#prompt(found, event, now);
  }

  /** After approving keys only a decline counts, which `#answer` has looked for: other keys and silence change nothing. */
  async #whileHeld(found: FoundMessage): Promise<AnswerResult> {
    return (await this.#deps.machineDetection.settle(found)) ?? this.#askForMoment(found);
  }

  /** Listens to the same keys as the question. The window of a verdict ends long before the call must. */
  #askForMoment({ challenge }: FoundMessage): AnswerResult {
    const { record, contents, factor } = challenge;
    const question = factor.speak?.(contents.state, '', this.#deps.ceremonies.context(record, contents.request));
    if (question === undefined) return { ok: false, reason: 'unfinished' };
    const { language, gather } = question;
    const say = spoken(contents.request.language, contents.sentTo?.to ?? '').moment;
    return { ok: false, reason: 'unfinished', voicePrompt: { say, language, gather, timeout: askAgainAfter } };
  }

  /** Silence and stray keys may be repeated as often as a challenge has attempts; behind a switchboard until the deadline. */
  #mostPrompts({ challenge }: FoundMessage): number {
    const isPutThrough = challenge.contents.sentTo?.extension !== undefined;
    return isPutThrough ? maxPromptsPutThrough : this.#deps.limits.attemptsPerChallenge - 1;
  }

  /** The next words, where they can be spoken and answered in time; otherwise the call ends. `now`: the message after this callback. */
  async #prompt(found: FoundMessage, { step, keys, isSilent }: HeardEvent, now: SentMessage): Promise<AnswerResult> {
    const { store, ceremonies, endings, messageStatus, machineDetection, clock } = this.#deps;
    const { challenge, sent } = found;
    const { record, contents, factor } = challenge;
    if (factor.speak === undefined) return { ok: false, reason: 'unfinished' };
    // Keys on a call that nobody was reported to have picked up: it begins as after a pick-up.
    const isFirst = step === 'picked-up' || sent.pickedUp !== true;
    const context = ceremonies.context(record, contents.request);
    // A person whose key was held, and who waits since, has asked for the code.
    const isAsked = isSilent && now.heldKeys !== undefined && now.codeRevealed !== true;
    const heard = isAsked ? store.openHeldKeys(record, now.heldKeys) : keys;
    const prompted = factor.speak(contents.state, isFirst ? '' : heard, context);
    const { revealsCode, uncounted, asksAnew, ...voicePrompt } = prompted;
    // No voicemail may keep a code.
    if (revealsCode === true && machineDetection.judge({ challenge, sent: now }) === 'awaited') {
      return (await machineDetection.hold({ ...found, sent: now }, heard)) ?? this.#askForMoment(found);
    }
    const isUnanswered = !isFirst && uncounted !== true;
    const isSpent = isUnanswered && (await store.countUnansweredPrompt(record)) >= this.#mostPrompts(found);
    const end = callDeadline({ ...now, ...(revealsCode === true && { codeRevealed: true }) });
    const fitting = isSpent ? undefined : fitted(voicePrompt, clock(), end);
    if (fitting === undefined) {
      if (now.declineBegun === true) return endings.deny(challenge, 'carrier', 'unconfirmed');
      if (sent.codeRevealed === true) return { ok: false, reason: 'unfinished' };
      const isWrong = isSpent && factor.answeredBy === 'device' && !isSilent;
      return endings.endWith(challenge, isWrong ? 'attempts' : 'silence');
    }
    if (revealsCode === true) await messageStatus.update(found, { codeRevealed: true });
    if (asksAnew === true) await messageStatus.update(found, { askedAt: clock() });
    return { ok: false, reason: 'unfinished', voicePrompt: fitting };
  }
}
