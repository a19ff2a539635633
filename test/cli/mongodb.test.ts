/** Tests the commands as an operator types them, on MongoDB: accounts, clients, keys, migrations, moving data, and the audit. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { migrations } from '../../src/migrations/steps.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';
import { canRunMongod, startMongod, type MongodSet } from '../support/world/mongod.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';

const suite = canRunMongod('the command line on MongoDB') ? describe : describe.skip;

suite('the command line on MongoDB', () => {
  let server: MongodSet;
  let redis: RedisServer;
  let commands: CommandLine;
  beforeAll(async () => {
    server = await startMongod();
    redis = await startRedis();
    commands = await openCommandLine({
      SALLYPORT_DATABASE_URL: server.url,
      // Its host is in the names of collections.
      SALLYPORT_ISSUER: 'http://[::1]:3000',
      SALLYPORT_SEALING_KEYS: `2026:${randomBytes(32).toString('base64')}`,
      SALLYPORT_PROXY_HOPS: '0',
      REDIS_URL: redis.url,
    });
  });
  afterAll(async () => {
    await commands.close();
    await redis.stop();
    await server.stop();
  });

  /** The output of a command that succeeds. */
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await commands.run(...args);
    expect([args[0], args[1], code, err]).toEqual([args[0], args[1], 0, '']);
    return out;
  };
  const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await done(...args, '--json'));

  test('accounts are added, found, locked and unlocked, and a name is given once', async () => {
    await done('users', 'add', 'ada', '--display-name', 'Ada', '--email', 'ada@example.com', '--no-password');
    const again = await commands.run('users', 'add', 'ADA', '--display-name', 'Another', '--no-password');
    expect([again.code === 0, again.err]).toEqual([false, expect.stringContaining('ADA')]);
    await done('users', 'lock', 'ada@example.com');
    expect(await json('users', 'list')).toEqual([
      expect.objectContaining({ name: 'ada', lockedAt: expect.any(String) }),
    ]);
    await done('users', 'unlock', 'ada', '--reason', 'found again');
    expect(await json('users', 'list')).toEqual([expect.not.objectContaining({ lockedAt: expect.anything() })]);
  });

  test('clients are added, changed and removed', async () => {
    await done(
      'clients',
      'add',
      'Payroll',
      '--id',
      'payroll',
      '--redirect-uri',
      'https://payroll.example.com/callback',
    );
    await done('clients', 'set', 'payroll', '--pkce', 'required');
    expect(await done('clients', 'list')).toContain('Payroll');
    await done('clients', 'remove', 'payroll');
    expect(await done('clients', 'list')).not.toContain('Payroll');
  });

  test('keys are listed and replaced', async () => {
    await done('keys', 'rotate');
    const states = ((await json('keys', 'list')) as readonly { readonly state: string }[]).map(({ state }) => state);
    expect(states.filter(state => state === 'next')).toHaveLength(3);
  });

  test('the schema is that of this release', async () => {
    expect(await done('migrate', '--dry-run')).toContain(String(migrations.length - 1));
  });

  test('all data move to SQLite and are verified there', async () => {
    await done('data', 'export', 'all.ndjson');
    process.env['SALLYPORT_DATABASE_URL'] = 'sqlite:moved.db';
    try {
      const imported = await commands.run('data', 'import', 'all.ndjson');
      expect([imported.code, imported.out]).toEqual([
        0,
        expect.stringContaining('The store has the data of the file.'),
      ]);
      expect(await json('users', 'list')).toEqual([expect.objectContaining({ name: 'ada' })]);
    } finally {
      process.env['SALLYPORT_DATABASE_URL'] = server.url;
    }
  });

  test('the audit has what was done, newest first', async () => {
    const events = await done('audit', 'find', '--user', 'ada');
    expect(events).toMatch(/user\.unlocked[^]*user\.locked[^]*user\.added/);
  });
});
