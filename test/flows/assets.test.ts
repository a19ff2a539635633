/**
 * Tests assets over HTTP: sent in the coding that the browser accepts, cached for a year, revalidated by entity tag.
 */
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asset, assets } from '../../web/assets.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const ask = (path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const [port] = world.place.ports;
    const all = { host: world.issuer.host, ...headers };
    const asked = request({ host: '127.0.0.1', port, path, method, headers: all, agent: false }, response => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });

const decoded = ({ headers, body }: Answered): Buffer => {
  if (headers['content-encoding'] === 'br') return brotliDecompressSync(body);
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};

/** RFC 9110 §12.5.3. */
const accepted: readonly (readonly [accept: string | undefined, coding: 'br' | 'gzip' | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['*', 'br'],
  ['br;q=0.5, gzip;q=0.9', 'gzip'],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0, gzip;q=0', undefined],
  ['identity, br;q=0.5', undefined],
  ['*;q=0', undefined],
  ['zstd, deflate', undefined],
  ['brotli', undefined],
];

describe('an asset over HTTP', () => {
  test.each(accepted)('is sent with Accept-Encoding %j in the coding %j', async (accept, coding) => {
    const path = asset('style.css');
    const answer = await ask(path, accept === undefined ? {} : { 'accept-encoding': accept });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(decoded(answer)).toEqual(assets.get(path)?.body);
  });

  test.each([...assets.keys()])('%s has its length, type and Vary header in every coding', async path => {
    const etags = new Set<unknown>();
    for (const coding of ['br', 'gzip', 'identity']) {
      const answer = await ask(path, { 'accept-encoding': coding });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-length': String(answer.body.length),
        'content-type': assets.get(path)?.type,
        vary: 'Accept-Encoding',
        'cache-control': 'public, max-age=31536000, immutable',
      });
      expect(answer.headers['transfer-encoding']).toBeUndefined();
      expect(decoded(answer)).toEqual(assets.get(path)?.body);
      etags.add(answer.headers['etag']);
    }
    expect(etags.size).toBe(3);
  });

  test('an entity tag is confirmed with 304 in its own coding only', async () => {
    const path = asset('enhance.js');
    const brotli = await ask(path, { 'accept-encoding': 'br' });
    const etag = String(brotli.headers['etag']);
    const again = await ask(path, { 'accept-encoding': 'br', 'if-none-match': etag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect(again.headers).toMatchObject({ etag, vary: 'Accept-Encoding' });
    expect(again.headers['content-encoding']).toBeUndefined();
    const other = await ask(path, { 'accept-encoding': 'gzip', 'if-none-match': etag });
    expect(other.status).toBe(200);
  });

  test('HEAD has the headers of GET', async () => {
    const path = asset('style.css');
    const got = await ask(path, { 'accept-encoding': 'br' });
    const head = await ask(path, { 'accept-encoding': 'br' }, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary'])
      expect(head.headers[name]).toBe(got.headers[name]);
  });
});
