/** The world outside the server, as a process of its own: nothing but the network joins them. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SimulatorSettings } from '../../simulator/start.ts';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import type { Ports } from './ports.ts';
import { sparePhone, type World } from './people.ts';

const patience: Millis = 15_000;

type Inhabitants = SimulatorSettings['people'];

/** Who is where in that world: each direct number a phone, each switchboard an office with its extensions. */
const telephonesOf = ({ people }: Pick<World, 'people'>): Inhabitants => {
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

/** Resolves once it answers; `onEnd` is told when it ends before `close`. */
export const startSimulator = async (
  world: World,
  ports: Ports,
  onEnd: () => void,
): Promise<{ close(): Promise<void> }> => {
  const settings: SimulatorSettings = {
    port: ports.simulator,
    relyingPartyPort: ports.relyingParty,
    accountSid: world.carrier.accountSid,
    authToken: world.carrier.authToken,
    people: [...telephonesOf(world), sparePhone],
    relyingParty: {
      issuer: `http://localhost:${ports.issuer}`,
      clientId: world.client.id,
      clientSecret: world.client.secret,
    },
  };
  const child = fork(fileURLToPath(new URL('../../simulator/main.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (reason: string) => reject(new Problem('unavailable', `the simulator did not start: ${reason}`));
  const late = setTimeout(failed, patience, `no answer within ${patience} ms`);
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
  return {
    async close() {
      child.off('exit', onEnd);
      // Ctrl-C reached it as well: it may be gone, or going
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await exited;
    },
  };
};
