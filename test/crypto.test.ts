/** Tests sealing, hashes and random tokens. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  createSealer,
  openSent,
  sealJson,
  sha256,
  hmac,
  randomToken,
  constantTimeEqual,
  type SealingKey,
} from '../src/crypto.ts';

const key = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [old, young] = [key('2025'), key('2026')];
const sealer = createSealer([old]);

describe('a sealed value', () => {
  test('opens for its record and holds no readable text', () => {
    const sealed = sealer.seal('GEZDGNBVGY3TQOJQ', 'authenticator:ada:1');
    expect(sealed).toMatch(/^1\.2025\.[\w-]+$/);
    expect(sealed).not.toContain('GEZDGNBVGY3TQOJQ');
    expect(sealer.open(sealed, 'authenticator:ada:1')).toBe('GEZDGNBVGY3TQOJQ');
  });

  test('differs each time the same text is sealed', () => {
    expect(sealer.seal('a', 'x')).not.toBe(sealer.seal('a', 'x'));
  });

  test.each(['', 'a', '\u{1F512} ünï', 'a'.repeat(100_000)])('opens to the text that was sealed (case %#)', text => {
    expect(sealer.open(sealer.seal(text, 'x'), 'x')).toBe(text);
  });

  test('does not open after it was moved to another record', () => {
    const sealed = sealer.seal('seed', 'authenticator:ada:1');
    for (const place of ['authenticator:mallory:1', 'authenticator:ada:2', 'authenticator:ada:1 ', '']) {
      expect(() => sealer.open(sealed, place)).toThrow(expect.objectContaining({ code: 'unreadable' }));
    }
  });

  test('does not open after any byte of it was changed', () => {
    const sealed = sealer.seal('seed', 'x');
    const start = sealed.lastIndexOf('.') + 1;
    const bytes = Buffer.from(sealed.slice(start), 'base64url');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(() => sealer.open(`${sealed.slice(0, start)}${changed.toString('base64url')}`, 'x')).toThrow(
        expect.objectContaining({ code: 'unreadable' }),
      );
    }
  });

  test.each(['', '1', '1.2025', '1.2025.', '1.2025.AAAA', '2.2025.AAAA', '1.nobody.AAAA', 'plain text'])(
    'is refused in a malformed form: "%s"',
    text => {
      expect(() => sealer.open(text, 'x')).toThrow(expect.objectContaining({ code: 'unreadable' }));
    },
  );

  test('that a browser sends back counts as absent where it does not open, and is not reported', () => {
    const reported: unknown[] = [];
    const reporting = createSealer([old], value => reported.push(value));
    const sealed = sealJson(reporting, { typed: 'ada' }, 'x');
    expect(openSent(reporting, sealed, 'x')).toEqual({ typed: 'ada' });
    for (const sent of [undefined, '', 'plain text', `${sealed}A`, sealJson(createSealer([young]), {}, 'x')]) {
      expect(openSent(reporting, sent, 'x')).toBeUndefined();
    }
    expect(openSent(reporting, sealed, 'y')).toBeUndefined();
    expect(reported).toEqual([]);
  });

  test('by an older key still opens beside a newer key, which seals new values', () => {
    const sealed = sealer.seal('seed', 'x');
    const rotated = createSealer([young, old]);
    expect(rotated.open(sealed, 'x')).toBe('seed');
    expect(rotated.seal('seed', 'x')).toMatch(/^1\.2026\./);
    expect(() => sealer.open(rotated.seal('seed', 'x'), 'x')).toThrow('2026');
  });

  test('does not open by another key with the same id', () => {
    expect(() => createSealer([key('2025')]).open(sealer.seal('seed', 'x'), 'x')).toThrow(
      expect.objectContaining({ code: 'unreadable' }),
    );
  });
});

test('a token has the promised number of bits in URL-safe characters', () => {
  expect(randomToken()).toMatch(/^[\w-]{22}$/);
  expect(randomToken(32)).toMatch(/^[\w-]{43}$/);
  expect(new Set(Array.from({ length: 1000 }, () => randomToken())).size).toBe(1000);
});

test('digests are SHA-256 (FIPS 180-2, B.1) and HMAC-SHA-256 (RFC 4231, test case 2)', () => {
  expect(Buffer.from(sha256('abc'), 'base64url').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  const jefe = createSecretKey(Buffer.from('Jefe'));
  expect(Buffer.from(hmac(jefe, 'what do ya want for nothing?'), 'base64url').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test.each([
  { have: ['', ''], expect: true },
  { have: ['a', 'a'], expect: true },
  { have: ['a', 'b'], expect: false },
  { have: ['a', 'aa'], expect: false },
  { have: ['é', 'e\u0301'], expect: false },
])('sameText of $have is $expect', ({ have: [a = '', b = ''], expect: same }) => {
  expect(constantTimeEqual(a, b)).toBe(same);
});
