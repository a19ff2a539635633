/** Tests which texts are one e-mail address. */
import { describe, expect, test } from '@jest/globals';
import { emailAddress } from '../../src/users/names/email-address.ts';

describe('one address', () => {
  test.each([
    ['as people have them', 'Ada.Lovelace+news@mail.example.com', 'Ada.Lovelace+news@mail.example.com'],
    ['with white space and a zero-width space around it', ' \u200Bada@example.com\u00A0\n', 'ada@example.com'],
    ['with letters of another script before the @', 'иван@example.com', 'иван@example.com'],
    ['in another script', 'иван@почта.рф', 'иван@почта.рф'],
    ['in decomposed form', 'andre\u0301@example.com', 'andré@example.com'],
    ['with a domain in Punycode', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['with 64 letters before the @', `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s', (_, typed, address) => {
    expect(emailAddress(typed)).toBe(address);
  });
});

describe('no address, or more than one:', () => {
  test.each([
    'not-an-address',
    'x@y.z, q@r.s',
    'x@y.zz,q@r.ss',
    'x@y.zz q@r.ss',
    'x@y.zz;q@r.ss',
    'Ada <ada@example.com>',
    'mailto:ada@example.com',
    'ada@@example.com',
    'ada@example@example.com',
    'ada\uFF20evil.example@example.com',
    'ada\uFE6Bevil.example@example.com',
    '@example.com',
    'ada@',
    'ada@example',
    'ada@.example.com',
    'ada@example..com',
    'ada@example.com.',
    'ada@-example.com',
    'ada@192.0.2.1',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'ada@exam\u200Bple.com',
    'ada@example.com\r\nBcc: eve@example.com',
    '\u0430da@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'example.'.repeat(40)}com`,
    '',
    '   ',
  ])('%j', typed => {
    expect(emailAddress(typed)).toBeUndefined();
  });
});
