import { describe, expect, test } from '@jest/globals';
import { ada, startTestSimulator } from './support.ts';
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
  ])('the code at second %i is %s, as in RFC 6238', (second, code) => {
    expect(hotp(Buffer.from('12345678901234567890'), Math.floor(second / 30), 8)).toBe(code);
  });

  test('an authenticator app shows six digits and when they change', () => {
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
  ])('base32 "%s" is decoded as in RFC 4648', (text, plain) => {
    expect(decodeBase32(text).toString()).toBe(plain);
  });

  test('a character outside base32 is refused', () => {
    expect(() => decodeBase32('MY1')).toThrow(RangeError);
  });

  test.each([
    ['a secret that is not base32', [{ name: 'Ada', totpSecret: 'x1' }], /base32/],
    ['a number that is not E.164', [{ name: 'Ada', number: '0142' }], /Ada: 0142 is not a number/],
    [
      'a number of two people',
      [
        { name: 'Ada', number: ada },
        { name: 'Eve', number: ada },
      ],
      /Eve: .* another person/,
    ],
  ])('%s makes the start of the simulator fail', async (_, people, message) => {
    await expect(startTestSimulator({ people })).rejects.toThrow(message);
  });
});
