/** Defines durations and moments in milliseconds, and the clock port. */

/** A duration in milliseconds. */
export type Millis = number;

/** A moment in milliseconds since 1970. */
export type EpochMillis = number;

/** Tells the time. All decisions about time use this clock, so that tests can move it. */
export type Clock = () => EpochMillis;
