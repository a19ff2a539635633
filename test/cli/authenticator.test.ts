/** Tests `authenticator rotate-key` as an operator types it, in this process, on a SQLite file beside a running server. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAuthenticatorCommands } from '../../cli/authenticator.ts';
import { withServices } from '../../cli/services.ts';
import { thumbprintOf } from '../support/phone/jwt.ts';
import { followKeys } from '../support/phone/signed-requests.ts';

const usual = { ...process.env };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  Object.assign(process.env, {
    SALLYPORT_MODE: 'development',
    SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'store.db')}`,
  });
});
afterAll(async () => {
  process.env = usual;
  await rm(folder, { recursive: true });
});

/** What a command prints. */
const run = async (...args: readonly string[]): Promise<string> => {
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(text => printed.push(String(text)) > 0);
  try {
    const program = new Command().exitOverride();
    addAuthenticatorCommands(program);
    await program.parseAsync(['authenticator', ...args], { from: 'user' });
    return printed.join('');
  } finally {
    write.mockRestore();
  }
};

test('authenticator rotate-key replaces the key of requests, and a phone that was paired before follows', async () => {
  const before = await withServices(async ({ pushKeys }) => pushKeys.published());
  const printed = await run('rotate-key');
  const { published, current } = await withServices(async ({ pushKeys }) => ({
    published: await pushKeys.published(),
    current: (await pushKeys.current()).kid,
  }));
  expect(printed).toContain(current);
  const followed = followKeys(published, thumbprintOf(before.first)).map(thumbprintOf);
  expect(followed).toEqual([thumbprintOf(before.first), current]);
});
