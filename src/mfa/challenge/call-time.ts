/** Fits the words of a call into its time: a question that could not be answered before its end is not asked. Pure. */
import type { VoicePrompt } from '../../ports/carriers.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';

/** Of carriers' voices, rounded down; they pause after each digit and each sentence. */
const lettersPerSecond = 13;
const pauseAfterDigit: Millis = 400;
const pauseAfterSentence: Millis = 300;

/** How long a voice speaks this text, at most. */
export const speakingTime = (text: string): Millis => {
  const digits = text.match(/\d/g)?.length ?? 0;
  const sentences = text.match(/[.!?]\s+\p{Lu}/gu)?.length ?? 0;
  return (text.length / lettersPerSecond) * 1000 + digits * pauseAfterDigit + sentences * pauseAfterSentence;
};

/** How long a prompt waits for a key after its last word, unless it says so itself. */
const listening: Readonly<Record<VoicePrompt['gather'], Millis>> = { key: 8_000, digits: 10_000, none: 0 };

/** Kept free for the last words of the call. */
const goodbye: Millis = 5_000;
/** A person needs this long to press a key after the last word. */
const shortestListening: Millis = 3_000;

/** The prompt with its time to listen; undefined: it cannot be spoken and answered before the call must end. */
export const fitted = (prompt: VoicePrompt, now: EpochMillis, end: EpochMillis): VoicePrompt | undefined => {
  if (prompt.gather === 'none') return prompt;
  const room = end - now - speakingTime(prompt.say) - goodbye;
  if (room < shortestListening) return undefined;
  return { ...prompt, timeout: Math.min(prompt.timeout ?? listening[prompt.gather], room) };
};
