/** The assets: a file that a browser keeps for good changes its name with its content, and every coding holds the same bytes. */
import { createHash } from 'node:crypto';
import { SourceTextModule } from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { hashedFileCaching } from '../../src/http/static-file.ts';
import { asset, assets } from '../../web/assets.ts';

const all = [...assets];
const bodyOf = (path: string): string => assets.get(path)?.body.toString('utf8') ?? '';

describe('assets', () => {
  test.each(all)('%s carries the hash of its content', (path, { body, etag }) => {
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    expect(path).toMatch(new RegExp(`^/assets/[a-z-]+-${hash}\\.(?:css|js|svg)$`, 'u'));
    expect(etag).toBe(`"${hash}"`);
  });

  test('may be cached for a year', () => {
    expect(hashedFileCaching).toBe('public, max-age=31536000, immutable');
  });

  test.each(all.filter(([path]) => path.endsWith('.js')))('%s is plain JavaScript that creates no markup', path => {
    const script = bodyOf(path);
    expect(() => new SourceTextModule(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function/u);
  });

  test('the stylesheet holds both source files and loads no other file', () => {
    const css = bodyOf(asset('style.css'));
    expect(css).toContain(':root');
    expect(css).toContain('.card > :is(.details,.why,.leave,.rows):last-child{');
    expect(css).not.toMatch(/@import\b|url\(/u);
    expect(css.split('{').length).toBe(css.split('}').length);
  });

  test.each(all)('%s has the same content in each coding, and each is smaller', (_, { body, codings }) => {
    expect(codings.identity.body).toBe(body);
    expect(brotliDecompressSync(codings.br.body)).toEqual(body);
    expect(gunzipSync(codings.gzip.body)).toEqual(body);
    expect(codings.br.body.length).toBeLessThan(codings.gzip.body.length);
    // Of a script of one line the header of gzip is longer than what it saves.
    expect(codings.gzip.body.length).toBeLessThan(Math.max(body.length, 100));
  });

  test('all assets of a sign-in together are at most 9 kB with Brotli, those of passkeys 3.5 kB, of portals 2 kB, of developers 2 kB and of the playground 1 kB more', () => {
    const bytes = (of: typeof all): number => of.reduce((sum, [, { codings }]) => sum + codings.br.body.length, 0);
    const ofPortal = all.filter(([path]) => path.startsWith('/assets/portal-'));
    const ofPlayground = all.filter(([path]) => path.startsWith('/assets/playground-'));
    const ofDevelopers = all.filter(([path]) => path.startsWith('/assets/developer-'));
    const ofPasskeys = all.filter(([path]) => path.startsWith('/assets/passkey-'));
    const others = [ofPortal, ofDevelopers, ofPlayground, ofPasskeys];
    expect(others.map(({ length }) => length)).toEqual([1, 2, 1, 6]);
    expect(bytes(all) - others.reduce((sum, of) => sum + bytes(of), 0)).toBeLessThanOrEqual(9 * 1024);
    expect(bytes(ofDevelopers)).toBeLessThanOrEqual(2 * 1024);
    expect(bytes(ofPasskeys)).toBeLessThanOrEqual(3.5 * 1024);
    expect(bytes(ofPortal)).toBeLessThanOrEqual(2 * 1024);
    expect(bytes(ofPlayground)).toBeLessThanOrEqual(1024);
  });

  test('a script imports another one by its address, which is kept for good too', () => {
    const imported = all.flatMap(([, { body }]) =>
      [...body.toString('utf8').matchAll(/\bfrom '(?<address>[^']+)'/gu)].map(({ groups }) => groups?.['address']),
    );
    expect(new Set(imported)).toEqual(new Set([asset('passkey.js')]));
  });

  test('an unknown address has no asset', () => {
    expect(assets.get('/assets/style.css')).toBeUndefined();
    expect(assets.get('/assets/__proto__')).toBeUndefined();
  });
});
