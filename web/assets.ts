/**
 * Reads the files that pages load, once at start, and compresses them.
 * The address holds a hash of the content, so a browser may keep a file for good.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { contentHash, createStaticFile, type StaticFile } from '../src/http/static-file.ts';

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
const sources = {
  'style.css': { type: 'text/css; charset=utf-8', text: compactStyles('tokens', 'style') },
  'portal.css': { type: 'text/css; charset=utf-8', text: compactStyles('portal') },
  'mark.svg': { type: 'image/svg+xml', text: text('public/mark.svg') },
  'waiting.js': { type: javascript, text: script('waiting') },
  'otp.js': { type: javascript, text: script('otp') },
  'code.js': { type: javascript, text: script('code') },
  'enhance.js': { type: javascript, text: script('enhance') },
  'wait.js': { type: javascript, text: script('wait') },
  'autosubmit.js': { type: javascript, text: script('autosubmit') },
  'passkey.js': { type: javascript, text: script('passkey') },
  'passkey-alone.js': { type: javascript, text: script('passkey-alone') },
  'passkey-step.js': { type: javascript, text: script('passkey-step') },
  'passkey-invite.js': { type: javascript, text: script('passkey-invite') },
  'passkey-create.js': { type: javascript, text: script('passkey-create') },
  'passkey-signals.js': { type: javascript, text: script('passkey-signals') },
} as const;

export type AssetName = keyof typeof sources;

const paths = new Map<string, string>();
/** @throws Error for an asset that is not listed yet. */
const pathOf = (name: string): string => {
  const path = paths.get(name);
  if (path === undefined) throw new Error(`expected an asset, got ${name}`);
  return path;
};

/** All assets, by the path that a browser asks for. */
export const assets: ReadonlyMap<string, StaticFile> = new Map(
  Object.entries(sources).map(([name, source]) => {
    const body = Buffer.from(linked(source.text));
    const path = `/assets/${name.replace('.', `-${contentHash(body)}.`)}`;
    paths.set(name, path);
    return [path, createStaticFile(body, source.type)];
  }),
);

/** Path of an asset, for a page that loads it. */
export const asset = (name: AssetName): string => pathOf(name);
