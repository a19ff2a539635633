/** Tests which passwords may be set, and that the reason is told for each one that may not. */
import { describe, expect, test } from '@jest/globals';
import { passwordFault } from '../../src/users/passwords/password-rules.ts';

const ada = { name: 'ada.lovelace', displayName: 'Ada King, Countess of Lovelace', email: 'ada@analytical.example' };
const faultOf = (password: string) => passwordFault(password, ada, 'login.contoso.example');

describe('may be set:', () => {
  test.each([
    ['eight characters', 'k7#mQz2v'],
    ['eight characters of four bytes', '🦊🐻🐼🦁🐯🐨🐸🐙'],
    ['words', 'correct horse battery staple'],
    ['one class of characters only', 'vjkqxzwp'],
    ['a common word in a longer password', 'password of the harbour master'],
    ['the name of the owner in a longer password', 'ada counts to twelve'],
    ['a sequence in a longer password', '12345678 bottles'],
    ['letters of another script', 'пятнадцать'],
  ])('%s', async (_desc, password) => {
    expect(await faultOf(password)).toBeUndefined();
  });
});

describe('is refused as', () => {
  test.each([
    ['unreadable', 'no text', ''],
    ['unreadable', 'a lone surrogate', 'secret-\uD800-secret'],
    ['unreadable', '4097 bytes', 'ab'.repeat(2048) + 'c'],
    ['short', 'seven characters', 'k7#mQz2'],
    ['short', 'seven characters in decomposed form', 'éàüöâçè'.normalize('NFD')],
    ['short', 'seven characters in 28 bytes', '🦊🐻🐼🦁🐯🐨🐸'],
    ['common', 'the first on every list', 'password'],
    ['common', 'another case', 'PassWord1'],
    ['common', 'full width', 'ｐａｓｓｗｏｒｄ１'],
    ['common', 'letters as signs', 'P@ssw0rd'],
    ['common', 'a row of keys', '1qaz2wsx'],
    ['pattern', 'one character', '🦊'.repeat(9)],
    ['pattern', 'a part again and again', 'k7#k7#k7#'],
    ['pattern', 'a sequence up', 'abcdefgh'],
    ['pattern', 'a sequence down', '98765432'],
    ['personal', 'the name', 'Ada.Lovelace'],
    ['personal', 'the name and a year', 'lovelace1815!'],
    ['personal', 'a short name twice', 'ada-ada-1234'],
    ['personal', 'the display name', 'countess_99'],
    ['personal', 'the e-mail address', 'ada@analytical.example'],
    ['personal', 'its domain', '2026analytical'],
    ['personal', 'the name of the product', 'Sallyport!1'],
    ['personal', 'the host of the service', 'c.o.n.t.o.s.o.1'],
  ])('%s: %s', async (fault, _desc, password) => {
    expect(await faultOf(password)).toBe(fault);
  });
});

test('a number as name is a name', async () => {
  expect(await passwordFault('70291846!', { name: '70291846' }, 'localhost')).toBe('personal');
  expect(await passwordFault('70291847!', { name: '70291846' }, 'localhost')).toBeUndefined();
});
