/** Files a page loads, read once at start and named by their content, so that a browser may keep them for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface Asset {
  readonly body: Buffer;
  /** Content-Type. */
  readonly type: string;
  /** Strong, quoted. */
  readonly etag: string;
}

/** What goes with every asset: its address changes when its content does. */
export const assetCaching = 'public, max-age=31536000, immutable';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
// The files are for people; a browser gets them without comments, indentation and the room that types took.
const script = (name: string): string =>
  stripTypeScriptTypes(text(`client/${name}.ts`))
    .replace(/^\s*(?:\/\/.*|\/\*\*.*\*\/)?\n/gmu, '')
    .replace(/^\s+|[^\S\n]+$/gmu, '');
const style = (name: string): string =>
  text(`public/${name}.css`)
    .replace(/\/\*[^]*?\*\//gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/([{};,>]) | (?=[{}>])/gu, '$1')
    .replace(/: (?=[^{}]*[;}])/gu, ':')
    .replace(/;\}/gu, '}')
    .replace(/(?<=[ :(,-])0\./gu, '.')
    .trim();

const javascript = 'text/javascript; charset=utf-8';
const sources = {
  'style.css': { type: 'text/css; charset=utf-8', text: style('tokens') + style('style') },
  'mark.svg': { type: 'image/svg+xml', text: text('public/mark.svg') },
  'waiting.js': { type: javascript, text: script('waiting') },
  'otp.js': { type: javascript, text: script('otp') },
  'code.js': { type: javascript, text: script('code') },
  'small.js': { type: javascript, text: script('small') },
  'onward.js': { type: javascript, text: script('onward') },
} as const;

export type AssetName = keyof typeof sources;

const named = Object.entries(sources).map(([name, source]) => {
  const body = Buffer.from(source.text);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
  const path = `/assets/${name.replace('.', `-${hash}.`)}`;
  return { name, path, asset: { body, type: source.type, etag: `"${hash}"` } };
});

/** By path, as a browser asks for it. */
export const assets: ReadonlyMap<string, Asset> = new Map(named.map(({ path, asset }) => [path, asset]));

const paths = new Map(named.map(({ name, path }) => [name, path]));

/** Where a page finds this file. */
export const asset = (name: AssetName): string => paths.get(name) ?? '';
