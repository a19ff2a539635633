/** Tests the range query for leaked passwords: what it sends, what it finds, and that it fails open with a log line. */
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { createBreachedPasswords } from '../../src/users/passwords/breached-passwords.ts';

const leaked = 'correct horse battery staple';
const hash = createHash('sha1').update(leaked).digest('hex').toUpperCase();

type Asked = Parameters<Parameters<typeof createBreachedPasswords>[0]['ask']>;

/** Asks a list that gives these answers. `isLate`: the time is over before it answers. */
const askingOf = (answer: (...asked: Asked) => Promise<Response>, isLate = false) => {
  const asked: { readonly href: string; readonly headers: unknown }[] = [];
  const warnings: object[] = [];
  const isBreached = createBreachedPasswords({
    url: new URL('https://list.example/range/'),
    ask: async (...of) => {
      asked.push({ href: of[0].href, headers: of[1].headers });
      return answer(...of);
    },
    schedule: (_wait, run) => {
      if (isLate) void run();
      return () => {};
    },
    log: { ...silentLog, warn: (event, fields = {}) => void warnings.push({ event, ...fields }) },
  });
  return { isBreached, asked, warnings };
};

const list = (count: number) => async () =>
  new Response([`${'0'.repeat(35)}:7`, `${hash.slice(5).toLowerCase()}:${count}`, ''].join('\r\n'));

test('the list learns five digits of the hash and finds the password', async () => {
  const { isBreached, asked, warnings } = askingOf(list(3));
  expect(await isBreached(leaked)).toBe(true);
  expect(await isBreached('quiet-otter-meadow')).toBe(false);
  expect(asked[0]).toEqual({
    href: `https://list.example/range/${hash.slice(0, 5)}`,
    headers: { 'add-padding': 'true' },
  });
  expect(JSON.stringify(asked)).not.toContain(hash.slice(0, 6));
  expect(warnings).toEqual([]);
});

test('padding is not a finding', async () => {
  expect(await askingOf(list(0)).isBreached(leaked)).toBe(false);
});

test.each<readonly [string, () => Promise<Response>, boolean]>([
  ['does not answer', async () => Promise.reject(new Problem('unreached', 'list.example: connection refused')), false],
  ['refuses', async () => new Response('', { status: 503 }), false],
  ['breaks', async () => Promise.reject(new TypeError('broken')), false],
])('a list that %s accepts the password, with a log line that does not tell its hash', async (_desc, answer) => {
  const { isBreached, warnings } = askingOf(answer);
  expect(await isBreached(leaked)).toBe(false);
  expect(warnings).toMatchObject([{ event: 'breached-passwords.unchecked', host: 'list.example' }]);
  expect(JSON.stringify(warnings)).not.toContain(hash.slice(0, 5));
});

test('a list that is too slow is given up', async () => {
  const { isBreached, warnings } = askingOf(
    async (_address, { signal }) =>
      new Promise((_resolve, reject) => {
        if (signal.aborted) reject(signal.reason as Error);
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    true,
  );
  expect(await isBreached(leaked)).toBe(false);
  expect(warnings).toMatchObject([{ reason: 'no answer within 1500 ms' }]);
});
