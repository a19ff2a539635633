/** Words numbers in French, singular or plural. */

/** `1 seconde`, `2 secondes`. */
export const seconds = (count: number): string => (count === 1 ? '1 seconde' : `${count} secondes`);

/** `encore 1 essai`, `encore 2 essais`. */
export const attemptsLeft = (count: number): string => (count === 1 ? 'encore 1 essai' : `encore ${count} essais`);
