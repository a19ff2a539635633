/** Tests the TOTP codes of the authenticator: the vectors of RFC 6238, `otpauth:` URIs, and that no script can read a kept secret. */
import { describe, expect, test } from '@jest/globals';
import { fromBase32 } from '../../../web/client/authenticator/engine/bytes.ts';
import {
  codeAt,
  createWrappingKey,
  readCodesUri,
  usualCodes,
  wrapCodes,
} from '../../../web/client/authenticator/engine/codes.ts';

const digits = '12345678901234567890';
const base32 = (text: string): string => {
  const bits = [...Buffer.from(text)].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map(five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
};
const seeds = {
  'SHA-1': digits,
  'SHA-256': (digits + digits).slice(0, 32),
  'SHA-512': (digits + digits + digits + digits).slice(0, 64),
};

describe('codes', () => {
  test.each([
    [59, 'SHA-1', '94287082'],
    [59, 'SHA-256', '46119246'],
    [59, 'SHA-512', '90693936'],
    [1_111_111_109, 'SHA-1', '07081804'],
    [1_111_111_111, 'SHA-256', '67062674'],
    [1_234_567_890, 'SHA-512', '93441116'],
    [20_000_000_000, 'SHA-1', '65353130'],
    [20_000_000_000, 'SHA-512', '47863826'],
  ] as const)('of second %i with %s are those of RFC 6238, appendix B', async (second, hash, code) => {
    const wrapping = await createWrappingKey();
    const kept = await wrapCodes({ secret: base32(seeds[hash]), hash, digits: 8, period: 30 }, wrapping);
    if (kept === undefined) throw new Error('the secret is base32');
    const until = (Math.floor(second / 30) + 1) * 30_000;
    expect(await codeAt(kept, wrapping, second * 1000)).toEqual({ code, until });
  });

  test('are kept so that neither the wrapping key nor the secret can be exported', async () => {
    const wrapping = await createWrappingKey();
    const kept = await wrapCodes({ secret: base32(digits), ...usualCodes }, wrapping);
    if (kept === undefined) throw new Error('the secret is base32');
    await expect(crypto.subtle.exportKey('raw', wrapping)).rejects.toThrow(/not extractable/);
    const algorithm = { name: 'AES-GCM', iv: kept.iv };
    await expect(crypto.subtle.decrypt(algorithm, wrapping, kept.wrapped)).rejects.toThrow(
      /Unable to use this key to decrypt/,
    );
    expect(Buffer.from(kept.wrapped).includes(Buffer.from(digits))).toBe(false);
    await expect(codeAt(kept, await createWrappingKey(), 0)).rejects.toThrow(/operation/);
  });
});

describe('an otpauth URI', () => {
  const secret = 'JBSWY3DPEHPK3PXP';
  test.each([
    [
      `otpauth://totp/Contoso:ada@contoso.example?secret=${secret}&issuer=Contoso`,
      { issuer: 'Contoso', account: 'ada@contoso.example' },
    ],
    [`otpauth://totp/ada?secret=${secret}`, { issuer: '', account: 'ada' }],
    [`otpauth://totp/Fabrikam%20VPN:%20ada.l?secret=${secret}`, { issuer: 'Fabrikam VPN', account: 'ada.l' }],
    [`OTPAUTH://TOTP/a?secret=${secret.toLowerCase()}&period=60&digits=8&algorithm=SHA256`, { period: 60, digits: 8 }],
  ])('%s is read', (uri, expected) => {
    expect(readCodesUri(uri)).toMatchObject(expected);
  });

  test.each([
    `otpauth://hotp/ada?secret=${secret}&counter=1`,
    `otpauth://totp/ada?secret=`,
    `otpauth://totp/ada?secret=018`,
    `otpauth://totp/ada?secret=${secret}&digits=4`,
    `otpauth://totp/ada?secret=${secret}&period=0`,
    `otpauth://totp/ada?secret=${secret}&algorithm=MD5`,
    `otpauth://totp/%E0%A4%A?secret=${secret}`,
    `https://totp/ada?secret=${secret}`,
    'otpauth',
    '',
  ])('%j is refused', uri => {
    expect(readCodesUri(uri)).toBeUndefined();
  });
});

test('base32 is read as people type it', () => {
  expect(Buffer.from(fromBase32('mzxw 6ytb-oi======') ?? [])).toEqual(Buffer.from('foobar'));
  for (const wrong of ['', ' ', 'MZXW0', 'ä']) expect(fromBase32(wrong)).toBeUndefined();
});
