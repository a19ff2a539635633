/** Runs functions later by the timers of this process. */
import type { Schedule } from '../src/ports/time.ts';

/** The default schedule. Its timers do not keep the process alive. */
export const timers: Schedule = (wait, run) => {
  const timer = setTimeout(() => void run(), wait).unref();
  return () => clearTimeout(timer);
};
