/** Stops time for a world until its test moves it, for us and for the libraries, which read `Date`. */
import type { MailTransport } from '../../../src/ports/mail.ts';
import type { Clock, EpochMillis } from '../../../src/ports/time.ts';
import { createClock, type TestClock } from './clock.ts';

/** `at`: when time stops; absent: now. `release` lets it pass again. */
export const freezeTime = (at?: EpochMillis): { readonly clock: TestClock; release(): void } => {
  const real = Date.now;
  // A whole minute, so that codes of an app and seconds in tokens do not depend on the time of the run.
  const clock = createClock(at ?? Math.floor(real() / 60_000) * 60_000);
  Date.now = clock;
  return {
    clock,
    release() {
      Date.now = real;
    },
  };
};

/**
 * Sends a mail again where the clock moved meanwhile. nodemailer measures by `Date` how long it has been connecting, and takes a jump
 * of ten seconds for a timeout. The outbox would then wait for its next attempt, which no clock at rest reaches.
 */
export const despiteJumps = (transport: MailTransport, clock: Clock): MailTransport => ({
  async send(mail) {
    const began = clock();
    try {
      await transport.send(mail);
    } catch (error) {
      if (clock() === began) throw error;
      await transport.send(mail);
    }
  },
});
