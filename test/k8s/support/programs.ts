/** Finds kustomize, helm and the schemas of Kubernetes, which `npm run k8s` installs. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from '@jest/globals';

const { SALLYPORT_K8S_FOLDER, XDG_CACHE_HOME } = process.env;
const folder = SALLYPORT_K8S_FOLDER ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sallyport/k8s');

/** Runs a program that `npm run k8s` installed, and gives its standard output. @throws Error with what it said */
export const run = (
  program: 'kustomize' | 'helm' | 'python',
  args: readonly string[],
  input = '',
  cwd?: string,
): string => {
  const path = join(folder, program === 'python' ? 'python/bin' : 'bin', program);
  // helm keeps files in HOME, which are not those of this person.
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(path, args, { input, env, cwd, encoding: 'utf8', maxBuffer: 2 ** 25 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
};

/** The search path of a shell in which a test runs the commands of a document. */
export const programPath = [join(folder, 'bin'), process.env['PATH']].join(delimiter);

const isInstalled = ['bin/kustomize', 'bin/helm', 'python/requirements.txt'].every(name =>
  existsSync(join(folder, name)),
);
if (!isInstalled && process.env['CI'] === 'true') throw new Error('CI needs kustomize, helm and schemas: npm run k8s');
if (!isInstalled) console.warn('The objects for Kubernetes are not checked: npm run k8s installs what that needs');

/** `describe` for suites that need these programs. */
export const withPrograms = isInstalled ? describe : describe.skip;
