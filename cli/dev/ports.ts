/** Three ports in a row: the server, the simulator, the sample relying party. */
import { setTimeout as wait } from 'node:timers/promises';
import { isProblem, Problem } from '../../src/errors.ts';
import { listen } from '../../server/listen.ts';
import type { Millis } from '../../src/ports/time.ts';

export interface Ports {
  readonly issuer: number;
  readonly simulator: number;
  readonly relyingParty: number;
}

export const portsFrom = (first: number): Ports => ({
  issuer: first,
  simulator: first + 1,
  relyingParty: first + 2,
});

/** A world that was just stopped may hold its ports for a moment. */
const attempts = 20;
const between: Millis = 100;

/** @throws Problem 'unavailable' that names the port that is in use, and says what to do. */
export const freePorts = async ({ issuer, simulator, relyingParty }: Ports): Promise<void> => {
  for (const at of [
    // the issuer answers under both loopback addresses, the world outside under one
    { host: 'localhost', port: issuer },
    { host: '127.0.0.1', port: simulator },
    { host: '127.0.0.1', port: relyingParty },
  ]) {
    await free(at, issuer);
  }
};

const free = async (at: { readonly host: string; readonly port: number }, first: number): Promise<void> => {
  for (let turn = 1; ; turn += 1) {
    try {
      await (await listen(() => {}, at)).close(0);
      return;
    } catch (error) {
      if (!isProblem(error, 'unavailable')) throw error;
      if (turn < attempts) {
        await wait(between);
        continue;
      }
      const other = first === 4000 ? 5000 : 4000;
      throw new Problem(
        'unavailable',
        `port ${at.port} is in use: stop what listens there, or start elsewhere with npm start -- --port ${other}`,
        { cause: error },
      );
    }
  }
};
