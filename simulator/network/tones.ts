/** Names the telephone of an extension, and times and records DTMF tones. */
import type { Call } from './call.ts';

/** The telephone of an extension, written as in RFC 3966 §3. */
export const extensionPhone = (number: string, extension: string): string => `${number};ext=${extension}`;

/** Milliseconds that one key of SendDigits takes; `w` and `W` are pauses. */
export const toneDuration = (key: string): number => ({ w: 500, W: 1000 })[key] ?? 200;

/** Adds a tone to the transcript of a call. */
export const recordTone = (call: Call, who: 'tones' | 'person', key: string): void => {
  const last = call.heard.at(-1);
  if (last?.who === who) last.keys += key;
  else call.heard.push({ who, keys: key });
};
