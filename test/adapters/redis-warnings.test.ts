/** Tests that an outage of Redis does not fill the log with the same line. */
import { expect, test } from '@jest/globals';
import { withoutRepeats } from '../../adapters/redis/repeated-warnings.ts';

test('the same warning is logged once in ten seconds, another one at once', () => {
  const time = { now: 1_000_000 };
  const logged: unknown[] = [];
  const warn = withoutRepeats(
    (event, fields) => void logged.push([event, fields]),
    () => time.now,
  );
  const refused = ['redis.connection-failed', { reason: 'ECONNREFUSED' }] as const;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    warn(...refused);
    time.now += 500;
  }
  expect(logged).toEqual([refused, refused]);
  warn('redis.connection-failed', { reason: 'EHOSTUNREACH' });
  expect(logged).toHaveLength(3);
  time.now -= 60_000;
  warn(...refused);
  expect(logged).toHaveLength(4);
});
