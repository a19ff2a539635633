/** Tests the simulator as a process of its own, as `npm start` runs it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { person } from '../../simulator/person.ts';
import { accountSid, ada, authToken } from './support.ts';

const main = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url));
const settings = { port: 0, relyingPartyPort: 0, accountSid, authToken, people: [{ name: 'Ada', number: ada }] };

const start = (env: NodeJS.ProcessEnv = process.env) =>
  fork(main, { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });

describe('the simulator process', () => {
  test('the process takes its settings from a message, reports its address, and ends on SIGTERM', async () => {
    const child = start();
    child.send(settings);
    const [message] = (await once(child, 'message')) as [{ readonly ready: { readonly url: string } }];
    expect(message).toEqual({
      ready: {
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        relyingPartyUrl: '',
        mailUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
      },
    });
    expect(await person(message.ready.url, ada).phone()).toMatchObject({ name: 'Ada', state: 'idle' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('the process tells the one that started it of each "Start over"', async () => {
    const child = start();
    child.send(settings);
    const [{ ready }] = (await once(child, 'message')) as [{ readonly ready: { readonly url: string } }];
    const told = once(child, 'message');
    await fetch(new URL('/reset', ready.url), { method: 'POST', redirect: 'manual' });
    expect(await told).toEqual([{ reset: true }, undefined]);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  test('the process takes its settings from the environment, and ends with its parent', async () => {
    const child = start({ ...process.env, SIMULATOR_SETTINGS: JSON.stringify(settings) });
    await once(child, 'message');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('the process reports the reason if it cannot start', async () => {
    const child = start();
    child.send({
      ...settings,
      relyingParty: { issuer: 'http://x', clientId: 'c', clientSecret: 's' },
      relyingPartyPort: 1e6,
    });
    const [message] = (await once(child, 'message')) as unknown[];
    expect(message).toEqual({ failed: expect.stringMatching(/port/i) });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
