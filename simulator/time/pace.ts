/** Converts the pace of a simulation to durations. */

/** Words per second; `instant`: speech and people take no time. */
export type Pace = number | 'instant';

/** Milliseconds that one spoken word takes. */
export const wordTime = (pace: Pace): number => (pace === 'instant' ? 0 : 1000 / pace);

/** Milliseconds that something takes which takes `ms` in real life. */
export const personTime = (pace: Pace, ms: number): number => (pace === 'instant' ? 0 : ms);
