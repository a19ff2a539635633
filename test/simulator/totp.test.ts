import { describe, expect, test } from '@jest/globals';
import { ada, startWorld } from './support.ts';
import { codeAt, decodeBase32, hotp } from '../../simulator/simulation/totp.ts';

describe('the authenticator app', () => {
  // RFC 6238, appendix B, the rows for SHA-1.
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at second %i the vector of RFC 6238 is %s', (second, code) => {
    expect(hotp(Buffer.from('12345678901234567890'), Math.floor(second / 30), 8)).toBe(code);
  });

  test('shows six digits and when they change', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(codeAt(secret, 59_000)).toEqual({ code: '287082', until: 60_000 });
    expect(codeAt(secret, 60_000).until).toBe(90_000);
  });

  test.each([
    ['', ''],
    ['MY======', 'f'],
    ['MZXQ====', 'fo'],
    ['mzxw 6===', 'foo'],
    ['MZXW6YTBOI======', 'foobar'],
  ])('reads base32 %s as RFC 4648 does', (text, plain) => {
    expect(decodeBase32(text).toString()).toBe(plain);
  });

  test('refuses what is not base32', () => {
    expect(() => decodeBase32('MY1')).toThrow(RangeError);
  });

  test.each([
    ['a secret that is none', [{ name: 'Ada', totpSecret: 'x1' }], /base32/],
    ['a number that is none', [{ name: 'Ada', number: '0142' }], /Ada: 0142 is no number/],
    [
      'one number of two people',
      [
        { name: 'Ada', number: ada },
        { name: 'Eve', number: ada },
      ],
      /Eve: .* somebody else/,
    ],
  ])('%s is told when the world starts', async (_, people, message) => {
    await expect(startWorld({ people })).rejects.toThrow(message);
  });
});
