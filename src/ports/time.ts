/** Types of time: durations and moments in milliseconds, and the clock that tells them. */

/** A duration in milliseconds. */
export type Millis = number;

/** A moment in milliseconds since 1970. */
export type EpochMillis = number;

/** Tells the time. Nothing that decides anything reads another clock. */
export type Clock = () => EpochMillis;
