import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { referenceOf } from '../../src/reference.ts';

describe('the reference of a sign-in', () => {
  test('has eight characters that nobody misreads, and is the same each time', () => {
    const references = Array.from({ length: 500 }, (_, n) => referenceOf(`flow ${n}`));
    expect(references.every(each => /^[0-9A-HJKMNP-TV-Z]{8}$/.test(each))).toBe(true);
    expect(new Set(references).size).toBe(500);
    expect(referenceOf('flow 7')).toBe(references[7]);
  });

  test('is the first 40 bits of the SHA-256 of the flow', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const bits = [...referenceOf('x')].map(each => alphabet.indexOf(each).toString(2).padStart(5, '0')).join('');
    const hash = createHash('sha256').update('x').digest('hex');
    expect(Number.parseInt(bits, 2)).toBe(Number.parseInt(hash.slice(0, 10), 16));
  });
});
