/** Tests the commands of keys as an operator types them, on a SQLite file. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';

const [old, fresh] = ['2025', '2026-11'].map(id => `${id}:${randomBytes(32).toString('base64')}`);

let commands: CommandLine;
beforeAll(async () => {
  commands = await openCommandLine({ SALLYPORT_SEALING_KEYS: `${old}` });
});
afterAll(() => commands.close());

interface Listed {
  readonly use: string;
  readonly alg: string;
  readonly kid: string;
  readonly state: string;
}
const listed = async (): Promise<readonly Listed[]> =>
  JSON.parse((await commands.run('keys', 'list', '--json')).out) as readonly Listed[];

test('keys rotate publishes a next key of each kind, says when it signs, and changes nothing when repeated', async () => {
  expect((await listed()).map(({ use, alg, state }) => [use, alg, state])).toEqual([
    ['signing', 'ES256', 'current'],
    ['signing', 'RS256', 'current'],
    ['cookie', 'HS256', 'current'],
  ]);
  const { code, out } = await commands.run('keys', 'rotate');
  expect([code, out.match(/signs from \d{4}-\d\d-\d\d \d\d:\d\d UTC\./g)?.length]).toEqual([0, 3]);
  const once = await listed();
  await commands.run('keys', 'rotate');
  expect(await listed()).toEqual(once);
  expect((await commands.run('keys', 'list')).out).toMatch(/signing +ES256 +next +[\w-]{43} .* signs \d{4}-/);
});

test('keys retire removes a next key, and refuses the one that signs', async () => {
  const [current, next] = (await listed()).filter(({ alg }) => alg === 'ES256');
  expect((await commands.run('keys', 'retire', next?.kid ?? '')).out).toContain('is removed');
  const { code, err } = await commands.run('keys', 'retire', current?.kid ?? '');
  expect([code === 0, err]).toEqual([false, expect.stringContaining('signs now: replace it first')]);
  expect((await listed()).filter(({ alg }) => alg === 'ES256')).toHaveLength(1);
});

test.each(['-h0eLplgFtcbx', '-0eLplgFtcbx', '-x'])('keys retire takes %s as an id', async kid => {
  expect((await commands.run('keys', 'retire', kid)).err).toContain(`no key has the id "${kid}"`);
});

test('keys rotate --now leaves no earlier key', async () => {
  const before = new Set((await listed()).map(({ kid }) => kid));
  expect((await commands.run('keys', 'rotate', '--now')).out).toContain('all people sign in again');
  const after = await listed();
  expect(after.map(({ state }) => state)).toEqual(['current', 'current', 'current']);
  expect(after.filter(({ kid }) => before.has(kid))).toEqual([]);
});

test('keys reseal seals by the first key, and keys sealed says what each one still seals', async () => {
  expect((await commands.run('keys', 'sealed')).out).toContain('Not counted since');
  process.env['SALLYPORT_SEALING_KEYS'] = `${fresh},${old}`;
  const { out } = await commands.run('keys', 'reseal');
  expect(out).toMatch(/2026-11 +first +6 +0\n2025 +yes +0 +0/);
  process.env['SALLYPORT_SEALING_KEYS'] = `${fresh}`;
  const sealed: unknown = JSON.parse((await commands.run('keys', 'sealed', '--json')).out);
  expect(sealed).toEqual([{ sealingKey: '2026-11', isFirst: true, isConfigured: true, sealed: 6, unreadable: 0 }]);
  expect(await listed()).toHaveLength(3);
});
