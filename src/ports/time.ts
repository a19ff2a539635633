/** Defines durations and moments in milliseconds, and the ports of clock and timers. */

/** A duration in milliseconds. */
export type Millis = number;

/** A moment in milliseconds since 1970. */
export type EpochMillis = number;

/** Tells the time. All decisions about time use this clock, so that tests can move it. */
export type Clock = () => EpochMillis;

/** Runs a function once, after `wait`. The function it gives cancels that. */
export type Schedule = (wait: Millis, run: () => Promise<void>) => () => void;
