/** Tests numbers as people enter them: as they dial them at home, with their country code, and with an extension. */
import { describe, expect, test } from '@jest/globals';
import { readPhoneEntry, type PhoneEntry, type PhoneEntryError } from '../../src/mfa/phone-entry.ts';
import { barredBy, phoneNumber, reachableCountries, type Reach } from '../../src/mfa/phone-number.ts';

const entry = (country: string, number: string, extension = ''): PhoneEntry => ({ country, number, extension });
const read = (
  of: PhoneEntry,
  how: {
    readonly reach?: Reach;
    readonly via?: 'call' | 'sms';
    readonly bound?: readonly { readonly number: string; readonly extension?: string }[];
  } = {},
) => readPhoneEntry(of, { via: 'call', bound: [], ...how });

describe('a number that can be used', () => {
  test.each([
    ['Germany, as dialled there', entry('DE', '030 901820'), '+4930901820'],
    ['Germany, a mobile', entry('DE', '0151/2345 6789'), '+4915123456789'],
    ['Austria, with brackets', entry('AT', '(01) 588 580'), '+431588580'],
    ['Switzerland', entry('CH', '044 668 18 00'), '+41446681800'],
    ['France', entry('FR', '06 12 34 56 78'), '+33612345678'],
    ['Great Britain', entry('GB', '020 7946 0018'), '+442079460018'],
    ['Italy keeps its 0', entry('IT', '06 698 1'), '+39066981'],
    ['the United States', entry('US', '(202) 555-0143'), '+12025550143'],
    ['Canada', entry('CA', '416 555 0143'), '+14165550143'],
    ['India', entry('IN', '098765 43210'), '+919876543210'],
    ['Japan, in full width', entry('JP', '０３－１２３４－５６７８'), '+81312345678'],
    ['Egypt, in its digits', entry('EG', '٠١٠٠١٢٣٤٥٦٧'), '+201001234567'],
    ['with the country code, whatever country is chosen', entry('DE', '+1 202 555 0143'), '+12025550143'],
    ['with the country code and no country', entry('', '+1 202 555 0143'), '+12025550143'],
    ['with a full-width plus', entry('', '＋1 202 555 0143'), '+12025550143'],
    ['with 00, as dialled from there', entry('DE', '001 202 555 0143'), '+12025550143'],
    ['with 011, as dialled from there', entry('US', '011 49 30 901820'), '+4930901820'],
    ['with spaces around it', entry('DE', '  030 901820 '), '+4930901820'],
    ['with an extension in its field', entry('US', '202 555 0150', ' 421 '), '+12025550150 x421'],
    ['with an extension in the number', entry('US', '202 555 0150 x421'), '+12025550150 x421'],
    ['with an extension in both, the field counts', entry('US', '202 555 0150 x9', '421'), '+12025550150 x421'],
  ])('%s', (_, of, typed) => {
    expect(read(of)).toEqual({ ok: true, typed });
    // The factor reads it again, by the same parser.
    const [number = '', extension] = typed.split(' x');
    expect(phoneNumber(typed)).toEqual({ number, ...(extension !== undefined && { extension }) });
  });
});

describe('a number that cannot be used', () => {
  const berlin = { number: '+4930901820' };
  test.each<[string, PhoneEntry, Parameters<typeof read>[1], PhoneEntryError]>([
    ['empty', entry('DE', ' '), {}, 'no-number'],
    ['without a country', entry('', '030 901820'), {}, 'no-country'],
    ['words', entry('DE', 'my phone'), {}, 'unreadable'],
    ['too short', entry('DE', '110'), {}, 'unreadable'],
    ['a digit too many', entry('US', '202 555 01433'), {}, 'unreadable'],
    ['of a country that does not exist', entry('XX', '030 901820'), {}, 'unreadable'],
    ['a prototype as its country', entry('__proto__', '030 901820'), {}, 'unreadable'],
    ['longer than any number', entry('', `+49${'1'.repeat(60)}`), {}, 'unreadable'],
    ['with a second number', entry('US', '202 555 0143, 202 555 0144'), {}, 'unreadable'],
    ['an extension of letters', entry('DE', '030 901820', '4x1'), {}, 'extension'],
    ['an extension of eleven digits', entry('DE', '030 901820', '12345678901'), {}, 'extension'],
    ['premium', entry('DE', '0900 1234567'), {}, 'type'],
    ['toll-free', entry('US', '800 234 5678'), {}, 'type'],
    ['of a satellite', entry('', '+8816 1234 5678'), {}, 'network'],
    ['of a country that is not allowed', entry('DE', '030 901820'), { reach: { countries: ['US', 'CA'] } }, 'country'],
    ['of a neighbour with the same code', entry('', '+1 876 555 0143'), { reach: { countries: ['US'] } }, 'country'],
    ['of a blocked country', entry('DE', '030 901820'), { reach: { blocked: ['DE'] } }, 'country'],
    ['allowed and blocked', entry('DE', '030 901820'), { reach: { countries: ['DE'], blocked: ['DE'] } }, 'country'],
    ['a landline, for a text', entry('DE', '030 901820'), { via: 'sms' }, 'no-texts'],
    ['an extension, for a text', entry('US', '202 555 0150', '421'), { via: 'sms' }, 'no-texts'],
    ['bound already', entry('DE', '030 901820'), { bound: [berlin] }, 'bound'],
    ['bound already, with its country code', entry('', '+49 30 901820'), { bound: [berlin] }, 'bound'],
  ])('%s', (_, of, how, error) => {
    expect(read(of, how)).toEqual({ ok: false, error });
  });

  test('but another extension of a bound number can', () => {
    const bound = [{ number: '+12025550150', extension: '421' }];
    expect(read(entry('US', '202 555 0150', '422'), { bound })).toMatchObject({ ok: true });
  });
});

test('the countries of the form are those whose numbers are reached', () => {
  expect(reachableCountries().length).toBeGreaterThan(200);
  expect(reachableCountries({ countries: ['DE', 'AT', 'CH'], blocked: ['CH'] })).toEqual([
    { code: 'AT', callingCode: '43' },
    { code: 'DE', callingCode: '49' },
  ]);
  expect(barredBy('+41446681800', { blocked: ['CH'] })).toBe('country');
  expect(barredBy('+41446681800', { blocked: ['CH'], prefixes: ['+4144'] })).toBeUndefined();
});
