/** Tests log lines: one line of JSON each, without secrets and without control characters. */
import { describe, expect, test } from '@jest/globals';
import { Problem } from '../src/errors.ts';
import { createLog, silentLog, type Log } from '../src/log.ts';
import { maskNumber } from '../src/masking.ts';

const logged = (write: (log: Log) => void, level: 'debug' | 'info' = 'debug'): readonly string[] => {
  const lines: string[] = [];
  write(createLog({ level, write: line => lines.push(line) }));
  return lines;
};
const canary = 'canary-7c1f';

describe('a log line', () => {
  test('is one JSON object with time, level, event and fields', () => {
    const [line = ''] = logged(log => log.info('challenge.begun', { factor: 'call', count: 2 }));
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      event: 'challenge.begun',
      factor: 'call',
      count: 2,
    });
  });

  test('has times as ISO 8601, and null for one that is out of range', () => {
    const [line = ''] = logged(log => log.warn('outbox.retry', { again: new Date(0), never: new Date(NaN) }));
    expect(JSON.parse(line)).toMatchObject({ again: '1970-01-01T00:00:00.000Z', never: null });
  });

  test('carries the fields of its child log', () => {
    const [line = ''] = logged(log => log.child({ reference: 'AB12CD34' }).warn('factor.waits', { count: 3 }));
    expect(JSON.parse(line)).toMatchObject({ reference: 'AB12CD34', count: 3, level: 'warn' });
  });

  test('is not written below the log level', () => {
    expect(logged(log => log.debug('noise'), 'info')).toEqual([]);
    expect(silentLog.child({}).error('nothing')).toBeUndefined();
  });

  test.each([
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['an escape', '\u001B[2J'],
    ['a C1 control', '\u009B2J'],
    ['a next line', '\u0085'],
    ['a line separator', '\u2028'],
    ['a paragraph separator', '\u2029'],
    ['a right-to-left override', '\u202E'],
    ['a zero-width space', '\u200B'],
  ])('cannot be broken by %s', (_, character) => {
    const [line = ''] = logged(log => log.info(`e${character}v`, { [`n${character}`]: `a${character}b` }));
    // oxlint-disable-next-line no-control-regex
    expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u200B\u2028\u2029\u202E]/);
    expect(JSON.parse(line)).toMatchObject({ event: `e${character}v`, [`n${character}`]: `a${character}b` });
  });
});

describe('a secret is not logged', () => {
  test.each([
    'password',
    'newPassword',
    'new_password',
    'passwordHash',
    'secret',
    'client_secret',
    'token',
    'access_token',
    'authTokens',
    'code',
    'otp',
    'Digits',
    'keys',
    'seed',
    'cookie',
    'Set-Cookie',
    'authorization',
    'Authorization',
    'code_verifier',
    'client_assertion',
    'user_code',
    'sealed',
    'sealingKeys',
    'd',
    'k',
    'pin',
    'answer',
  ])('under the member %s, at any depth', name => {
    const lines = logged(log => {
      log.info('top', { [name]: canary });
      log.child({ [name]: canary }).info('child');
      log.error('deep', { request: { headers: [{ [name]: { value: canary } }] } });
    });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(canary);
    expect(lines.join('').match(/\[hidden\]/g)).toHaveLength(3);
  });

  test('as the query of a URL or as bytes', () => {
    const lines = logged(log =>
      log.info('seen', { url: new URL(`http://localhost/cb?code=${canary}`), body: Buffer.from(canary) }),
    );
    expect(lines.join('')).not.toContain(canary);
    expect(lines.join('')).toContain('http://localhost/cb');
  });

  test('in a deeply nested or circular value', () => {
    const loop: { self?: unknown; secret: string } = { secret: canary };
    loop.self = loop;
    expect(logged(log => log.info('loop', { loop })).join('')).not.toContain(canary);
  });
});

describe('a telephone number', () => {
  test.each([
    { have: '+4915112345642', expect: '+49 ••• 42' },
    { have: '+12025550123', expect: '+1 ••• 23' },
    { have: '+1 (202) 555-0123', expect: '+1 ••• 23' },
    { have: '%2B12025550123', expect: '+1 ••• 23' },
    { have: '+358401234567', expect: '+358 ••• 67' },
    { have: '+79161234567', expect: '+7 ••• 67' },
  ])('$have is masked to $expect', ({ have, expect: masked }) => {
    expect(maskNumber(have)).toBe(masked);
    const [line = ''] = logged(log =>
      log.info(`calling ${have}`, { to: have, text: `to ${have}.`, error: new Error(`bad number ${have}`) }),
    );
    expect(line).not.toContain(have);
    expect(JSON.parse(line)).toMatchObject({ to: masked, text: `to ${masked}.`, event: `calling ${masked}` });
  });

  test('is not found in a timestamp with a zone', () => {
    expect(logged(log => log.info('at', { at: '2026-11-22T10:00:00+0100' })).join('')).toContain('10:00:00+0100');
  });
});

test('an error is logged with its code, label, cause and stack', () => {
  const [line = ''] = logged(log =>
    log.error('failed', { error: new Problem('unavailable', 'no store', { cause: new Error('refused') }) }),
  );
  expect(JSON.parse(line)).toMatchObject({
    error: {
      name: 'Problem',
      problem: 'unavailable',
      label: 'IDP-1504',
      message: 'no store',
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'refused' },
    },
  });
});
