/** Tests the commands of the outbox as an operator types them, in this process, on a SQLite file beside a running server. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { addOutboxCommands } from '../../cli/outbox.ts';
import { auditEventKind, outboxKind, type OutboxMessage } from '../../src/records.ts';

const usual = { ...process.env };
let folder: string;
let durable: ReturnType<typeof openSqliteDurable>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const file = join(folder, 'store.db');
  durable = openSqliteDurable({ file, clock: Date.now });
  Object.assign(process.env, { SALLYPORT_MODE: 'development', SALLYPORT_DATABASE_URL: `sqlite:${file}` });
});
afterAll(async () => {
  process.env = usual;
  await durable.close();
  await rm(folder, { recursive: true });
});

/** What a command prints. */
const run = async (...args: readonly string[]): Promise<string> => {
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(text => printed.push(String(text)) > 0);
  try {
    const program = new Command().exitOverride();
    addOutboxCommands(program);
    await program.parseAsync(['outbox', ...args], { from: 'user' });
    return printed.join('');
  } finally {
    write.mockRestore();
  }
};

const now = Date.now();
const message = (id: string, state: OutboxMessage['state']): OutboxMessage => ({
  id,
  rev: 1,
  kind: 'backchannel-logout',
  recipient: 'client:crm',
  subject: 'ada',
  state,
  sealed: 'sealed data',
  createdAt: now,
  attempts: 3,
  dueAt: now,
  giveUpAt: now,
  lastError: 'https://crm.example: connection refused',
  ...(state === 'given-up' && { expiresAt: now + 86_400_000 }),
});
const stored = (id: string): Promise<OutboxMessage | undefined> => durable.collection(outboxKind).get(id);

test('outbox list, retry and remove show and change what is stored, and each change is audited', async () => {
  expect(await run('list', '--json')).toBe('[]\n');
  await durable.collection(outboxKind).insertMany([message('m1', 'waiting'), message('m2', 'given-up')]);
  const listed = await run('list');
  expect(listed).toMatch(/^ID +KIND +TO +STATE/);
  expect(listed).toMatch(/m1 +backchannel-logout +client:crm +waiting +3 .*crm.example: connection refused/);
  const [given, ...others] = JSON.parse(await run('list', '--given-up', '--json')) as object[];
  expect([given, others]).toEqual([
    {
      id: 'm2',
      kind: 'backchannel-logout',
      recipient: 'client:crm',
      subject: 'ada',
      state: 'given-up',
      attempts: 3,
      added: new Date(now).toISOString(),
      lastError: 'https://crm.example: connection refused',
    },
    [],
  ]);

  expect(await run('retry', '--given-up')).toBe('1 to be tried now.\n');
  const retried = await stored('m2');
  expect(retried).toMatchObject({ state: 'waiting', giveUpAt: expect.any(Number) });
  expect([retried?.expiresAt, (retried?.giveUpAt ?? 0) - now > 86_000_000]).toEqual([undefined, true]);
  expect(await run('retry', 'm1')).toBe('1 to be tried now.\n');
  expect(await run('remove', 'm1')).toBe('Removed.\n');
  expect(await stored('m1')).toBeUndefined();
  const events = await durable.collection(auditEventKind).find({});
  expect(events.map(({ event, actor, facts }) => `${event} ${actor} ${facts['recipient']}`)).toEqual([
    'message.retried cli client:crm',
    'message.retried cli client:crm',
    'message.removed cli client:crm',
  ]);
});

test('outbox retry and remove refuse an unknown message, and retry without one', async () => {
  const unknown = expect.objectContaining({ code: 'not-found' });
  await expect(run('retry', 'none')).rejects.toEqual(unknown);
  await expect(run('remove', 'none')).rejects.toEqual(unknown);
  await expect(run('retry')).rejects.toEqual(expect.objectContaining({ code: 'bad-request' }));
});
