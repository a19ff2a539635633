/**
 * Installs clients from their registries into a cache outside of this folder, once per version. Where a registry or a
 * tool is not at hand, the tests are skipped with the reason; CI has all of them, so there it is an error.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type { Millis } from '../../../src/ports/time.ts';

const examples = join(import.meta.dirname, '..');
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sallyport-clients');

/** `path`: of the installed folder. `missing`: the reason why it is absent. */
export type Installed = { readonly path: string } | { readonly missing: string };

interface Recipe {
  /** Files of the example, or of npm/. The exact versions stand in them. They are copied into its folder. */
  readonly files: readonly string[];
  readonly commands: readonly Command[];
}

type Command = readonly [program: string, ...args: string[]];

/** How each installer says that its registry does not answer. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|name resolution|new connection|no such host|dial tcp|Unknown host|Connection refused|Could not resolve|Could not connect|from versions: none/i;

/** Runs a command in a folder. @throws Error with all that it printed, where it fails */
export const run = ([program, ...args]: Command, cwd: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => void (said += text));
    child.once('error', error => reject(new Error(`${program} is not installed here`, { cause: error })));
    child.once('close', code =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`)),
    );
  });

/** The reason to skip tests for this error. @throws any other error, and every error in CI */
const missingBecause = (error: unknown): string => {
  if (!Error.isError(error) || process.env['CI'] !== undefined) throw error;
  const [, program] = /^(\S+) is not installed here$/.exec(error.message) ?? [];
  if (program !== undefined) return error.message;
  if (unreachable.test(error.message)) return `a registry does not answer: ${error.message.split('\n', 1)[0]}`;
  throw error;
};

/** How often a worker looks whether the other one has finished. */
const lookAgain: Millis = 200;

/** Installs into `folder` unless that is done. Workers that need the same wait for the first of them. */
const once = async (folder: string, make: (at: string) => Promise<void>): Promise<void> => {
  const claim = `${folder}.installing`;
  mkdirSync(cache, { recursive: true });
  while (!existsSync(folder)) {
    try {
      writeFileSync(claim, String(process.pid), { flag: 'wx' });
    } catch {
      if (!isAlive(claim)) rmSync(claim, { force: true });
      await pass(lookAgain);
      continue;
    }
    const unfinished = `${folder}.unfinished`;
    try {
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished);
      await make(unfinished);
      renameSync(unfinished, folder);
    } finally {
      rmSync(claim, { force: true });
    }
  }
};

/** Whether the process that is named in this file still runs. */
const isAlive = (claim: string): boolean => {
  try {
    return process.kill(Number(readFileSync(claim, 'utf8')), 0);
  } catch {
    return false;
  }
};

const install = async (name: string, { files, commands }: Recipe): Promise<Installed> => {
  const hash = createHash('sha256').update(JSON.stringify([commands, process.platform, process.arch]));
  for (const file of files) hash.update(readFileSync(join(examples, name, file)));
  const folder = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  try {
    await once(folder, async at => {
      for (const file of files) cpSync(join(examples, name, file), join(at, file));
      for (const command of commands) await run(command, at);
    });
    return { path: folder };
  } catch (error) {
    return { missing: missingBecause(error) };
  }
};

/** The packages of the package.json of a folder, in `node_modules`: by default those that the small programs share. */
export const npmPackages = (folder = 'npm'): Promise<Installed> =>
  install(folder, {
    files: ['package.json', 'package-lock.json'],
    commands: [['npm', 'ci', '--ignore-scripts', '--prefer-offline', '--loglevel=error']],
  });

/** The requirements.txt of an example in an environment of its own, `.venv`. */
export const pythonPackages = (example: string): Promise<Installed> =>
  install(example, {
    files: ['requirements.txt'],
    commands: [
      ['python3', '-m', 'venv', '.venv'],
      // An environment that is moved keeps working by `python -m`.
      [
        '.venv/bin/python',
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--require-hashes',
        '-r',
        'requirements.txt',
      ],
    ],
  });

/** Downloads the modules of an example, so that it can be built without a network. */
export const goModules = (example: string): Promise<Installed> =>
  install(example, { files: ['go.mod', 'go.sum'], commands: [['go', 'mod', 'download']] });

/** Builds the tool of the go.mod of an example, under the name of the example. Takes minutes. */
export const goTool = (example: string, tool: string): Promise<Installed> =>
  install(example, { files: ['go.mod', 'go.sum'], commands: [['go', 'build', '-o', example, tool]] });

/** Builds the Java program of an example with Maven: `target/example.jar`. */
export const mavenProgram = (example: string, ...sources: readonly string[]): Promise<Installed> =>
  install(example, { files: ['pom.xml', ...sources], commands: [['mvn', '--quiet', '--batch-mode', 'package']] });

/** A package of Debian, found by one of its files. Installed where this process may. */
export const debianPackage = async (name: string, file: string): Promise<Installed> => {
  if (existsSync(file)) return { path: file };
  if (process.getuid?.() !== 0) return { missing: `Debian's package ${name} is not installed, and only root can` };
  try {
    await run(['apt-get', 'update', '-qq'], '/');
    await run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', name], '/');
    return { path: file };
  } catch (error) {
    return { missing: missingBecause(error) };
  }
};
