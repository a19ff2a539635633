/** Words numbers and lengths of time in French, singular or plural. */
import type { DurationWords } from '../duration.ts';

/** `1 seconde`, `2 secondes`. */
export const seconds = (count: number): string => (count === 1 ? '1 seconde' : `${count} secondes`);

/** `encore 1 essai`, `encore 2 essais`. */
export const attemptsLeft = (count: number): string => (count === 1 ? 'encore 1 essai' : `encore ${count} essais`);

/** After « pendant » : « pendant un jour ». */
export const units: DurationWords = {
  day: ['un jour', 'jours'],
  hour: ['une heure', 'heures'],
  minute: ['une minute', 'minutes'],
  and: ' et ',
};
