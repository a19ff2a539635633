/** Runs `config check` as a container would: with settings of a manifest, and its secrets in files. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { start } from '../../support/world/programs.ts';

/** What the Secret of docs/kubernetes.md holds, with values of the right form. */
const secret: Readonly<Record<string, string>> = {
  'sealing-keys': `2026-11:${randomBytes(32).toString('base64')}`,
  'database-url':
    'mongodb://login:secret@mongodb-0.example.com,mongodb-1.example.com/sallyport?replicaSet=rs0&tls=true',
  'redis-url': 'rediss-sentinel://:secret@redis-0.example.com,redis-1.example.com,redis-2.example.com#main',
};

/** What the command says of the settings. Paths below /run/secrets lead to files of a test. */
export const configCheck = async (settings: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-settings-'));
  try {
    await Promise.all(Object.entries(secret).map(([key, value]) => writeFile(join(folder, key), value)));
    const at = (value: string): string => (value.startsWith('/run/secrets/') ? join(folder, basename(value)) : value);
    const env = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, at(value)]));
    // Not the cost of a hash in tests, which production refuses.
    const unset = { SALLYPORT_PASSWORD_MEMORY_KIB: '', SALLYPORT_PASSWORD_PASSES: '' };
    const command = start('cli/index.ts', ['config', 'check'], {
      cwd: folder,
      env: { ...unset, ...env, NODE_ENV: 'production' },
    });
    await command.ended;
    return command.said.out + command.said.err;
  } finally {
    await rm(folder, { recursive: true });
  }
};
