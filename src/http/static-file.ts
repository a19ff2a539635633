/**
 * Holds a file that is the same for everybody, compressed once with Brotli and gzip. Answers requests for it in the content coding
 * that the browser accepts (RFC 9110 §12.5.3). Only files without secrets and input are ever compressed, so their length
 * reveals neither (BREACH, CVE-2013-3587).
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'koa';

/** Content codings (RFC 9110 §8.4.1). `identity` is the uncompressed file. */
export type Coding = 'br' | 'gzip' | 'identity';

/** The bytes of a file in one coding. */
export interface Representation {
  readonly body: Buffer;
  /** Strong entity tag with its quotes. It differs between codings, because the bytes do (RFC 9110 §8.8.3.3). */
  readonly etag: string;
}

/** A file in all codings. `body` and `etag` are those of the uncompressed file. */
export interface StaticFile extends Representation {
  /** Content-Type. */
  readonly type: string;
  readonly codings: Readonly<Record<Coding, Representation>>;
}

/** Cache-Control of a file with a hash of its content in its address: one year, because a changed file has another address. */
export const hashedFileCaching = 'public, max-age=31536000, immutable';

const brotli = (body: Buffer): Buffer =>
  brotliCompressSync(body, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  });

/** A short hash of the content, for the address of a file. */
export const contentHash = (body: Buffer): string => createHash('sha256').update(body).digest('base64url').slice(0, 12);

/** The compressed forms of a file. */
export type Compressed = Readonly<Record<Exclude<Coding, 'identity'>, Buffer>>;

export const compress = (body: Buffer): Compressed => ({
  br: brotli(body),
  gzip: gzipSync(body, { level: constants.Z_BEST_COMPRESSION }),
});

/** `compressed`: what `compress` has made of it before. Pictures are kept as they are: they are compressed already. */
export const createStaticFile = (body: Buffer, type: string, compressed?: Compressed): StaticFile => {
  const hash = contentHash(body);
  const identity = { body, etag: `"${hash}"` };
  if (type === 'image/png') return { ...identity, type, codings: { br: identity, gzip: identity, identity } };
  const { br, gzip } = compressed ?? compress(body);
  return {
    ...identity,
    type,
    codings: {
      br: { body: br, etag: `"${hash}-br"` },
      gzip: { body: gzip, etag: `"${hash}-gzip"` },
      identity,
    },
  };
};

/**
 * Selects the coding with the highest weight, or `identity` if the browser accepts neither of ours.
 * Koa breaks a tie by the order in the header. Browsers list gzip before Brotli and send no weights, and Brotli is smaller.
 */
const codingFor = (ctx: Context): Coding => {
  const codings: readonly Coding[] = ['br', 'gzip', 'identity'];
  const isWeighted = ctx.get('accept-encoding').includes('q=');
  if (!isWeighted && ctx.acceptsEncodings('br') === 'br') return 'br';
  const best = ctx.acceptsEncodings(...codings);
  return codings.find(coding => coding === best) ?? 'identity';
};

/** Answers with the file. `isHashed`: browsers may keep it for good, and confirm it by its entity tag. */
export const answerStaticFile = (
  ctx: Context,
  file: StaticFile,
  { isHashed }: { readonly isHashed: boolean },
): void => {
  const coding = codingFor(ctx);
  const { body, etag } = file.codings[coding];
  ctx.status = 200;
  ctx.vary('Accept-Encoding');
  if (isHashed) {
    ctx.set({ 'cache-control': hashedFileCaching, etag });
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
  }
  ctx.type = file.type;
  if (coding !== 'identity' && body !== file.body) ctx.set('content-encoding', coding);
  ctx.body = body;
};
