/**
 * Tests the commands that move and change people: files in and out, what is printed, and exit codes. In this process, on an SQLite
 * file: a process for each command would take a second.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { addUserCommands } from '../../cli/users.ts';
import { isProblem } from '../../src/errors.ts';
import { auditEventKind, userKind, type User } from '../../src/records.ts';
import { capture } from '../support/world/command-line.ts';
import { openedIn } from '../support/world/opened-files.ts';

const bcrypt = '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
let folder = '';
const environment = process.env;
beforeAll(() => {
  process.env = {
    ...environment,
    SALLYPORT_ISSUER: 'http://localhost:3000',
    SALLYPORT_SEALING_KEYS: `k:${randomBytes(32).toString('base64')}`,
  };
});
afterAll(() => {
  process.env = environment;
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-people-'));
  process.env['SALLYPORT_DATABASE_URL'] = `sqlite:${join(folder, 'store.db')}`;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

interface Ran {
  readonly code: number | string | undefined;
  readonly out: string;
  readonly err: string;
}

const run = async (...args: readonly string[]): Promise<Ran> => {
  let [out, err] = ['', ''];
  capture(process.stdout, text => void (out += text));
  capture(process.stderr, text => void (err += text));
  const program = new Command().exitOverride();
  addUserCommands(program);
  let code: number | string | undefined;
  try {
    await program.parseAsync(['users', ...args], { from: 'user' });
    code = process.exitCode ?? undefined;
  } catch (error) {
    if (!isProblem(error)) throw error;
    [code, err] = [1, err + error.message];
  } finally {
    process.exitCode = undefined;
    jest.restoreAllMocks();
  }
  return { code, out, err };
};

const stored = async <T>(look: (durable: ReturnType<typeof openSqliteDurable>) => Promise<T>): Promise<T> => {
  const durable = openSqliteDurable({ file: join(folder, 'store.db'), clock: Date.now });
  try {
    return await look(durable);
  } finally {
    await durable.close();
  }
};
const userOf = (name: string): Promise<User | undefined> =>
  stored(async durable => (await durable.collection(userKind).find({ signInNames: name }))[0]);
const events = (event: string) => stored(durable => durable.collection(auditEventKind).find({ event }));
const fileOf = async (text: string | Uint8Array, name = 'people.csv'): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

describe('users import', () => {
  test('adds people, reports each mistake with its line, and exits with 65 where there is one', async () => {
    const good = `name,display_name,password_hash,totp\nada,Ada,${bcrypt},${secret}\n`;
    const file = await fileOf(`${good}b ad,\u001B[31mRed,hunter2hunter2,\n`);
    const dry = await run('import', '--dry-run', file);
    expect(dry.out).toMatch(/^To add: 1\. Unchanged: 0\. Different: 0\. Refused: 1\.$/m);
    expect(await userOf('ada')).toBeUndefined();
    const first = await run('import', file);
    expect(first.code).toBe(65);
    expect(first.out).toMatch(/^line 3, name: got "b ad", expected letters/m);
    expect(first.out).toMatch(/^line 3, display_name: got "\\u001b\[31mRed"/m);
    expect(first.out).toMatch(/^line 3, password_hash: got no hash that is known here/m);
    expect(first.out).toMatch(/^Added: 1\. Unchanged: 0\. Different: 0\. Refused: 1\.\n1 of the added have a hash/m);
    expect(first.out + first.err).not.toMatch(/hunter2|GEZDG|CCCCC/);
    expect(await run('import', await fileOf(good))).toMatchObject({
      code: undefined,
      out: expect.stringContaining('Unchanged: 1.'),
    });
  });

  test('--json prints one object for each mistake and difference, and the result', async () => {
    await run('import', await fileOf('name,display_name\nada,Ada\n'));
    const { out, code } = await run('import', '--json', await fileOf('name,display_name\nada,Other\nb b,\ngrace,\n'));
    expect(code).toBe(65);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map(each => JSON.parse(each) as unknown),
    ).toEqual([
      { mistake: { line: 3, member: 'name', message: expect.stringMatching(/^got "b b"/) } },
      { different: { line: 2, name: 'ada', members: ['display_name'] } },
      { result: { added: 1, unchanged: 0, different: 1, refused: 1, weak: 0 } },
    ]);
    // CSI as one character, and a mark that turns the direction.
    const hostile = await run('import', '--json', await fileOf('name\nb\u009B2J \u202Eb\n'));
    expect(hostile.out).toMatch(/^\{"mistake":.*b\\u009b2J \\u202eb/);
    expect(hostile.out).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)/u);
  });

  test('refuses a file with an unknown column before it adds anybody, unless told to leave it out', async () => {
    const file = await fileOf('name,password\nada,secret\n');
    expect(await run('import', file)).toMatchObject({
      code: 1,
      err: expect.stringContaining('got "password", expected name'),
    });
    expect(await userOf('ada')).toBeUndefined();
    expect(await run('import', join(folder, 'absent.csv'))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^cannot open ".*absent\.csv": ENOENT/),
    });
    expect(await run('import', '--ignore-unknown', file)).toMatchObject({ code: undefined });
  });
});

test('each command closes its file, also where it refuses the file or reads a part of it', async () => {
  const output = join(folder, 'out.csv');
  const files: readonly (readonly [text: string | Uint8Array, code: number | undefined])[] = [
    ['name\nada\n', undefined],
    ['name,unknown\nada,\n', 1],
    ['[{"name":"ada"}]', 1],
    ['\n', 1],
    [Uint8Array.of(0xff), 1],
    [`{"name":"ada"}\n${'{"name":"b b"}\n'.repeat(20_000)}`, 65],
  ];
  for (const [text, code] of files) {
    expect(await run('import', '--dry-run', await fileOf(text))).toMatchObject({ code });
    expect(await openedIn(folder)).toEqual([]);
  }
  for (const code of [undefined, 1]) {
    expect(await run('export', '--output', output)).toMatchObject({ code });
    expect(await openedIn(folder)).toEqual([]);
  }
});

describe('users export', () => {
  test('writes what import reads; secrets only where they are asked for; audited', async () => {
    await run('import', await fileOf(`name,password_hash,totp,phones\nada,${bcrypt},${secret},+12025550143\n`));
    const plain = await run('export');
    expect(plain.out).toBe(
      'name,display_name,email,email_verified,language,zoneinfo,groups,locked,phones\r\nada,ada,,,,,,,mobile: +12025550143\r\n',
    );
    const full = await run('export', '--format', 'jsonl', '--with-secrets');
    expect(JSON.parse(full.out)).toEqual({
      name: 'ada',
      display_name: 'ada',
      phones: ['mobile: +12025550143'],
      password_hash: bcrypt,
      totp: [expect.stringMatching(new RegExp(`^otpauth://totp/localhost:ada\\?.*secret=${secret}`))],
    });
    expect((await events('users.exported')).map(({ facts }) => facts['reason'])).toEqual(['plain', 'with-secrets']);
  });

  test('writes a new file for its owner alone, and replaces none', async () => {
    await run('import', await fileOf('name\nada\n'));
    const output = join(folder, 'out.csv');
    await run('export', '--with-secrets', '--output', output);
    expect((await stat(output)).mode & 0o777).toBe(0o600);
    expect(await readFile(output, 'utf8')).toContain('\r\nada,ada,');
    expect(await run('export', '--output', output)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^cannot open ".*out\.csv": EEXIST/),
    });
  });

  test('shows no secret on a terminal', async () => {
    await run('import', await fileOf(`name,password_hash\nada,${bcrypt}\n`));
    const was = process.stdout.isTTY;
    process.stdout.isTTY = true;
    const refused = await run('export', '--with-secrets');
    process.stdout.isTTY = was;
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('got a terminal') });
    expect(await events('users.exported')).toEqual([]);
  });
});

describe('users set', () => {
  test('changes and removes members, trims them, and keeps the rest', async () => {
    await run('import', await fileOf('name;email;language;groups\nada;a@example.com;de;staff,x|y\ngrace;;;\n'));
    const changed = await run(
      'set',
      'ADA',
      '--display-name',
      ' Countess ',
      '--email',
      ' b@example.com ',
      '--email-verified',
      '--no-language',
      '--zoneinfo',
      'europe/berlin',
      '--add-group',
      'admins',
      '--remove-group',
      'none',
    );
    expect(changed).toMatchObject({ code: undefined, out: 'Changed ADA.\n' });
    const ada = await userOf('b@example.com');
    expect(ada).toMatchObject({
      name: 'ada',
      displayName: 'Countess',
      email: 'b@example.com',
      emailVerified: true,
      zoneinfo: 'Europe/Berlin',
      groups: ['admins', 'staff,x|y'],
    });
    expect(ada?.language).toBeUndefined();
    await run('set', 'ada', '--no-email-verified', '--remove-group', 'admins', 'staff,x|y');
    expect(await userOf('ada')).toMatchObject({ email: 'b@example.com', emailVerified: false });
    expect((await userOf('ada'))?.groups).toBeUndefined();
    await run('set', 'ada', '--no-email');
    expect(await userOf('b@example.com')).toBeUndefined();
  });

  test.each([
    [['--email', 'nobody'], 'expected one address'],
    [['--display-name', ' '], 'expected 1 to 200 characters'],
    [['--language', 'no language'], 'BCP 47'],
    [['--zoneinfo', '+01:00'], 'IANA'],
    [['--add-group', 'a\nb'], 'expected at most 200 names'],
    [['--email', 'grace'], 'expected one address'],
    [['--email', 'g@example.com'], 'is taken'],
    [['--email-verified'], 'without an e-mail address'],
    [[], 'got no option'],
  ])('%j is refused, and nothing is changed', async (flags, message) => {
    await run('import', await fileOf('name,email\nada,\ngrace,g@example.com\n'));
    const was = await userOf('ada');
    const refused = await run('set', 'ada', ...flags, ...(flags[0] === '--email' ? ['--zoneinfo', 'Asia/Tokyo'] : []));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(message) });
    expect(await userOf('ada')).toEqual(was);
  });
});

/** Answers the questions of a command. */
const withInput = async (text: string, work: () => Promise<Ran>): Promise<Ran> => {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin');
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([Buffer.from(text)]) });
  try {
    return await work();
  } finally {
    if (real !== undefined) Object.defineProperty(process, 'stdin', real);
  }
};

test('users remove asks for the name, and removes nobody where another one is typed', async () => {
  await withInput('name\nada\n', () => run('import', '-'));
  const other = await withInput('grace\n', () => run('remove', 'ADA'));
  expect(other).toMatchObject({ code: 1, err: expect.stringContaining('got another name; nothing was removed') });
  expect(await userOf('ada')).toMatchObject({ name: 'ada' });
  expect((await userOf('ada'))?.lockedAt).toBeUndefined();
  expect(await withInput('', () => run('remove', 'ADA'))).toMatchObject({ code: 1 });
  const same = await withInput('ada\n', () => run('remove', 'ADA'));
  expect(same.out).toMatch(/Type the name ada to remove it: Removed ada \(/);
  expect(await userOf('ada')).toBeUndefined();
});

test('users remove --yes removes an account, and frees its name and address', async () => {
  const file = await fileOf(`name,email,totp\nada,a@example.com,${secret}\n`);
  await run('import', file);
  const was = await userOf('ada');
  expect(await run('remove', 'a@example.com', '--yes')).toMatchObject({ out: `Removed ada (${was?.id}).\n` });
  expect(await run('remove', 'ada', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('no account') });
  expect(await run('import', file)).toMatchObject({ code: undefined, out: expect.stringContaining('Added: 1.') });
  expect((await userOf('ada'))?.id).not.toBe(was?.id);
});
