/**
 * Reads the files that pages load, once at start, and compresses each with Brotli and gzip.
 * The address holds a hash of the content, so a browser may keep a file for good.
 * Only these files are ever compressed. They hold no secret and no input, so their length reveals neither (BREACH, CVE-2013-3587).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Content codings (RFC 9110 §8.4.1). `identity` is the uncompressed file. */
export type Coding = 'br' | 'gzip' | 'identity';

/** The bytes of an asset in one coding. */
export interface Representation {
  readonly body: Buffer;
  /** Strong entity tag with its quotes. It differs between codings, because the bytes do (RFC 9110 §8.8.3.3). */
  readonly etag: string;
}

/** A file that pages load. `body` and `etag` are those of the uncompressed file. */
export interface Asset extends Representation {
  /** Content-Type. */
  readonly type: string;
  readonly codings: Readonly<Record<Coding, Representation>>;
}

/** Cache-Control of every asset: one year, never asked for again, because a changed file has another address. */
export const assetCaching = 'public, max-age=31536000, immutable';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
/** Removes comments, indentation and empty lines. In these files a comment has lines of its own, and no text spans lines. */
const compact = (source: string): string =>
  source
    .replaceAll(/^[ \t]*(?:\/\*[^]*?\*\/|\/\/[^\n]*)[ \t]*$/gmu, '')
    .replaceAll(/^[ \t]+|[ \t]+$/gmu, '')
    .replaceAll(/\n{2,}/gu, '\n')
    .trimStart();
const script = (name: string): string => compact(stripTypeScriptTypes(text(`client/${name}.ts`)));
/** The text of a script with the addresses of the scripts that it imports. These stand above it in `sources`. */
const linked = (source: string): string =>
  source.replaceAll(/(?<=\bfrom ')\.\/([a-z-]+)\.ts(?=')/gu, (_, name: string) => pathOf(`${name}.js`));

const javascript = 'text/javascript; charset=utf-8';
const sources = {
  'style.css': { type: 'text/css; charset=utf-8', text: compact(text('public/tokens.css') + text('public/style.css')) },
  'portal.css': { type: 'text/css; charset=utf-8', text: compact(text('public/portal.css')) },
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

const brotli = (body: Buffer): Buffer =>
  brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });

const compressed = (body: Buffer, hash: string): Asset['codings'] => ({
  br: { body: brotli(body), etag: `"${hash}-br"` },
  gzip: { body: gzipSync(body, { level: constants.Z_BEST_COMPRESSION }), etag: `"${hash}-gzip"` },
  identity: { body, etag: `"${hash}"` },
});

const paths = new Map<string, string>();
/** @throws Error for an asset that is not listed yet. */
const pathOf = (name: string): string => {
  const path = paths.get(name);
  if (path === undefined) throw new Error(`expected an asset, got ${name}`);
  return path;
};

/** All assets, by the path that a browser asks for. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(sources).map(([name, source]) => {
    const body = Buffer.from(linked(source.text));
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    const path = `/assets/${name.replace('.', `-${hash}.`)}`;
    paths.set(name, path);
    const codings = compressed(body, hash);
    return [path, { ...codings.identity, type: source.type, codings }];
  }),
);

/** Path of an asset, for a page that loads it. */
export const asset = (name: AssetName): string => pathOf(name);
