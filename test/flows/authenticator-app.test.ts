/** Tests how the authenticator is served: page, service worker, manifest and files, with their headers, and whether it can be installed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brotliCompressSync } from 'node:zlib';
import { violations } from '../support/surface/rules.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'push,totp' } });
});
afterAll(() => world.close());

const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await fetch(new URL(path, world.issuer), { redirect: 'manual', ...init });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
};
const page = async (): Promise<string> => (await ask('/authenticator/')).bytes.toString();
/** Addresses of files in a text. */
const filesIn = (text: string): readonly string[] => [...new Set(text.match(/\/authenticator\/assets\/[\w.-]+\w/g))];

interface Icon {
  readonly src: string;
  readonly sizes: string;
  readonly type: string;
  readonly purpose: string;
}
interface Manifest {
  readonly icons: readonly Icon[];
}

describe('the page', () => {
  test('is at the address of a folder, to which the one without slash leads', async () => {
    const { answer } = await ask('/authenticator');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/authenticator/']);
    const shown = await ask('/authenticator/');
    expect([shown.answer.status, shown.answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await ask('/authenticator/other')).answer.status).toBe(404);
  });

  test('may use its worker, its manifest and the camera, and nothing of other origins; no other answer may', async () => {
    for (const path of ['/authenticator/', '/authenticator/sw.js', '/authenticator/manifest.webmanifest', '/']) {
      const { answer, bytes } = await ask(path);
      const shown = { method: 'GET', path, status: answer.status, headers: Object.fromEntries(answer.headers) };
      expect(violations({ ...shown, text: bytes.toString() }, false)).toEqual([]);
    }
  });

  test('says in the language of the browser what is missing where scripts are off', async () => {
    const { bytes } = await ask('/authenticator/', { headers: { 'accept-language': 'fr-CH, en;q=0.5' } });
    expect(bytes.toString()).toMatch(/<html lang="fr">.*<noscript><p>L’authentificateur a besoin de JavaScript/u);
  });
});

test('without requests to phones there is no app: its addresses are unknown', async () => {
  const other = await startWorld();
  try {
    const status = async (path: string): Promise<number> =>
      (await fetch(new URL(path, other.issuer), { redirect: 'manual' })).status;
    for (const path of ['', '/', '/sw.js', '/manifest.webmanifest', '/api/configuration'])
      expect([path, await status(`/authenticator${path}`)]).toEqual([path, 404]);
  } finally {
    await other.close();
  }
});

describe('the files', () => {
  test('that the page and the worker name are all there, may be kept for good, and make no code of text', async () => {
    const worker = (await ask('/authenticator/sw.js')).bytes.toString();
    const named = filesIn((await page()) + worker);
    expect(named.length).toBeGreaterThan(7);
    for (const path of named) {
      const { answer, bytes } = await ask(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(bytes.toString('latin1')).not.toMatch(/\beval\(|new Function/u);
    }
    for (const path of filesIn(await page())) expect(worker).toContain(path);
  });
});

describe('the app can be installed:', () => {
  test('its manifest has a fixed id, its scope, and icons of the sizes that it says', async () => {
    const { answer, bytes } = await ask('/authenticator/manifest.webmanifest');
    expect(answer.headers.get('content-type')).toMatch(/^application\/manifest\+json/);
    const manifest = JSON.parse(bytes.toString()) as Manifest;
    expect(manifest).toMatchObject({
      id: '/authenticator/',
      name: 'Sallyport Authenticator',
      start_url: '/authenticator/',
      scope: '/authenticator/',
      display: 'standalone',
    });
    expect(manifest.icons.map(({ purpose, sizes }) => `${purpose} ${sizes}`)).toEqual([
      'any 192x192',
      'any 512x512',
      'maskable 512x512',
      'monochrome 512x512',
    ]);
    for (const { src, sizes } of manifest.icons) {
      const png = (await ask(src)).bytes;
      // PNG: width and height are the first two numbers of the first chunk.
      expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
    }
  });
});

test('the app takes at most 60 kB with Brotli before anything is scanned, and 80 kB with the scanner', async () => {
  const worker = (await ask('/authenticator/sw.js')).bytes;
  const started = filesIn(await page()).filter(path => !path.endsWith('.png'));
  const all = filesIn(worker.toString()).filter(path => !path.endsWith('.png'));
  const sizes = new Map<string, number>([['sw.js', brotliCompressSync(worker).length]]);
  for (const path of all) sizes.set(path, brotliCompressSync((await ask(path)).bytes).length);
  const sum = (paths: readonly string[]): number => paths.reduce((bytes, path) => bytes + (sizes.get(path) ?? 0), 0);
  expect(started.length).toBe(2);
  expect(sum(['sw.js', ...started])).toBeLessThan(60_000);
  expect(sum([...sizes.keys()])).toBeLessThan(80_000);
});
