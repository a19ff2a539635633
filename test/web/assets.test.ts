/** Files of the pages: what a browser may keep for good must change its name with its content. */
import { createHash } from 'node:crypto';
import { SourceTextModule } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { asset, assetCaching, assets } from '../../web/assets.ts';

const all = [...assets];
const bodyOf = (path: string): string => assets.get(path)?.body.toString('utf8') ?? '';

describe('assets', () => {
  test.each(all)('%s carries the hash of its content', (path, { body, etag }) => {
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 12);
    expect(path).toMatch(new RegExp(`^/assets/[a-z]+-${hash}\\.(?:css|js|svg)$`, 'u'));
    expect(etag).toBe(`"${hash}"`);
  });

  test('may be kept for a year', () => {
    expect(assetCaching).toBe('public, max-age=31536000, immutable');
  });

  test.each(all.filter(([path]) => path.endsWith('.js')))(
    '%s is plain JavaScript without a way to make markup',
    path => {
      const script = bodyOf(path);
      expect(() => new SourceTextModule(script)).not.toThrow();
      expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function/u);
    },
  );

  test('the stylesheet keeps its rules when its comments and spaces go', () => {
    const css = bodyOf(asset('style.css'));
    expect(css).not.toMatch(/\/\*|\n| {2}|\bimport\b|url\(/u);
    expect(css.split('{').length).toBe(css.split('}').length);
    expect(css).toContain('.card>:is(.details,.leave,.rows):last-child{');
    expect(css).toContain('calc(100% - 4px)');
    expect(css).toContain('@media (prefers-color-scheme: dark){');
    expect(css.length).toBeLessThan(15_000);
  });

  test('an address that was not made here is not there', () => {
    expect(assets.get('/assets/style.css')).toBeUndefined();
    expect(assets.get('/assets/__proto__')).toBeUndefined();
  });
});
