/** Words numbers and lengths of time in German, singular or plural. */
import type { DurationWords } from '../duration.ts';

/** Dative: „in 2 Sekunden“. */
export const seconds = (count: number): string => (count === 1 ? '1 Sekunde' : `${count} Sekunden`);

/** `noch 1 Versuch`, `noch 2 Versuche`. */
export const attemptsLeft = (count: number): string => (count === 1 ? 'noch 1 Versuch' : `noch ${count} Versuche`);

/** Accusative, before „lang“: „einen Tag lang“. */
export const units: DurationWords = {
  day: ['einen Tag', 'Tage'],
  hour: ['eine Stunde', 'Stunden'],
  minute: ['eine Minute', 'Minuten'],
  and: ' und ',
};
