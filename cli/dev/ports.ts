/** Assigns four consecutive ports to server, simulator, sample relying party and mail server, and checks that they are free. */
import { setTimeout as wait } from 'node:timers/promises';
import { isProblem, Problem } from '../../src/errors.ts';
import { listen } from '../../server/listen.ts';
import type { Millis } from '../../src/ports/time.ts';

/** Ports of the development environment. */
export interface Ports {
  readonly issuer: number;
  readonly simulator: number;
  readonly relyingParty: number;
  /** Of the simulator's mail server (SMTP). */
  readonly mail: number;
}

/** `first` and the three ports after it. */
export const portsFrom = (first: number): Ports => ({
  issuer: first,
  simulator: first + 1,
  relyingParty: first + 2,
  mail: first + 3,
});

/** An environment that was just stopped may hold its ports for a moment. */
const maxAttempts = 20;
const retryInterval: Millis = 100;

/** @throws Problem 'in-use' that names the port in use and says what to do */
export const assertPortsFree = async ({ issuer, simulator, relyingParty, mail }: Ports): Promise<void> => {
  for (const at of [
    // The issuer listens on both loopback addresses, the others on one.
    { host: 'localhost', port: issuer },
    { host: '127.0.0.1', port: simulator },
    { host: '127.0.0.1', port: relyingParty },
    { host: '127.0.0.1', port: mail },
  ]) {
    await assertFree(at, issuer);
  }
};

const assertFree = async (at: { readonly host: string; readonly port: number }, first: number): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await (await listen(() => {}, at)).close(0);
      return;
    } catch (error) {
      if (!isProblem(error, 'in-use')) throw error;
      if (attempt < maxAttempts) {
        await wait(retryInterval);
        continue;
      }
      const other = first === 4000 ? 5000 : 4000;
      throw new Problem(
        'in-use',
        `port ${at.port} is in use: stop the program that uses it, or choose other ports with npm start -- --port ${other}`,
        { cause: error },
      );
    }
  }
};
