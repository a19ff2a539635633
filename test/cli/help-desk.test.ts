/** Tests the commands of a help desk and of hardware tokens, as an operator types them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { userNamed, withServices } from '../../cli/services.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';

let line: CommandLine;
beforeAll(async () => {
  line = await openCommandLine({ SALLYPORT_BREAK_GLASS: 'ADA,nobody', SALLYPORT_REMEMBER_BROWSER: '14d' });
  await line.run('users', 'add', 'Ada', '--display-name', 'Ada', '--no-password');
});
afterAll(() => line.close());

const because = ['--reason', 'lost her\u001b[2J phone'] as const;

test.each([
  ['users', 'pass'],
  ['users', 'unlock'],
  ['users', 'unfreeze'],
  ['users', 'forget-browsers'],
  ['methods', 'reset'],
  ['sessions', 'end'],
] as const)('%s %s needs a reason, and changes nothing without one', async (group, name) => {
  expect(await line.run(group, name, 'ada')).toMatchObject({ code: 2, out: '' });
  expect(await line.run(group, name, 'ada', '--reason', ' \u200b ')).toMatchObject({ code: 1, out: '' });
  const { out } = await line.run('audit', 'find', '--user', 'ada');
  expect(out).not.toMatch(/pass\.made|unlocked|unfrozen|reset|ended/u);
});

test('a pass is shown once, with its time, and the reason stands in the audit without control characters', async () => {
  const made = await line.run('users', 'pass', 'ada', '--minutes', '30', '--start', '2099-01-01T08:00:00Z', ...because);
  expect(made).toMatchObject({ code: 1, err: expect.stringContaining('30 days') });
  const { code, out } = await line.run('users', 'pass', 'ADA', ...because);
  expect(code).toBe(0);
  const [, pass = ''] = /^Temporary access pass of ADA: ([0-9A-Z]{5}-[0-9A-Z]{5})$/mu.exec(out) ?? [];
  expect(pass).not.toBe('');
  const found = (await line.run('audit', 'find', '--user', 'ada')).out;
  expect(found).toMatch(/temporary-pass\.made +success +cli +until=\d+ note=lost her\[2J phone/u);
  expect(found).not.toContain(pass);
});

test('a time without its zone is refused', async () => {
  for (const start of ['2026-12-01T08:00:00', 'tomorrow', '2026-13-01T08:00:00Z']) {
    expect(await line.run('users', 'pass', 'ada', '--start', start, ...because)).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected a time with its zone'),
    });
  }
});

test('a reset prints a pass unless it is told not to', async () => {
  expect((await line.run('methods', 'reset', 'ada', ...because)).out).toContain('Temporary access pass of ada: ');
  const { out } = await line.run('methods', 'reset', 'ada', '--without-pass', ...because);
  expect(out).toContain('by the password alone');
  expect(out).not.toContain('Temporary access pass');
});

test.each([
  ['users', 'forget-browsers', 'Forgot 2 browsers of bea.'],
  ['methods', 'reset', 'bea has no methods'],
  ['sessions', 'end', 'Ended 0 sessions of bea.'],
] as const)('after %s %s no browser of the person is remembered', async (group, name, said) => {
  await line.run('users', 'add', 'bea', '--display-name', 'Bea', '--no-password');
  await withServices(async services => {
    const { id } = await userNamed(services, 'bea');
    await services.authenticators.bind(id, { type: 'phone', label: 'mobile', data: { number: '+12025550143' } });
    const user = await userNamed(services, 'bea');
    for (let count = 0; count < 2; count += 1) await services.rememberedBrowsers.remember(user, { actor: 'cli' });
    expect(await services.rememberedBrowsers.list(user)).toHaveLength(2);
  });
  expect(await line.run(group, name, 'bea', ...because)).toMatchObject({ code: 0, out: expect.stringContaining(said) });
  await withServices(async services => {
    const user = await userNamed(services, 'bea');
    expect(await services.rememberedBrowsers.list(user)).toEqual([]);
  });
  await line.run('users', 'remove', 'bea', '--yes');
});

test('tokens are imported row by row and again, and listed without their secrets', async () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const file = join(process.cwd(), 'tokens.csv');
  const heading = 'upn,serial number,secret key,time interval,manufacturer,model';
  await writeFile(file, `${heading}\nada,1234567,${secret},60,Contoso,Key\nbob,1,${secret},60,Contoso,Key\n`);
  const first = await line.run('tokens', 'import', file);
  expect(first.out).toBe('line 3: upn: no account has the name "bob"\nAdded: 1. Unchanged: 0. Refused: 1.\n');
  expect((await line.run('tokens', 'import', file)).out).toContain('Added: 0. Unchanged: 1. Refused: 1.');
  process.exitCode = 0;
  const { out } = await line.run('tokens', 'list', 'ada', '--json');
  expect(out).toContain('"waiting"');
  expect(out + first.out).not.toContain(secret);
  expect(await line.run('tokens', 'activate', 'ada', '1234567', '000000')).toMatchObject({ code: 1 });
});

test('a file of tokens that cannot be opened is named', async () => {
  expect(await line.run('tokens', 'import', 'missing.csv')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^cannot open "\/.*missing\.csv": ENOENT/),
  });
});

test('config check warns of a name for an emergency that no account has', async () => {
  const { code, out } = await line.run('config', 'check');
  expect(code).toBe(0);
  expect(out).toContain('Warning: no account has the name "nobody" of SALLYPORT_BREAK_GLASS.');
  expect(out).not.toContain('"ADA"');
});
