/**
 * Keeps what `npm run build` makes of the files for browsers, so that a start neither bundles, strips types nor compresses. Without a
 * built file, or where the sources have changed since, they are made at the start.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compress, createStaticFile, type StaticFile } from '../src/http/static-file.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'web/built');

/** Hash of the sources that a file was made from, and their paths from the root of the repository. */
export interface SourcesOfBuilt {
  readonly hash: string;
  readonly paths: readonly string[];
}

/** What shapes every built file beside its own sources: how it is kept, and how it is compressed. */
export const makers = ['web/built.ts', 'src/http/static-file.ts'] as const;

/** A text with its compressed forms (base64): compressing takes longer than most of a start. */
export interface BuiltText {
  readonly text: string;
  readonly br: string;
  readonly gzip: string;
}

export const toBuilt = (text: string): BuiltText => {
  const { br, gzip } = compress(Buffer.from(text));
  return { text, br: br.toString('base64'), gzip: gzip.toString('base64') };
};

/** `type`: Content-Type. */
export const fromBuilt = ({ text, br, gzip }: BuiltText, type: string): StaticFile => {
  const compressed = { br: Buffer.from(br, 'base64'), gzip: Buffer.from(gzip, 'base64') };
  return createStaticFile(Buffer.from(text), type, compressed);
};

/** @throws Error for a path that cannot be read */
export const sourcesOfBuilt = (paths: readonly string[]): SourcesOfBuilt => {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  return { hash: hash.digest('base64url'), paths };
};

/**
 * The content of a built file; undefined without one, or where its sources have changed since.
 * @throws Error for another text than JSON
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it wrote
export const readBuilt = <Content extends { readonly sources: SourcesOfBuilt }>(name: string): Content | undefined => {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `writeBuilt` writes the file
  const content = JSON.parse(readFileSync(path, 'utf8')) as Content;
  const { hash, paths } = content.sources;
  // An image may leave the sources out: then the built file is all there is.
  const hasSources = paths.every(each => existsSync(join(root, each)));
  return hasSources && sourcesOfBuilt(paths).hash !== hash ? undefined : content;
};

/** Writes a built file. Gives its path. */
export const writeBuilt = async (name: string, content: object): Promise<string> => {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  // Renamed when it is whole: a server may start meanwhile, or another process build.
  const whole = `${path}.${process.pid}.new`;
  await writeFile(whole, JSON.stringify(content));
  await rename(whole, path);
  return path;
};
