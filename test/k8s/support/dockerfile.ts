/**
 * Follows a Dockerfile without a container engine: copies what its COPY lines copy and runs its RUN lines, each stage in a folder of
 * its own. The programs are those of this machine, not those of the base image. Only the forms that ours uses are understood.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Environment } from '../../../src/config/sources.ts';

export interface Instruction {
  /** In capitals, as in the file. */
  readonly name: string;
  /** The arguments on one line. */
  readonly text: string;
}

/** The instructions of a Dockerfile, without comments. */
export const instructionsOf = (dockerfile: string): readonly Instruction[] =>
  dockerfile
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [, name = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: text.trim() };
    });

/**
 * Whether a .dockerignore lets a file into the build: the last pattern that fits the file or a folder above it decides.
 * Understands `*` alone, paths, and `!` before a path. @throws Error for another pattern
 */
export const contextFilter = (ignoreFile: string): ((path: string) => boolean) => {
  const patterns = ignoreFile.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  const strange = patterns.find(pattern => pattern !== '*' && /[*?[\]\\]/.test(pattern));
  if (strange !== undefined) throw new Error(`got the pattern ${strange}, expected a path`);
  return path =>
    patterns.reduce((isIn, pattern) => {
      const at = pattern.replace(/^!/, '');
      const fits = at === '*' || path === at || path.startsWith(`${at}/`);
      return fits ? pattern.startsWith('!') : isIn;
    }, true);
};

/** What a stage has become. */
export interface Stage {
  /** Stands for `/` of the image. */
  readonly folder: string;
  readonly from: string;
  readonly workdir: string;
  readonly user: string;
  /** Values as they are written, with the paths of the image. */
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

interface Places {
  readonly context: string;
  /** An empty folder. Each stage becomes a folder in it. */
  readonly into: string;
  /** The environment of RUN lines. */
  readonly env: Environment;
}

/** Follows the file in `context`; gives the last stage. @throws Error for an instruction that it does not understand */
export const followDockerfile = ({ context, into, env }: Places): Stage => {
  const isInContext = contextFilter(readFileSync(join(context, '.dockerignore'), 'utf8'));
  const args = new Map<string, string>();
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  const copy = (text: string, at: Stage): void => {
    const words = text.split(/\s+/);
    const source = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
    const target = words.pop() ?? '';
    const from = source === undefined ? context : (stages.get(source)?.folder ?? '');
    for (const word of words) {
      const path = join(from, word);
      // A folder is copied by its content, a file into a folder keeps its name.
      const isFile = word !== '.' && target.endsWith('/');
      const to = join(at.folder, at.workdir, target, isFile ? basename(word) : '');
      const isCopied = (each: string) => source !== undefined || mayEnter(relative(context, each), isInContext);
      cpSync(path, to, { recursive: true, filter: isCopied, verbatimSymlinks: true });
    }
  };
  for (const { name, text } of instructionsOf(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    if (name === 'ARG') {
      const [key = '', value = ''] = text.split('=');
      args.set(key, value);
      continue;
    }
    if (name === 'FROM') {
      const [, image = '', alias = 'last'] = /^(\S+)(?: AS (\S+))?$/.exec(text) ?? [];
      const from = image.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => args.get(key) ?? '');
      const folder = join(into, alias);
      mkdirSync(folder);
      stage = { folder, from, workdir: '/', user: 'root', env: {}, entrypoint: [], command: [] };
    } else if (stage === undefined) {
      throw new Error(`got ${name} before FROM`);
    } else {
      stage = follow(name, text, stage, { copy, env });
    }
    stages.set(basename(stage.folder), stage);
  }
  if (stage === undefined) throw new Error('got no FROM');
  return stage;
};

interface Steps {
  readonly copy: (text: string, at: Stage) => void;
  readonly env: Environment;
}

const follow = (name: string, text: string, stage: Stage, { copy, env }: Steps): Stage => {
  switch (name) {
    case 'WORKDIR':
      mkdirSync(join(stage.folder, text), { recursive: true });
      return { ...stage, workdir: text };
    case 'COPY':
      copy(text, stage);
      return stage;
    case 'RUN':
      execFileSync('sh', ['-ec', text], { cwd: join(stage.folder, stage.workdir), env, stdio: 'pipe' });
      return stage;
    case 'ENV':
      return { ...stage, env: { ...stage.env, ...pairsOf(text) } };
    case 'USER':
      return { ...stage, user: text };
    case 'ENTRYPOINT':
      return { ...stage, entrypoint: wordsOf(text) };
    case 'CMD':
      return { ...stage, command: wordsOf(text) };
    case 'EXPOSE':
      return stage;
    default:
      throw new Error(`got ${name}, expected an instruction that this test can follow`);
  }
};

/** Docker walks into an ignored folder that has an exception in it. */
const mayEnter = (path: string, isInContext: (path: string) => boolean): boolean =>
  path === '' || path === 'tools' || isInContext(path);

const pairsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(/\s+/).map((pair): [string, string] => [pair.split('=')[0] ?? '', pair.replace(/^\w+=/, '')]),
  );

/** The exec form, a list in JSON: the shell form needs a shell in the image. @throws SyntaxError for any other */
const wordsOf = (text: string): readonly string[] => JSON.parse(text) as string[];
