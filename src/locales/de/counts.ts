/** Words numbers in German, singular or plural. */

/** Dative: „in 2 Sekunden“. */
export const seconds = (count: number): string => (count === 1 ? '1 Sekunde' : `${count} Sekunden`);

/** `noch 1 Versuch`, `noch 2 Versuche`. */
export const attemptsLeft = (count: number): string => (count === 1 ? 'noch 1 Versuch' : `noch ${count} Versuche`);
