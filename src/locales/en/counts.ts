/** Words numbers and lengths of time in English, singular or plural. */
import type { DurationWords } from '../duration.ts';

/** `1 second`, `2 seconds`. */
export const seconds = (count: number): string => (count === 1 ? '1 second' : `${count} seconds`);

/** `1 attempt left`, `2 attempts left`. */
export const attemptsLeft = (count: number): string => (count === 1 ? '1 attempt left' : `${count} attempts left`);

/** After “for”: `for one day`. */
export const units: DurationWords = {
  day: ['one day', 'days'],
  hour: ['one hour', 'hours'],
  minute: ['one minute', 'minutes'],
  and: ' and ',
};
