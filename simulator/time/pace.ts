/** How fast voices speak and people act: words per second, or everything at once. */
export type Pace = number | 'instant';

/** How long one spoken word takes, in milliseconds. */
export const wordTime = (pace: Pace): number => (pace === 'instant' ? 0 : 1000 / pace);

/** How long a person takes to do what takes `ms` in real life. */
export const personTime = (pace: Pace, ms: number): number => (pace === 'instant' ? 0 : ms);
