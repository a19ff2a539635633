/**
 * Leads the dialogue of a call: the keys that were pressed, and the next voice prompt. For a factor that the browser answers
 * (a dictated code) keys approve nothing: they can only decline, or ask for the next words.
 */
import { wording } from '../../locales/wording.ts';
import type { CarrierEvent, VoicePrompt } from '../../ports/carriers.ts';
import type { LimitSettings } from '../limits/settings.ts';
import type { Ceremonies } from './ceremonies.ts';
import type { MessageStatus } from './message-status.ts';
import { overAs, refused, type AnswerResult, type CallbackResult } from './result.ts';
import type { ChallengeStore, FoundMessage } from './store.ts';
import type { Verification } from './verification.ts';

/** A callback with keys; no keys right after the pick-up. */
export type KeysEvent = Extract<CarrierEvent, { readonly keys: string }>;

interface VoiceDialogueDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly verification: Verification;
  readonly messageStatus: MessageStatus;
  readonly limits: Pick<LimitSettings, 'attemptsPerChallenge'>;
  /** Whether a call goes on where the carrier cannot tell a person from an answering machine. */
  readonly unknownAnswerer: 'accept' | 'refuse';
}

export class VoiceDialogue {
  readonly #deps: VoiceDialogueDeps;

  constructor(deps: VoiceDialogueDeps) {
    this.#deps = deps;
  }

  /**
   * Answers a callback, found by the token of its address. Its reference must be the one that was first sent or heard.
   * An answering machine ends the call.
   */
  async hear({ token, reference, keys, by }: KeysEvent): Promise<CallbackResult> {
    const { store, messageStatus, verification, unknownAnswerer } = this.#deps;
    const found = await store.findMessage(token);
    if (found === undefined) return { result: refused, language: undefined };
    const { challenge, sent } = found;
    const { language } = challenge.contents.request;
    const isFirst = sent.pickedUp !== true;
    const noted = await messageStatus.note(found, { reference, step: 'answered', pickedUp: true });
    if (noted === undefined) return { result: refused, language };
    const isMachine = by === 'machine' || (by === 'unknown' && isFirst && unknownAnswerer === 'refuse');
    const isDetecting = challenge.contents.machineDetection === true && challenge.view.phase === 'pending';
    const result =
      isMachine && isDetecting
        ? await verification.endWith(challenge, 'machine')
        : await this.#answer(found, keys, isFirst);
    return { result, language };
  }

  async #answer(found: FoundMessage, keys: string, isFirst: boolean): Promise<AnswerResult> {
    const { verification } = this.#deps;
    const { challenge } = found;
    const { factor, view } = challenge;
    if (view.phase !== 'pending') return afterwards(found);
    if (factor.answeredBy === 'browser') {
      if (factor.declines?.(keys) === true) return verification.deny(challenge, 'carrier');
    } else if (factor.speak === undefined || keys !== '') {
      const result = await verification.verify(challenge, keys, 'carrier');
      if (result.ok || result.reason !== 'unfinished') return result;
    }
    return this.#prompt(found, keys, isFirst);
  }

  /** The next words. Silence and stray keys may be repeated as often as a challenge has attempts; the last one ends the call. */
  async #prompt(found: FoundMessage, keys: string, isFirst: boolean): Promise<AnswerResult> {
    const { store, ceremonies, verification, messageStatus, limits } = this.#deps;
    const { challenge, sent } = found;
    const { record, contents, factor } = challenge;
    if (factor.speak === undefined) return { ok: false, reason: 'unfinished' };
    const context = ceremonies.context(record, contents.request);
    const { revealsCode, uncounted, ...voicePrompt } = factor.speak(contents.state, keys, context);
    // The pick-up itself is not a silence.
    const isSilence = !isFirst && uncounted !== true;
    if (isSilence && (await store.countSilence(record)) >= limits.attemptsPerChallenge - 1) {
      if (sent.codeRevealed === true) return { ok: false, reason: 'unfinished' };
      return verification.endWith(challenge, factor.answeredBy === 'device' && isKey(keys) ? 'attempts' : 'silence');
    }
    if (revealsCode === true) await messageStatus.note(found, { codeRevealed: true });
    return { ok: false, reason: 'unfinished', voicePrompt };
  }
}

/** True where the last thing heard was a key of a telephone. */
const isKey = (keys: string): boolean => /[0-9*#]$/.test(keys);

/** Answers keys that come after the challenge took its answer. */
const afterwards = ({ challenge: { factor, view, contents } }: FoundMessage): AnswerResult => {
  // A person who typed the dictated code may still be on the line: that is no replay, and approves nothing here.
  const isTyped = factor.answeredBy === 'browser' && (view.phase === 'passed' || view.phase === 'redeemed');
  return isTyped ? { ok: false, reason: 'unfinished', voicePrompt: farewell(contents.request.language) } : overAs(view);
};

const farewell = (language: string): VoicePrompt => {
  const { phone } = wording(language);
  return { say: phone.approved, language: phone.voice, gather: 'none' };
};
