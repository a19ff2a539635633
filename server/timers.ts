/** Runs functions later by the timers of this process. */
import type { Schedule } from '../src/ports/time.ts';

/** The default schedule. Its timers do not keep the process alive. */
export const timers: Schedule = (wait, run) => {
  const timer = setTimeout(() => void run(), wait).unref();
  return () => clearTimeout(timer);
};

/** Keeps the process alive, for waits before a server listens or a command ends. */
export const waitingTimers: Schedule = (wait, run) => {
  const timer = setTimeout(() => void run(), wait);
  return () => clearTimeout(timer);
};
