/**
 * Bundles the web app at /authenticator with esbuild: its scripts, its styles and its service worker. `npm run build` keeps the
 * result in a file for production; without that file the process bundles it.
 *
 * Files with a hash of their content in the name never change. The service worker has a fixed address, and knows by name all that
 * the app needs offline.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildOptions, BuildResult } from 'esbuild';
import { contentHash, createStaticFile, type StaticFile } from '../src/http/static-file.ts';
import { manifest } from './authenticator-manifest.ts';
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

/** Where the app lives: its scope and the address of its page. */
export const authenticatorPath = '/authenticator/';
const assetsPath = `${authenticatorPath}assets/`;

/** Icons of the manifest and of notifications, drawn by tools/icons.ts. */
const icons = ['icon-192', 'icon-512', 'maskable-512', 'monochrome-512', 'apple-touch-180', 'badge-96'] as const;
export type Icon = (typeof icons)[number];

/** The app as it is served. */
export interface AuthenticatorApp {
  /** By path. Those in `/authenticator/assets/` have a hash in their name. */
  readonly files: ReadonlyMap<string, StaticFile>;
  /** Addresses that the page loads. */
  readonly script: string;
  readonly style: string;
  readonly appleTouchIcon: string;
}

/** What esbuild made, as it is kept in the built file. */
interface Built {
  readonly sources: SourcesOfBuilt;
  /** By file name, with the hash in it. */
  readonly assets: Readonly<Record<string, BuiltText>>;
  readonly worker: BuiltText;
}

const root = join(import.meta.dirname, '..');
const sourceFolder = 'web/client/authenticator';
const iconFolder = 'web/public/authenticator';
const builtFile = 'authenticator.json';

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  png: 'image/png',
};
const typeOf = (name: string): string => types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  charset: 'utf8',
  // iOS has Web Push since 16.4.
  target: ['chrome111', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

const textsOf = ({ outputFiles = [] }: BuildResult): Record<string, string> =>
  Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text]));

const toFile = (name: string, text: BuiltText): StaticFile => fromBuilt(text, typeOf(name));

const iconFile = (icon: Icon): Buffer => readFileSync(join(root, iconFolder, `${icon}.png`));
const iconPath = (icon: Icon): string => `${assetsPath}${icon}-${contentHash(iconFile(icon))}.png`;

const startOf = (assets: Built['assets'], pattern: RegExp): string => {
  const name = Object.keys(assets).find(each => pattern.test(each));
  if (name === undefined) throw new Error(`got no bundled file like ${pattern.source}`);
  return `${assetsPath}${name}`;
};

/** Bundles the sources. @throws Error with the place of a mistake in them. */
const bundle = async (): Promise<Built> => {
  // Loaded here only: a process that serves the built file needs no compiler.
  const { build, stop } = await import('esbuild');
  const app = await build({
    ...shared,
    entryPoints: { app: `${sourceFolder}/main.ts`, style: `${sourceFolder}/style.css` },
    format: 'esm',
    splitting: true,
    outdir: 'assets',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
  });
  const assets = textsOf(app);
  const shell = [
    authenticatorPath,
    `${authenticatorPath}manifest.webmanifest`,
    ...Object.keys(assets).map(name => `${assetsPath}${name}`),
    ...icons.map(iconPath),
  ];
  const worker = await build({
    ...shared,
    entryPoints: [`${sourceFolder}/worker/main.ts`],
    format: 'iife',
    outdir: 'assets',
    define: {
      SHELL: JSON.stringify(shell),
      ICON: JSON.stringify(iconPath('icon-192')),
      BADGE: JSON.stringify(iconPath('badge-96')),
    },
  });
  // Ends its process, which waits for more to bundle.
  await stop();
  const inputs = [app, worker].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const ownFiles = ['web/authenticator-bundle.ts', ...makers, ...icons.map(each => `${iconFolder}/${each}.png`)];
  // esbuild lists defined names beside the files, as `<define:SHELL>`.
  const paths = [...new Set([...inputs.filter(each => !each.startsWith('<')), ...ownFiles])].toSorted();
  return {
    sources: sourcesOfBuilt(paths),
    assets: Object.fromEntries(Object.entries(assets).map(([name, text]) => [name, toBuilt(text)])),
    worker: toBuilt(Object.values(textsOf(worker))[0] ?? ''),
  };
};

const toApp = ({ assets, worker }: Built): AuthenticatorApp => ({
  files: new Map([
    ...Object.entries(assets).map(([name, text]) => [`${assetsPath}${name}`, toFile(name, text)] as const),
    ...icons.map(icon => [iconPath(icon), createStaticFile(iconFile(icon), 'image/png')] as const),
    [`${authenticatorPath}sw.js`, toFile('sw.js', worker)],
    [
      `${authenticatorPath}manifest.webmanifest`,
      createStaticFile(Buffer.from(manifest(authenticatorPath, iconPath)), 'application/manifest+json'),
    ],
  ]),
  script: startOf(assets, /^app-\w+\.js$/),
  style: startOf(assets, /^style-\w+\.css$/),
  appleTouchIcon: iconPath('apple-touch-180'),
});

let loaded: Promise<AuthenticatorApp> | undefined;

/**
 * The app: from the file of `npm run build` where that is of these sources, else bundled at the first call. Later calls give the
 * same one, unless the first failed.
 */
export const authenticatorApp = (): Promise<AuthenticatorApp> => {
  const load = async (): Promise<AuthenticatorApp> => {
    try {
      return toApp(readBuilt<Built>(builtFile) ?? (await bundle()));
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };
  loaded ??= load();
  return loaded;
};

/** Bundles the app into the file that `authenticatorApp` reads. Gives the path of that file. */
export const buildAuthenticator = async (): Promise<string> => writeBuilt(builtFile, await bundle());
