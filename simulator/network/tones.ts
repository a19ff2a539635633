import type { Call } from './call.ts';

/** The telephone of an extension, as RFC 3966 writes it. */
export const extensionPhone = (number: string, extension: string): string => `${number};ext=${extension}`;

/** Milliseconds that one key of SendDigits takes; `w` and `W` are pauses. */
export const toneTime = (key: string): number => ({ w: 500, W: 1000 })[key] ?? 200;

/** Adds a tone to what was heard on a call. */
export const heardTone = (call: Call, who: 'tones' | 'person', key: string): void => {
  const last = call.heard.at(-1);
  if (last?.who === who) last.keys += key;
  else call.heard.push({ who, keys: key });
};
