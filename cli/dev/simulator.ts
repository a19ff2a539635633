/** Starts the simulator as a process of its own, so that only the network connects it with the server. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SimulatorSettings } from '../../simulator/start.ts';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import type { Ports } from './ports.ts';
import { secondStep } from './announcement.ts';
import { sparePhone, type SeedData } from './seed-data.ts';

const startTimeout: Millis = 15_000;

type SimulatedPeople = SimulatorSettings['people'];

/** One phone for each direct number, one office with its extensions for each switchboard. */
const simulatedPeople = ({ people }: Pick<SeedData, 'people'>): SimulatedPeople => {
  const offices = new Map<string, Record<string, string>>();
  const persons = people.flatMap(({ displayName, phones, totpSecret }) => {
    const direct = phones.filter(({ extension }) => extension === undefined);
    for (const { number, extension } of phones) {
      if (extension !== undefined) offices.set(number, { ...offices.get(number), [extension]: displayName });
    }
    const app = totpSecret !== undefined && { totpSecret };
    const [first, ...others] = direct;
    return [
      { name: displayName, ...(first && { number: first.number }), ...app },
      ...others.map(({ number }) => ({ name: `${displayName}, second`, number })),
    ];
  });
  return [...persons, ...[...offices].map(([number, extensions]) => ({ name: 'Office', number, extensions }))];
};

/**
 * Resolves once it answers. Calls `onEnd` if it ends before `close`, and `onReset` after each "Start over". @throws Problem
 * 'unavailable' if it does not start.
 */
export const startSimulator = async (
  seedData: SeedData,
  ports: Ports,
  { onEnd, onReset }: { readonly onEnd: () => void; readonly onReset: () => void },
): Promise<{ close(): Promise<void> }> => {
  const settings: SimulatorSettings = {
    port: ports.simulator,
    relyingPartyPort: ports.relyingParty,
    mailPort: ports.mail,
    accountSid: seedData.carrier.accountSid,
    authToken: seedData.carrier.authToken,
    people: [...simulatedPeople(seedData), sparePhone],
    relyingParty: {
      issuer: `http://localhost:${ports.issuer}`,
      clientId: seedData.client.id,
      clientSecret: seedData.client.secret,
      people: seedData.people.map(person => ({
        name: person.name,
        password: person.password,
        secondStep: secondStep(person),
      })),
    },
  };
  const child = fork(fileURLToPath(new URL('../../simulator/main.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (reason: string) => reject(new Problem('unavailable', `the simulator did not start: ${reason}`));
  const late = setTimeout(failed, startTimeout, `no answer within ${startTimeout} ms`);
  child.once('error', error => failed(error.message));
  child.once('exit', code => failed(`it ended with ${code}`));
  child.once('message', message => {
    if (typeof message === 'object' && 'ready' in message) resolve();
    else failed(typeof message === 'object' && 'failed' in message ? String(message.failed) : 'an unknown answer');
  });
  child.send(settings);
  try {
    await promise;
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    clearTimeout(late);
  }
  child.once('exit', onEnd);
  child.on('message', message => {
    if (typeof message === 'object' && 'reset' in message) onReset();
  });
  return {
    async close() {
      child.off('exit', onEnd);
      // Ctrl-C is sent to the simulator too, so it may have ended or be about to.
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await exited;
    },
  };
};
