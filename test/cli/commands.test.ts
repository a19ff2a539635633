/**
 * Tests the commands as an operator types them: each a process of its own, on one SQLite file. Slow: a start of Node
 * with the drivers takes most of a second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verify } from '@node-rs/argon2';
import { generate } from 'otplib';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import {
  auditEventKind,
  authenticatorKind,
  failedAttemptsKind,
  oidcDocumentKind,
  userKind,
} from '../../src/records.ts';
import { start } from '../support/world/programs.ts';

const password = 'correct horse battery staple';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const sallyport = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  start('cli/index.ts', args, { cwd: folder, env });

const run = async (
  args: readonly string[],
  input: string | Uint8Array = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const { child, said, ended } = sallyport(args, env);
  child.stdin.end(input);
  return { code: await ended, ...said };
};

/** Reads the store from another process. */
const stored = async <T>(look: (durable: ReturnType<typeof openSqliteDurable>) => Promise<T>): Promise<T> => {
  const durable = openSqliteDurable({ file: join(folder, '.sallyport/sallyport.db'), clock: Date.now });
  try {
    return await look(durable);
  } finally {
    await durable.close();
  }
};

const eventsIn = ({ out }: Ran) => [...out.matchAll(/ (user\.\S+) /g)].map(([, event]) => event);

describe('audit', () => {
  test('audit find shows the events of a reference as a person reads it, and says which are deleted by age', async () => {
    await run(['users', 'add', 'Odd', '--display-name', 'Odd', '--no-password']);
    await stored(async durable =>
      durable.collection(auditEventKind).insert({
        id: '1',
        rev: 1,
        at: Date.UTC(2026, 10, 2, 9),
        event: 'challenge.ended',
        actor: 'carrier',
        outcome: 'failure',
        reference: '7G2K01XM',
        facts: { factor: 'call', reason: 'busy' },
      }),
    );
    const retention = 400 * 86_400_000;
    const dayOf = (now: number): string => new Date(now - retention).toISOString().slice(0, 10);
    const before = dayOf(Date.now());
    const found = await run(['audit', 'find', '--reference', '7g2k-oixm']);
    expect(found).toMatchObject({ code: 0, err: '' });
    expect(found.out).toMatch(/^2026-11-02 09:00:00 +challenge\.ended +failure +carrier +factor=call reason=busy$/m);
    const nothing = await run(['audit', 'find', '--reference', 'ZZZZ-ZZZZ']);
    const deleted =
      /^Nothing is recorded about ZZZZ-ZZZZ\.\nRecords from before (\S+) are deleted \(SALLYPORT_AUDIT_RETENTION\)\.\n$/;
    // The run may take place over midnight.
    expect([before, dayOf(Date.now())]).toContain(deleted.exec(nothing.out)?.[1]);
    const forever = { SALLYPORT_AUDIT_RETENTION: 'forever' };
    expect((await run(['audit', 'find', '--user', 'odd'], '', forever)).out).toMatch(
      /user\.added +success +cli[^]*No record is deleted by age\.\n$/,
    );
  });

  test('audit find shows only the events of the named person, the newest first, and as many as are asked for', async () => {
    for (const name of ['eve', 'mallory']) await run(['users', 'add', name, '--display-name', name, '--no-password']);
    await run(['users', 'lock', 'eve']);
    expect(eventsIn(await run(['audit', 'find', '--user', 'EVE']))).toEqual(['user.locked', 'user.added']);
    // The lock and its notice are recorded in the same millisecond, or one after the other.
    const { out } = await run(['audit', 'find', '--user', 'eve', '--limit', '1']);
    expect(out.match(/ (?:user|notice)\.\w+ /g)).toEqual([expect.stringMatching(/ (?:user\.locked|notice\.sent) /)]);
  });
});

test('--version tells the version of the package', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
});

test('a command whose reader has gone ends quietly', async () => {
  const { child, said, ended } = sallyport(['--help']);
  child.stdout.destroy();
  expect([await ended, said.err]).toEqual([0, '']);
});

describe('users', () => {
  test('users are added with a password from standard input, found in any spelling, locked and unlocked', async () => {
    expect(await run(['users', 'add', 'Ada', '--display-name', 'Ada Lovelace'], `${password}\n`)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^Added Ada \([0-9a-f-]{36}\)\.\n$/),
    });
    expect(await run(['users', 'lock', 'ＡＤＡ'])).toMatchObject({ code: 0 });
    expect((await run(['users', 'list'])).out).toMatch(/^Ada +Ada Lovelace +locked \d{4}-\d\d-\d\d +0 /m);
    expect(await run(['users', 'unlock', 'ada', '--reason', 'asked by phone'])).toMatchObject({ code: 0 });
    // As Windows PowerShell pipes it: a byte order mark, then CR LF.
    const piped = '\uFEFFanother password\r\n';
    expect(await run(['users', 'set-password', 'ada', '--temporary'], piped)).toMatchObject({ code: 0, err: '' });
    const [ada] = await stored(async durable => durable.collection(userKind).find({ signInNames: 'ada' }));
    expect(ada?.passwordChangeRequiredAt).toBeDefined();
    expect(ada?.passwordHash).toContain('$argon2id$v=19$m=64,t=1,p=1$');
    expect(await verify(ada?.passwordHash ?? '', 'another password')).toBe(true);
    const events = await stored(async durable => durable.collection(auditEventKind).find({ subject: ada?.id ?? '' }));
    expect(events.map(each => `${each.actor} ${each.event}`).toSorted()).toEqual([
      'cli notice.sent',
      'cli notice.sent',
      'cli notice.sent',
      'cli user.added',
      'cli user.locked',
      'cli user.password-set',
      'cli user.unlocked',
    ]);
    expect(JSON.stringify([ada, events])).not.toContain(password);
  });

  test('a new password is required with a reason, which is audited', async () => {
    await run(['users', 'add', 'kim', '--display-name', 'Kim'], `${password}\n`);
    expect((await run(['users', 'require-password-change', 'kim'])).code).not.toBe(0);
    const [before] = await stored(async durable => durable.collection(userKind).find({ signInNames: 'kim' }));
    expect(before?.passwordChangeRequiredAt).toBeUndefined();
    const reason = ['--reason', 'typed it into a false page'];
    expect(await run(['users', 'require-password-change', 'kim', ...reason])).toMatchObject({ code: 0, err: '' });
    const [kim] = await stored(async durable => durable.collection(userKind).find({ signInNames: 'kim' }));
    expect(kim?.passwordChangeRequiredAt).toBeDefined();
    const events = await stored(async durable => durable.collection(auditEventKind).find({ subject: kim?.id ?? '' }));
    expect(events.find(({ event }) => event === 'user.password-change-required')?.facts).toMatchObject({
      note: 'typed it into a false page',
    });
  });

  test('an e-mail address finds its account, is no name for another one, and is removed', async () => {
    const add = await run([
      'users',
      'add',
      'cy',
      '--display-name',
      ' Cy ',
      '--no-password',
      '--email',
      ' cy@example.com ',
    ]);
    expect(add).toMatchObject({ code: 0, err: '' });
    expect(await run(['users', 'add', 'CY@example.com', '--display-name', 'Eve', '--no-password'])).toMatchObject({
      code: 1,
      err: 'the name "CY@example.com", or one that looks like it, is taken (IDP-1409)\n',
    });
    expect(await run(['users', 'set-email', 'Cy@example.com'])).toMatchObject({
      code: 0,
      out: 'Cy@example.com has no e-mail address.\n',
    });
    const [cy] = await stored(async durable => durable.collection(userKind).find({ signInNames: 'cy' }));
    expect(cy).toMatchObject({ displayName: 'Cy', signInNames: ['cy'] });
  });

  test.each([
    {
      desc: 'a text with two addresses',
      args: ['add', 'eve', '--display-name', 'E', '--no-password', '--email', 'x@y.zz, q@r.ss'],
      input: '',
      code: 1,
      err: 'got the e-mail address "x@y.zz, q@r.ss", expected one address such as ada@example.com',
    },
    {
      desc: 'a display name of two lines',
      args: ['add', 'eve', '--display-name', 'two\nlines', '--no-password'],
      input: '',
      code: 1,
      err: 'expected 1 to 200 characters on one line (IDP-1400)',
    },
    {
      desc: 'a name that is taken',
      args: ['add', 'ADA', '--display-name', 'A'],
      input: password,
      code: 1,
      err: 'IDP-1409',
    },
    {
      desc: 'a password of a megabyte',
      args: ['add', 'eve', '--display-name', 'E'],
      input: 'a'.repeat(1e6),
      code: 1,
      err: 'IDP-1413',
    },
    {
      desc: 'a password in UTF-16',
      args: ['add', 'eve', '--display-name', 'E'],
      input: Buffer.from('\uFEFFanother password\r\n', 'utf16le'),
      code: 1,
      err: 'got a password that is not UTF-8 on standard input, expected UTF-8 (IDP-1400)',
    },
    {
      desc: 'a password made of the name',
      args: ['add', 'eve.dropper', '--display-name', 'E'],
      input: 'EveDropper1\n',
      code: 1,
      err: 'got a password made of the name of its owner or of this service; expected another one (IDP-1400)',
    },
    { desc: 'a missing option', args: ['add', 'eve'], input: '', code: 2, err: '--display-name' },
    {
      desc: 'a password as an argument',
      args: ['set-password', 'ada', password],
      input: '',
      code: 2,
      err: 'too many arguments',
    },
  ])('$desc is refused with $code', async ({ args, input, code, err }) => {
    const ran = await run(['users', ...args], input);
    expect(ran).toMatchObject({ code, out: '', err: expect.stringContaining(err) });
    expect(ran.err).not.toMatch(/\n\s+at /);
  });
});

describe('methods', () => {
  test('an authenticator app is bound by a QR code and a current code, listed, and removed', async () => {
    const adding = sallyport(['methods', 'add', 'totp', 'ada']);
    const [, secret = ''] = await adding.until(/otpauth:\S*[?&]secret=([A-Z2-7]{32})[^]*now: $/);
    adding.child.stdin.write('000000\n');
    adding.child.stdin.end(`${await generate({ secret })}\n`);
    const code = await adding.ended;
    const { out } = adding.said;
    expect(out).toContain('▄');
    expect(out).toContain('Wrong code. Attempts left: 4.');
    expect(code).toBe(0);

    // Fifty wrong codes in a row later.
    await stored(async durable => {
      const records = durable.collection(failedAttemptsKind);
      for (const counted of await records.find({})) await records.replace({ ...counted, count: 50 });
    });
    const listed = await run(['methods', 'list', 'ada']);
    const [, id = ''] = /^totp +Authenticator app +– +– +disabled .* ([0-9a-f-]{36})$/m.exec(listed.out) ?? [];
    const [record] = await stored(async durable => durable.collection(authenticatorKind).find({}));
    expect(record).toMatchObject({ id, type: 'totp' });
    expect(JSON.stringify(record)).not.toContain(secret);

    expect(await run(['methods', 'remove', 'ada', id])).toMatchObject({ code: 0 });
    expect((await run(['methods', 'list', 'ada'])).out).not.toContain('totp');
    expect(await run(['methods', 'remove', 'ada', id])).toMatchObject({
      code: 1,
      err: expect.stringContaining('IDP-1404'),
    });
  });

  test('an app is not bound without a right code', async () => {
    const ran = await run(['methods', 'add', 'totp', 'ada'], '000000\n');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('nothing was changed') });
    expect((await run(['methods', 'list', 'ada'])).out).not.toContain('totp');
  });

  test('a phone is not bound if it cannot be called, and the command says so', async () => {
    expect(await run(['methods', 'add', 'phone', 'ada', '+1 202 555 0143'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing was bound'),
    });
  });
});

describe('clients', () => {
  test('clients are added with a secret that is shown once, listed and removed', async () => {
    const added = await run([
      'clients',
      'add',
      'Contoso',
      '--redirect-uri',
      'http://127.0.0.1:3002/callback',
      '--first-party',
    ]);
    expect(added).toMatchObject({ code: 0, err: '' });
    const [, id = ''] = /^client_id +(\S+)$/m.exec(added.out) ?? [];
    const [, secret = ''] = /^client_secret +(\S{43})$/m.exec(added.out) ?? [];
    expect([id, secret]).not.toContain('');
    const listed = await run(['clients', 'list']);
    expect(listed.out).toContain(`${id}  Contoso  http://127.0.0.1:3002/callback`);
    const [kept] = await stored(async durable => durable.collection(oidcDocumentKind).find({ model: 'Client' }));
    expect(kept?.payload).toMatchObject({
      client_id: id,
      first_party: true,
      token_endpoint_auth_method: 'client_secret_basic',
    });
    expect(listed.out + JSON.stringify(kept)).not.toContain(secret);
    expect(await run(['clients', 'remove', id])).toMatchObject({ code: 0 });
    expect((await run(['clients', 'list'])).out).not.toContain(id);
    expect(await run(['clients', 'remove', id])).toMatchObject({ code: 1 });
  });
});

describe('config', () => {
  test('config check reports all mistakes together and exits with 78', async () => {
    const ran = await run(['config', 'check'], '', {
      SALLYPORT_ISSUER: 'nowhere',
      REDIS_URL: 'canary',
      SALLYPORT_LISTN: 'x',
    });
    expect(ran).toMatchObject({ code: 78, out: '', err: expect.stringContaining('3 mistakes') });
    expect(ran.err).toContain('SALLYPORT_LISTN\n    got       an unknown setting');
    expect(ran.err).not.toContain('canary');
  });
});

test('a command that creates a database says so once', async () => {
  const path = join(folder, 'mistyped', 'sallyport.db');
  const env = { SALLYPORT_DATABASE_URL: `sqlite:${path}` };
  const told = [await run(['users', 'list'], '', env), await run(['users', 'list'], '', env)];
  expect(told.map(({ code, err }) => [code, err])).toEqual([
    [0, `${path} did not exist and was created.\n`],
    [0, ''],
  ]);
});
