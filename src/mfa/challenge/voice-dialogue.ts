/** The other end of what was sent: what is pressed on a phone and what it says next, how a call or a text goes. */
import type { EpochMillis } from '../../ports/time.ts';
import type { CarrierEvent, Progress, VoicePrompt } from '../../ports/carriers.ts';
import type { Json } from '../../ports/stores.ts';
import { wording } from '../../locales/wording.ts';
import { callDeadline, messageIdOf, type MessageProgress, type SentMessage } from './record.ts';
import type { LoadedChallenge } from './store.ts';
import type { PollResult } from '../delivery/status-poller.ts';
import { hasEnded, refused, type CallbackResult, type AnswerResult } from './result.ts';
import type { VerificationDeps, Verification } from './verification.ts';

/** A callback that says keys. */
export type KeysEvent = Extract<CarrierEvent, { readonly keys: string }>;

export interface VoiceDialogueDeps extends VerificationDeps {
  /** What becomes of a call where the carrier was to tell a person from a machine, and cannot. */
  readonly unknownAnswerer: 'accept' | 'refuse';
}

const farewell = (language: string): VoicePrompt => {
  const { phone } = wording(language);
  return { say: phone.approved, language: phone.voice, gather: 'none' };
};

/** Whether the last thing heard was a key of a telephone. */
const isKey = (keys: string): boolean => /[0-9*#]$/.test(keys);

/** A message that was sent, and how its challenge stands. */
interface Found {
  readonly id: string;
  readonly sent: SentMessage;
  readonly was: LoadedChallenge;
}

export class VoiceDialogue {
  readonly #deps: VoiceDialogueDeps;
  readonly #verification: Verification;

  constructor(deps: VoiceDialogueDeps, verification: Verification) {
    this.#deps = deps;
    this.#verification = verification;
  }

  async hear({ token, reference, keys, by }: KeysEvent): Promise<CallbackResult> {
    const found = await this.#find(token);
    if (found === undefined) return { outcome: refused, language: undefined };
    const { was, sent } = found;
    const { language } = was.contents.request;
    const isFirst = sent.pickedUp !== true;
    if ((await this.#note(found, { reference, step: 'answered' }, { pickedUp: true })) === undefined) {
      return { outcome: refused, language };
    }
    const isMachine = by === 'machine' || (by === 'unknown' && isFirst && this.#deps.unknownAnswerer === 'refuse');
    const isScreened = was.contents.screened === true && was.view.phase === 'pending';
    const outcome =
      isMachine && isScreened
        ? await this.#verification.over(was, 'machine')
        : await this.#answer(found, keys, isFirst);
    return { outcome, language };
  }

  async respond(token: string, answer: Json, reference: string | undefined): Promise<AnswerResult> {
    const found = await this.#find(token);
    if (found === undefined || this.#verification.factor(found.was.record).answeredBy !== 'device') return refused;
    if (reference === undefined) return this.#answer(found, answer, false);
    const isFirst = found.sent.pickedUp !== true;
    const noted = await this.#note(found, { reference, step: 'answered' }, { pickedUp: true });
    return noted === undefined ? refused : this.#answer(found, answer, isFirst);
  }

  /** True where it is known what this is about. */
  async report(token: string, progress: Progress, reference: string): Promise<boolean> {
    const found = await this.#find(token);
    return found !== undefined && (await this.#tell(found, progress, reference)) !== undefined;
  }

  /** From now on the carrier is asked how this call goes, where it does not tell. */
  watch(sent: SentMessage): void {
    const { record, progress: reached } = sent;
    if (record.via !== 'call' || sent.reference === undefined || !this.#deps.sender.canLook(record.via)) return;
    const { id } = record;
    this.#deps.statusPoller.watch({ id, until: callDeadline(record, reached) }, async lastNews =>
      this.#ask(id, lastNews),
    );
  }

  async #ask(id: string, lastNews: EpochMillis): Promise<PollResult> {
    const { store, sender } = this.#deps;
    const read = await store.bySent(id);
    if (read === undefined) return 'over';
    const { sent } = read;
    const was = this.#standing(sent, read.phase);
    if (was.view.phase !== 'pending' || sent.ended === true || sent.reference === undefined) return 'over';
    const heard = sent.progress?.at ?? 0;
    if (heard > lastNews) return { news: heard };
    const progress = await sender.look('call', sent.reference);
    if (progress === undefined) return 'nothing';
    const isNews = await this.#tell({ id, sent, was }, progress, sent.reference);
    if (progress.step === 'ended') return 'over';
    return isNews === true ? { news: this.#deps.clock() } : 'nothing';
  }

  /** What a carrier tells informs and never approves. True: that is news; undefined: it is about another message. */
  async #tell(found: Found, progress: Progress, reference: string | undefined): Promise<boolean | undefined> {
    const { was, sent } = found;
    if (progress.step === 'ended') {
      // Of a call that was approved nothing is left to be known; any other one rings no more.
      const isDone = was.phase.name === 'passed' || was.phase.name === 'redeemed';
      if ((await this.#note(found, { reference }, isDone ? {} : { ended: true })) === undefined) return undefined;
      this.#deps.statusPoller.stop(found.id);
      // Who has heard a code hangs up and types it.
      if (was.view.phase !== 'pending' || (progress.reason === 'completed' && sent.codeRevealed === true)) return false;
      return this.#verification.end(was, this.#deps.sender.meaning(progress.reason));
    }
    const isNews = await this.#note(found, { reference, step: progress.step });
    if (isNews === true && progress.step === 'undelivered') await this.#undelivered(found);
    return isNews;
  }

  /**
   * Writes down what was told of a message; true: it is news. A phone that is picked up after its time does not bring back what
   * has ended: the deadline moves with the pick-up.
   */
  async #note(
    { id, sent, was }: Found,
    told: { readonly reference: string | undefined; readonly step?: MessageProgress['step'] },
    marks: Pick<SentMessage, 'pickedUp' | 'ended' | 'codeRevealed'> = {},
  ): Promise<boolean | undefined> {
    const { reference } = told;
    const isPending = was.view.phase === 'pending';
    const step = isPending ? told.step : undefined;
    const noted = await this.#deps.sender.note(id, sent, { reference, step }, marks);
    if (noted === undefined) return undefined;
    if (!noted.isNews || !isPending) return false;
    if (noted.sent.ended !== true) this.watch(noted.sent);
    await this.#verification.publish(was.record);
    return true;
  }

  /** Nothing ends by it: the page says so, and offers what else there is. */
  async #undelivered({ id, was }: Found): Promise<void> {
    if ((await this.#deps.store.newest(was.record)) !== id) return;
    const { via } = was.record;
    await this.#verification.record('challenge.undelivered', 'failure', was, 'carrier', {
      ...(via !== undefined && { via }),
    });
  }

  /** Silence is no answer, and no keys approve what the browser answers. What is neither may be repeated a few times. */
  async #answer(found: Found, answer: Json, isFirst: boolean): Promise<AnswerResult> {
    const { was } = found;
    const { record, contents, view } = was;
    const factor = this.#verification.factor(record);
    if (view.phase !== 'pending') {
      // Whoever dictated themselves a code and typed it may still be on the line: no replay, and nothing is approved here.
      const isTyped = factor.answeredBy === 'browser' && (view.phase === 'passed' || view.phase === 'redeemed');
      return isTyped
        ? { ok: false, reason: 'unfinished', voicePrompt: farewell(contents.request.language) }
        : hasEnded(view);
    }
    const keys = typeof answer === 'string' ? answer : '';
    if (factor.answeredBy === 'browser') {
      if (factor.declines?.(keys) === true) return this.#verification.deny(was, 'carrier');
    } else if (factor.speak === undefined || answer !== '') {
      const outcome = await this.#verification.verify(was, answer, 'carrier');
      if (outcome.ok || outcome.reason !== 'unfinished') return outcome;
    }
    if (factor.speak === undefined) return { ok: false, reason: 'unfinished' };
    const {
      revealsCode: tells,
      uncounted: free,
      ...turn
    } = factor.speak(contents.state, keys, this.#verification.context(record, contents.request));
    const { store, limits } = this.#deps;
    // The pick-up is no silence, and the last one ends the call.
    const isSilence = !isFirst && free !== true;
    if (isSilence && (await store.countSilence(record)) >= limits.attemptsPerChallenge - 1) {
      if (found.sent.codeRevealed === true) return { ok: false, reason: 'unfinished' };
      return this.#verification.over(was, factor.answeredBy === 'device' && isKey(keys) ? 'attempts' : 'silence');
    }
    if (tells === true) await this.#note(found, { reference: undefined }, { codeRevealed: true });
    return { ok: false, reason: 'unfinished', voicePrompt: turn };
  }

  async #find(token: string): Promise<Found | undefined> {
    const read = await this.#deps.store.byToken(token);
    return read && { id: messageIdOf(token), sent: read.sent, was: this.#standing(read.sent, read.phase) };
  }

  #standing(
    sent: SentMessage,
    written: Parameters<VoiceDialogueDeps['store']['assemble']>[0]['written'],
  ): LoadedChallenge {
    const { record } = sent;
    return this.#deps.store.assemble({ record, factor: this.#verification.factor(record), written, sent });
  }
}
