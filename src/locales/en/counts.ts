/** Words numbers in English, singular or plural. */

/** `1 second`, `2 seconds`. */
export const seconds = (count: number): string => (count === 1 ? '1 second' : `${count} seconds`);

/** `1 attempt left`, `2 attempts left`. */
export const attemptsLeft = (count: number): string => (count === 1 ? '1 attempt left' : `${count} attempts left`);
