/**
 * Holds the files that pages load, compressed once: by `npm run build`, or else at the start.
 * The address holds a hash of the content, so a browser may keep a file for good.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { contentHash, type StaticFile } from '../src/http/static-file.ts';
import {
  fromBuilt,
  makers,
  readBuilt,
  sourcesOfBuilt,
  toBuilt,
  writeBuilt,
  type BuiltText,
  type SourcesOfBuilt,
} from './built.ts';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
/** Removes comments, indentation and empty lines. In these files a comment has lines of its own, and no text spans lines. */
const compact = (source: string): string =>
  source
    .replaceAll(/^[ \t]*(?:\/\*[^]*?\*\/|\/\/[^\n]*)[ \t]*$/gmu, '')
    .replaceAll(/^[ \t]+|[ \t]+$/gmu, '')
    .replaceAll(/\n{2,}/gu, '\n')
    .trimStart();
/** Also removes the space or line break that separates rules. In these files no text holds such a mark. */
const compactStyles = (...names: readonly string[]): string =>
  compact(names.map(name => text(`public/${name}.css`)).join(''))
    .replaceAll(/ ?([{};,])\s?/gu, '$1')
    .replaceAll(';}', '}');
const script = (name: string): string => compact(stripTypeScriptTypes(text(`client/${name}.ts`)));
/** The text of a script with the addresses of the scripts that it imports. These stand above it in `sources`. */
const linked = (source: string): string =>
  source.replaceAll(/(?<=\bfrom ')\.\/([a-z-]+)\.ts(?=')/gu, (_, name: string) => pathOf(`${name}.js`));

const javascript = 'text/javascript; charset=utf-8';
const styles = 'text/css; charset=utf-8';

/** Content-Type of each asset. A script that others import stands above them. */
const types = {
  'style.css': styles,
  'portal.css': styles,
  'playground.css': styles,
  'developer.css': styles,
  'mark.svg': 'image/svg+xml',
  'waiting.js': javascript,
  'otp.js': javascript,
  'code.js': javascript,
  'enhance.js': javascript,
  'wait.js': javascript,
  'autosubmit.js': javascript,
  'passkey.js': javascript,
  'passkey-alone.js': javascript,
  'passkey-step.js': javascript,
  'passkey-invite.js': javascript,
  'passkey-create.js': javascript,
  'passkey-signals.js': javascript,
  'developer-form.js': javascript,
} as const;

export type AssetName = keyof typeof types;

const paths = new Map<string, string>();
/** @throws Error for an asset that is not listed yet. */
const pathOf = (name: string): string => {
  const path = paths.get(name);
  if (path === undefined) throw new Error(`expected an asset, got ${name}`);
  return path;
};
/** Lists an asset. Gives its path. */
const list = (name: string, body: string): string => {
  const path = `/assets/${name.replace('.', `-${contentHash(Buffer.from(body))}.`)}`;
  paths.set(name, path);
  return path;
};

const sourceOf = (name: string): string => {
  if (name === 'style.css') return compactStyles('tokens', 'style');
  if (name.endsWith('.css')) return compactStyles(name.slice(0, -'.css'.length));
  return name.endsWith('.js') ? script(name.slice(0, -'.js'.length)) : text(`public/${name}`);
};

/** What `npm run build` keeps. */
interface Built {
  readonly sources: SourcesOfBuilt;
  readonly assets: Readonly<Record<string, BuiltText>>;
}
const builtFile = 'assets.json';

const make = (): Built['assets'] =>
  Object.fromEntries(
    Object.keys(types).map(name => {
      const body = linked(sourceOf(name));
      // The scripts that import this one need its path.
      list(name, body);
      return [name, toBuilt(body)];
    }),
  );

const fileOf = (name: string): string =>
  name.endsWith('.js') ? `client/${name.replace('.js', '.ts')}` : `public/${name}`;

/** Makes the assets anew, and keeps them for the next starts. Gives the path of the file. */
export const buildAssets = async (): Promise<string> => {
  const own = ['assets.ts', 'public/tokens.css', ...Object.keys(types).map(fileOf)].map(path => `web/${path}`);
  return writeBuilt(builtFile, { sources: sourcesOfBuilt([...makers, ...own]), assets: make() });
};

const built = readBuilt<Built>(builtFile)?.assets ?? make();

/** All assets, by the path that a browser asks for. */
export const assets: ReadonlyMap<string, StaticFile> = new Map(
  Object.entries(types).map(([name, type]) => {
    const made = built[name];
    if (made === undefined) throw new Error(`got no ${name} in the built file, expected every asset`);
    return [list(name, made.text), fromBuilt(made, type)];
  }),
);

/** Path of an asset, for a page that loads it. */
export const asset = (name: AssetName): string => pathOf(name);
