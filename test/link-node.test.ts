/** Tests tools/link-node.cjs, which completes the installation of npm 9. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const installed = join('..', `node-${process.platform}-${process.arch}`, 'bin/node');

/** An installation with these links in .bin; gives the link to Node after the tool has run twice. */
const linkAfter = async (links: readonly string[], hasNode: boolean): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-link-'));
  try {
    const bin = join(folder, 'node_modules/.bin');
    await mkdir(join(bin, installed, '..'), { recursive: true });
    await mkdir(bin);
    await mkdir(join(folder, 'tools'));
    await cp(join(import.meta.dirname, '../tools/link-node.cjs'), join(folder, 'tools/link-node.cjs'));
    if (hasNode) await writeFile(join(bin, installed), '');
    for (const target of links) await symlink(target, join(bin, 'node'));
    for (let turn = 0; turn < 2; turn += 1) execFileSync(process.execPath, [join(folder, 'tools/link-node.cjs')]);
    return await readlink(join(bin, 'node')).catch(() => undefined);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('the installed Node is linked where npm has not linked it', async () => {
  expect(await linkAfter([], true)).toBe(installed);
});

test('a link of npm stays, and without an installed Node there is none', async () => {
  expect(await linkAfter([process.execPath], true)).toBe(process.execPath);
  expect(await linkAfter([], false)).toBeUndefined();
});
