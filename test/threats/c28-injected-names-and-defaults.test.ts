/**
 * C28. A name that a sender chose runs into the name of another record: a separator, a wildcard or an operator of a store
 * (GHSA-r9w3-57w2-gch2). A value that a page hands back is edited or forged. Or a secret is the same in every installation, because
 * it is written into the program (GHSA-c38g-mx2c-9wf2). Names are encoded part by part, what a page hands back is sealed, and each
 * installation makes secrets of its own.
 * Guards: `src/ports/stores.ts#key`, `src/oidc/adapter/durable.ts#documentId`, `src/crypto.ts#createSealer`,
 * `src/keys/rings.ts#loadSecrets`. Filters of stores have A95.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { loadSettings } from '../../src/config.ts';
import { createSealer, openJson, sealJson } from '../../src/crypto.ts';
import { loadSecrets } from '../../src/keys/rings.ts';
import { documentId } from '../../src/oidc/adapter/durable.ts';
import { key } from '../../src/ports/stores.ts';
import { createClock } from '../support/world/clock.ts';
import { everyStore } from '../support/world/stores.ts';

/** Names that differ only by what a separator, a wildcard or an escape would do. */
const names = [
  'a',
  'a:b',
  'b:a',
  ':',
  'a*',
  '*',
  'a%3Ab',
  'a b',
  'a\n',
  'a\0',
  '{a}',
  '[a]',
  'a.b',
  '$a',
  'A',
  'a/b',
  '',
  'ä',
  'a?',
  '..',
];

describe('C28 a chosen name', () => {
  test('C28 gives the same key each time, and another one for each other name and place', () => {
    expect(key('attempts', 'a', 'b')).toBe(key('attempts', 'a', 'b'));
    const all = names.flatMap(one => names.map(other => [key(one, other), JSON.stringify([one, other])] as const));
    expect(new Set(all.map(([made]) => made)).size).toBe(names.length ** 2);
    expect(new Set(names.map(name => documentId('Client', name))).size).toBe(names.length);
    expect(documentId('Client', 'a')).not.toBe(documentId('Grant', 'a'));
    expect(() => key('attempts', '\ud800')).toThrow('lone surrogate');
  });

  test.each(everyStore)('C28 drops and finds what has this name alone, on $name', async ({ open }) => {
    const clock = createClock();
    const store = await open(clock);
    const { ephemeral } = store.shortLived;
    for (const name of names) await ephemeral.put(key('value', name), name, 60_000, [key('tag', name)]);
    for (const [at, name] of names.entries()) {
      await ephemeral.dropTagged(key('tag', name));
      const left = await Promise.all(names.map(each => ephemeral.get(key('value', each))));
      expect([name, left]).toEqual([name, names.map((each, index) => (index <= at ? undefined : each))]);
    }
    await store.close();
  });
});

/** What is said of a value that does not open. */
const unreadable = expect.objectContaining({ code: 'unreadable' });

describe('C28 a value that a page hands back', () => {
  const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

  test('C28 opens for the place it was made for', () => {
    expect(openJson(sealer, sealJson(sealer, { after: 'x' }, 'page:list'), 'page:list')).toEqual({ after: 'x' });
  });

  test('C28 opens nowhere else, and not with any byte changed, cut or added', () => {
    const sealed = sealJson(sealer, { after: 'x' }, 'page:list');
    expect(() => openJson(sealer, sealed, 'page:other')).toThrow(unreadable);
    // The last character of base64url may carry bits that are not part of a byte.
    for (let at = 0; at < sealed.length - 1; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => openJson(sealer, changed, 'page:list')).toThrow(unreadable);
    }
    for (const forged of ['', sealed.slice(0, -4), `${sealed}AAAA`, JSON.stringify({ after: 'x' }), 'e30']) {
      expect(() => openJson(sealer, forged, 'page:list')).toThrow(unreadable);
    }
    const other = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
    expect(() => openJson(other, sealed, 'page:list')).toThrow(unreadable);
  });
});

describe('C28 a secret', () => {
  const clock = createClock();
  const made = async () => {
    const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
    const { signingKeys, cookieKeys, hashKey } = await loadSecrets({
      durable: openMemoryDurable({ clock }),
      sealer,
      clock,
    });
    return [
      ...signingKeys.map(each => JSON.stringify(each)),
      ...[...cookieKeys, hashKey].map(each => each.export().toString('base64')),
    ];
  };

  test('C28 is made by each installation for itself', async () => {
    const [one, other] = [await made(), await made()];
    expect(one.length).toBeGreaterThan(3);
    expect(one.filter(secret => other.includes(secret))).toEqual([]);
  });

  test('C28 has no default in production: without sealing keys it does not start, nor with a weak one', () => {
    const production = {
      SALLYPORT_MODE: 'production',
      SALLYPORT_ISSUER: 'https://login.example',
      SALLYPORT_PROXY_HOPS: '1',
      SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/x.db',
    };
    const strong = `k:${randomBytes(32).toString('base64')}`;
    const faultsOf = (keys: string | undefined): string => {
      try {
        loadSettings({ ...production, ...(keys !== undefined && { SALLYPORT_SEALING_KEYS: keys }) });
        return '';
      } catch (error) {
        return String(error);
      }
    };
    expect(faultsOf(strong)).not.toContain('SALLYPORT_SEALING_KEYS');
    for (const weak of [undefined, '', 'k:', 'k:secret', `k:${Buffer.alloc(16, 1).toString('base64')}`]) {
      expect(faultsOf(weak)).toContain('SALLYPORT_SEALING_KEYS');
    }
  });

  test('C28 is written into no file that ships', () => {
    const root = join(import.meta.dirname, '../..');
    const folders = ['src', 'server', 'cli', 'adapters', 'interactions', 'portals', 'k8s', 'docs', 'web'];
    const files = folders.flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(name => /\.(?:ts|json|ya?ml|md|env|tpl)$/.test(name) && !name.includes('built'))
        .map(name => join(root, folder, name)),
    );
    expect(files.length).toBeGreaterThan(300);
    // 256 bits in base64 or hexadecimal, or a private key.
    const secret =
      /-----BEGIN [A-Z ]*PRIVATE KEY|"d": ?"[\w-]{40,}"|(?<![\w+/=.-])(?=[\w+/]*\d)(?=[\w+/]*[A-Z])[A-Za-z0-9+/]{43}=(?!=)/;
    // Examples of password hashes begin with their scheme.
    const found = files.filter(file => secret.test(readFileSync(file, 'utf8').replaceAll(/[{$]\w+[}$][^\s"]*/g, '')));
    expect(found.map(file => file.slice(root.length))).toEqual([]);
  });
});
