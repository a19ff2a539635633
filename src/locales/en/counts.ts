/** Words numbers in English, singular or plural. */

/** `1 second`, `2 seconds`. */
export const seconds = (count: number): string => (count === 1 ? '1 second' : `${count} seconds`);

/** `1 try left`, `2 tries left`. */
export const attemptsLeft = (count: number): string => (count === 1 ? '1 try left' : `${count} tries left`);
