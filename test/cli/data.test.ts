/** Tests `data export | import | verify` and `migrate` as an operator types them, in this process. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { schemaFinding } from '../../cli/check-live/schema.ts';
import { migrations } from '../../src/migrations/steps.ts';
import { auditEventKind, schemaKind, upgradeKind } from '../../src/records.ts';
import { openedIn } from '../support/world/opened-files.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';

const key = `2026:${randomBytes(32).toString('base64')}`;
const last = migrations.length - 1;

let opened: CommandLine;
let line: Pick<CommandLine, 'run'>;
beforeEach(async () => {
  opened = await openCommandLine({ SALLYPORT_DATABASE_URL: 'sqlite:one.db', SALLYPORT_SEALING_KEYS: key });
  line = {
    async run(...args) {
      const ran = await opened.run(...args);
      const code = Number(process.exitCode ?? ran.code);
      process.exitCode = undefined;
      return { ...ran, code };
    },
  };
});
afterEach(() => opened.close());

const addAda = () => line.run('clients', 'add', 'Payroll', '--redirect-uri', 'https://payroll.example.com/callback');
/** Settings of one command. */
const at = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await line.run(...args);
  } finally {
    process.env = before;
  }
};
const second = { SALLYPORT_DATABASE_URL: 'sqlite:two.db' };

test('data of one store are written to a private file, imported into another, and verified', async () => {
  expect(await addAda()).toMatchObject({ code: 0 });
  expect(await line.run('data', 'export', 'all.ndjson')).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^Wrote \d+ documents to all\.ndjson\. Keep it as secret as the database\.\n$/,
    ) as unknown,
  });
  expect((await stat('all.ndjson')).mode & 0o777).toBe(0o600);
  expect(await readFile('all.ndjson', 'utf8')).toContain('"event":"data.exported"');

  const imported = await at(second, 'data', 'import', 'all.ndjson');
  expect(imported).toMatchObject({
    code: 0,
    out: expect.stringContaining('The store has the data of the file.') as unknown,
  });
  expect(await at(second, 'data', 'verify', 'all.ndjson')).toMatchObject({ code: 0 });
  expect((await at(second, 'clients', 'list')).out).toContain('Payroll');
});

test('a store that was changed afterwards differs from the file, and is not filled', async () => {
  await addAda();
  await line.run('data', 'export', 'all.ndjson');
  await addAda();
  const verified = await line.run('data', 'verify', 'all.ndjson');
  expect(verified).toMatchObject({ code: 65, out: expect.stringContaining('foreign: oidc-documents') as unknown });
  expect(await line.run('data', 'import', 'all.ndjson')).toMatchObject({
    code: 1,
    err: expect.stringContaining('expected an empty store') as unknown,
  });
});

test('a directory is no file', async () => {
  const { code, err } = await line.run('data', 'import', '.');
  expect([code, err]).toEqual([1, expect.stringMatching(/^cannot open "\/.*": it is a directory/m)]);
});

test('no file is overwritten, and no database is created by an export', async () => {
  await addAda();
  await writeFile('there.ndjson', 'mine');
  expect(await line.run('data', 'export', 'there.ndjson')).toMatchObject({ code: 1 });
  expect(await readFile('there.ndjson', 'utf8')).toBe('mine');
  expect(await at(second, 'data', 'export', 'new.ndjson')).toMatchObject({
    code: 1,
    err: expect.stringContaining('got no database at two.db') as unknown,
  });
  await expect(stat('two.db')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an import with another sealing key is refused with the key to set, and leaves the store empty', async () => {
  await addAda();
  await line.run('data', 'export', 'all.ndjson');
  const other = { ...second, SALLYPORT_SEALING_KEYS: `other:${randomBytes(32).toString('base64')}` };
  expect(await at(other, 'data', 'import', 'all.ndjson')).toMatchObject({
    code: 1,
    err: expect.stringContaining('got a value sealed by key 2026, expected one of other') as unknown,
  });
  expect(await at(second, 'data', 'import', 'all.ndjson')).toMatchObject({ code: 0 });
});

test('no file stays open, also where it is refused', async () => {
  await addAda();
  await line.run('data', 'export', 'all.ndjson');
  const whole = await readFile('all.ndjson', 'utf8');
  await writeFile('cut.ndjson', whole.slice(0, -9));
  await writeFile('other.ndjson', whole.replace('"issuer":"', '"issuer":"https://other.example'));
  for (const [command, file, code] of [
    ['export', 'all.ndjson', 1],
    ['export', 'more.ndjson', 0],
    ['verify', 'more.ndjson', 0],
    ['import', 'cut.ndjson', 1],
    ['import', 'other.ndjson', 1],
    ['import', 'all.ndjson', 0],
  ] as const) {
    expect(await at(command === 'import' ? second : {}, 'data', command, file)).toMatchObject({ code });
    expect(await openedIn(process.cwd())).toEqual([]);
  }
});

test('migrate says what is pending, runs it, and has no more to do', async () => {
  expect(await schemaFinding()).toMatchObject({ ok: true, got: expect.stringContaining('no database yet') as unknown });
  const pending = await at({ SALLYPORT_MIGRATIONS: 'check' }, 'users', 'list');
  expect(pending).toMatchObject({
    code: 1,
    err: expect.stringContaining(
      `got stored data of schema none, expected ${last}: run "npm run cli -- migrate"`,
    ) as unknown,
  });
  expect(await schemaFinding()).toMatchObject({
    ok: true,
    got: expect.stringContaining('the next start runs') as unknown,
  });
  const dry = await line.run('migrate', '--dry-run');
  expect(dry).toMatchObject({ code: 75 });
  expect(dry.out).toContain('Pending: step 0 sign-in-names (migrate), 0 of 0 documents to change.\n');
  expect(dry.out).toContain(`The store has no schema number. ${migrations.length} step`);

  const ran = await line.run('migrate');
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out).toContain('Step 0 sign-in-names (migrate): 0 documents seen, 0 changed.\n');
  expect(ran.out).toContain(`The store is at schema ${last} (written by release `);
  expect(await line.run('migrate', '--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('No step is pending.') as unknown,
  });
  expect(await at({ SALLYPORT_MIGRATIONS: 'check' }, 'users', 'list')).toMatchObject({ code: 0 });
  expect(await schemaFinding()).toMatchObject({
    ok: true,
    got: expect.stringMatching(/^schema \d+, release /) as unknown,
  });
});

test('a store of a later release is refused with the release to start, by each command', async () => {
  await addAda();
  const durable = openSqliteDurable({ file: 'one.db', clock: Date.now });
  const schemas = durable.collection(schemaKind);
  const schema = await schemas.get('schema');
  if (schema !== undefined) await schemas.replace({ ...schema, finished: 99, readableFrom: 98, release: '9.1.0' });
  const audited = await durable.collection(auditEventKind).find({});
  expect(await durable.collection(upgradeKind).find({})).toHaveLength(1);
  for (const args of [['users', 'list'], ['migrate'], ['migrate', '--dry-run'], ['clients', 'list']]) {
    expect(await line.run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining('start release 9.1.0 or a later one, or restore a backup from before') as unknown,
    });
  }
  expect(await durable.collection(auditEventKind).find({})).toEqual(audited);
  const remedy = expect.stringContaining('start release 9.1.0') as unknown;
  expect(await schemaFinding()).toMatchObject({ about: 'schema', ok: false, got: remedy });
  await durable.close();
});
