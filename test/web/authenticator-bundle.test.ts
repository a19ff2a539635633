/**
 * Tests how the server gets the authenticator: from the file of `npm run build`, without a compiler and without its process, else by
 * bundling it. Each start is a process of its own, in a copy of the sources.
 */
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const packages = ['esbuild', 'jose', 'preact', 'qr'];

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'sallyport-bundle-'));
  for (const path of ['package.json', 'tsconfig.json', 'src', 'web', 'tools/build.ts'])
    await cp(join(root, path), join(copy, path), { recursive: true });
  await rm(join(copy, 'web/built'), { recursive: true, force: true });
  await mkdir(join(copy, 'node_modules'));
  for (const name of packages) await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  await writeFile(join(copy, 'start.ts'), start);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** Loads the app as the server does, and tells its files and the processes that are left. */
const start = `
import { execFileSync } from 'node:child_process';
import { authenticatorApp } from './web/authenticator-bundle.ts';
const { script, files } = await authenticatorApp();
const children = () =>
  execFileSync('ps', ['-A', '-o', 'ppid=,comm='], { encoding: 'utf8' })
    .split('\\n')
    .map(each => each.trim().split(/\\s+/u))
    .filter(([parent, name]) => parent === String(process.pid) && name !== 'ps')
    .map(([, name]) => name);
// A process that was told to end takes a moment.
for (let turn = 0; turn < 500 && children().length > 0; turn += 1) await new Promise(done => setTimeout(done, 20));
const { identity, br, gzip } = files.get(script).codings;
const [text, ...compressed] = [identity, br, gzip].map(({ body }) => body.toString('base64'));
process.stdout.write(JSON.stringify({ script, paths: [...files.keys()], text, compressed, processes: children() }));
`;

interface Started {
  readonly script: string;
  readonly paths: readonly string[];
  readonly text: string;
  readonly compressed: readonly [string, string];
  readonly processes: readonly string[];
}

const run = async (file: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: copy, maxBuffer: 10_000_000 });
  return stdout;
};
const startServer = async (): Promise<Started> => JSON.parse(await run('start.ts')) as Started;
const compiler = (): string => join(copy, 'node_modules/esbuild');

test('a start without the built file bundles the app, and leaves no process of the compiler', async () => {
  const { script, processes } = await startServer();
  expect(script).toMatch(/^\/authenticator\/assets\/app-\w+\.js$/);
  expect(processes).toEqual([]);
});

test('a start with the built file serves the same app without the compiler; sources that have changed are bundled anew', async () => {
  const before = await startServer();
  expect(await run('tools/build.ts')).toContain('web/built/authenticator.json');
  await rm(compiler());
  const built = await startServer();
  expect(built).toEqual(before);
  const text = Buffer.from(built.text, 'base64');
  const [br, gzip] = built.compressed.map(each => Buffer.from(each, 'base64'));
  expect(brotliDecompressSync(br ?? '').equals(text)).toBe(true);
  expect(gunzipSync(gzip ?? '').equals(text)).toBe(true);

  await appendFile(join(copy, 'web/client/authenticator/main.ts'), '\ndocument.title = "changed";\n');
  await expect(startServer()).rejects.toThrow(/esbuild/);
  await symlink(join(root, 'node_modules/esbuild'), compiler());
  const changed = await startServer();
  expect(changed.script).not.toBe(built.script);
  expect(Buffer.from(changed.text, 'base64').toString()).toContain('changed');
});

test('what pages load is the same from the built file, which is not used where a source has changed', async () => {
  const listing = `
import { assets } from './web/assets.ts';
process.stdout.write(JSON.stringify([...assets].map(([path, { type, codings }]) => [path, type, codings.br.body.toString('base64')])));
`;
  await writeFile(join(copy, 'list.ts'), listing);
  const builtAssets = join(copy, 'web/built/assets.json');
  await rm(builtAssets, { force: true });
  const made = await run('list.ts');
  expect(await run('tools/build.ts')).toContain('web/built/assets.json');
  expect(await run('list.ts')).toBe(made);

  // Marked, so that it shows which one is served.
  const marked = (await readFile(builtAssets, 'utf8')).replace('"text":":root', '"text":"/*built*/:root');
  await writeFile(builtAssets, marked);
  expect(await run('list.ts')).not.toBe(made);
  await appendFile(join(copy, 'web/client/code.ts'), '\n');
  expect(await run('list.ts')).toBe(made);
});
