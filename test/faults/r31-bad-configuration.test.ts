/**
 * R31. A server that starts on a bad configuration fails later, in front of people. Or it works with a secret that
 * everybody knows, a store that forgets, or an address that anyone can listen on. So it does not start. It names all
 * wrong settings together, each with its value (never that of a secret) and the expectation. It leaves no file behind.
 *
 * Sixty more rows are in test/config/bad-values.test.ts: issuers, addresses, limits one past their end. A Redis that
 * evicts is in test/faults/r04-redis-evicts.test.ts.
 * Guards: `src/config/reading.ts#readSettings` with `src/config/rules.ts#rules` and `src/config/sources.ts#findText`,
 * `server/main.ts#start`.
 */
import { mkdtemp, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadSettings, type Environment, type Settings } from '../../src/config.ts';
import type { ReadFile } from '../../src/config/sources.ts';
import { errorIn, memory, noFile } from '../support/environments.ts';
import { start, freeNeighbourPorts } from '../support/world/programs.ts';
import { hasRedisServer, startRedis } from '../support/world/redis-server.ts';
import { badSettings, direct, key, typed, type BadSettings } from './support/bad-settings.ts';

type Row = Pick<BadSettings, 'have' | 'base' | 'files'>;
const environmentOf = ({ have, base = memory }: Row): Environment => ({ ...base, ...have });
const readerOf =
  ({ files = {} }: Row): ReadFile =>
  path =>
    files[path] ?? noFile(path);
const load = (row: Row): Settings => loadSettings(environmentOf(row), readerOf(row));
const errorOf = (row: Row): ConfigError => errorIn(environmentOf(row), readerOf(row)) ?? new ConfigError([]);

describe('R31 settings', () => {
  test('R31 the base settings of all rows are accepted', () => {
    expect(load({ have: {} }).mode).toBe('development');
    expect(load({ have: {}, base: direct }).mode).toBe('production');
    expect(load({ have: { SALLYPORT_COUNTRIES: 'DE,FR' } }).mode).toBe('development');
    expect(load({ have: { SALLYPORT_SEALING_KEYS: `${key('a', 1)},${key('b', 2)}` } }).sealingKeys).toHaveLength(2);
    expect(badSettings.length).toBeGreaterThanOrEqual(40);
  });

  test.each(badSettings)(
    'R31 with $reason the settings are refused with the name, the value and the expectation',
    row => {
      const error = errorOf(row);
      expect(error.mistakes.map(({ name }) => name)).toEqual(row.names);
      for (const { got, expected } of error.mistakes) expect([got, expected]).not.toContain('');
      expect(error.message).toContain(row.says ?? 'expected');
      expect(error.message).not.toMatch(/canary|correct horse|0123456789abcdef/);
      // A long value is cut, so that the message fits on a screen.
      expect(error.message.length).toBeLessThan(1000);
    },
  );

  test('R31 all mistakes are reported together, each once', () => {
    // Without the rows of the mode: rules that depend on it cannot be checked while it is wrong.
    const alone = badSettings.filter(
      ({ base, names, have, files }) =>
        base === undefined &&
        !('SALLYPORT_MODE' in have) &&
        names.length === 1 &&
        !files &&
        Object.keys(have).length === 1,
    );
    const first = [...new Map(alone.map(row => [Object.keys(row.have)[0], row])).values()];
    const error = errorOf({ have: Object.assign({}, ...first.map(({ have }) => have)) as Environment });
    const told = error.mistakes.map(({ name }) => name);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toEqual(
      expect.arrayContaining(first.flatMap(({ names }) => names).filter(name => !/SENDS|REFRESH/.test(name))),
    );
    expect(error.message).toContain(`${told.length} mistakes`);
    expect(told.length).toBeGreaterThan(15);
  });
});

describe('R31 the process', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-r31-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const serve = async (env: Readonly<Record<string, string>>) => {
    const { child, ended, said } = start('server/main.ts', [], { cwd: folder, env });
    child.stdin.end();
    return { code: await ended, ...said };
  };

  test('R31 the process exits with 78 on mistakes, names each, prints no secret and creates no file', async () => {
    const { code, out, err } = await serve({
      NODE_ENV: 'production',
      SALLYPORT_ISSUER: 'http://login.example.com',
      SALLYPORT_DATABASE_URL: 'memory:',
      SALLYPORT_SEALING_KEYS: typed('correct horse battery canary 123'),
      SALLYPORT_TWILIO_AUTH_TOKENS: 'canary',
      SALLYPORT_CALLBACK_BASE: 'http://login.example.com',
      REDIS_URL: 'canary',
      SALLYPORT_REDIS_URL: 'redis://:canary@127.0.0.1',
      SALLYPORT_SESSION_IDLE: '25h',
      SALLYPORT_PASSWORD_MEMORY_KIB: '64',
    });
    expect({ code, out }).toEqual({ code: 78, out: '' });
    const named = [...err.matchAll(/^ {2}(\S+)\n {4}got {7}(.+)\n {4}expected {2}(.+)$/gm)].map(
      ([, name = '']) => name,
    );
    expect(named.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'REDIS_URL',
      'SALLYPORT_CALLBACK_BASE',
      'SALLYPORT_DATABASE_URL',
      'SALLYPORT_ISSUER',
      'SALLYPORT_PASSWORD_MEMORY_KIB',
      'SALLYPORT_REDIS_URL',
      'SALLYPORT_SEALING_KEYS',
      'SALLYPORT_SESSION_IDLE',
      'SALLYPORT_TWILIO_ACCOUNT_SID',
      'SALLYPORT_TWILIO_AUTH_TOKENS',
      'SALLYPORT_TWILIO_FROM',
    ]);
    expect(err).not.toMatch(/canary|\n\s+at /);
    expect(await readdir(folder)).toEqual([]);
  });

  test('R31 the process does not start with sealing keys that open no stored value', async () => {
    const port = await freeNeighbourPorts();
    const env = (keys: string) => ({
      SALLYPORT_ISSUER: `http://localhost:${port}`,
      SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'kept.db')}`,
      SALLYPORT_SEALING_KEYS: keys,
    });
    const first = start('server/main.ts', [], { cwd: folder, env: env(key('a', 1)) });
    await first.until(/"event":"server\.listening"/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = await serve(env(key('b', 2)));
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining('(IDP-1501)') });
    expect(second.out).not.toContain('server.listening');
    expect(second.err).not.toContain(key('b', 2).slice(2));
  });

  test('R31 the process does not start with a file that is not a database', async () => {
    const path = join(folder, 'folder.db');
    await mkdir(path);
    await writeFile(join(folder, 'text.db'), 'this is no database, '.repeat(1000));
    for (const file of [path, join(folder, 'text.db')]) {
      const { code, err, out } = await serve({ SALLYPORT_DATABASE_URL: `sqlite:${file}` });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^the database cannot be used: .*\(IDP-1504\)\n$/);
    }
  });

  test('R31 the process does not start with a Redis that evicts or is unreachable', async () => {
    expect(hasRedisServer() || process.env['CI'] !== 'true').toBe(true);
    const server = hasRedisServer() ? await startRedis(['--maxmemory-policy', 'allkeys-lru']) : undefined;
    const url = server?.url ?? 'redis://127.0.0.1:1';
    const evicting = await serve({ SALLYPORT_DATABASE_URL: 'memory:', REDIS_URL: url });
    await server?.stop();
    const nobody = await serve({ SALLYPORT_DATABASE_URL: 'memory:', REDIS_URL: 'redis://:canary@127.0.0.1:1' });
    expect([evicting.code, nobody.code]).toEqual([1, 1]);
    expect(evicting.err).toMatch(server === undefined ? /IDP-1504/ : /allkeys-lru.*expected noeviction.*\(IDP-1504\)/);
    expect(nobody.err).toMatch(/Redis.*\(IDP-1504\)/);
    expect(evicting.out + nobody.out).not.toContain('server.listening');
    expect(nobody.err + nobody.out).not.toContain('canary');
  });
});
