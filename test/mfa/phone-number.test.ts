/** Tests which spellings of telephone numbers are understood. */
import { describe, expect, test } from '@jest/globals';
import { phoneNumber } from '../../src/mfa/phone-number.ts';

describe('a number is understood as', () => {
  test.each([
    ['written with signs', '+1 (202) 555-0143', '+12025550143'],
    ['written in full width', '＋１ ２０２ ５５５ ０１４３', '+12025550143'],
    ['written with the national 0', '+44 (0)20 7946 0958', '+442079460958'],
    ['WhatsApp has Mexican mobiles', '+52 1 55 1234 5678', '+525512345678'],
    ['WhatsApp has them, without spaces', '+5215512345678', '+525512345678'],
    ['a Mexican number that begins with 1 has it', '+52 1 55 1234 567', undefined],
    ['a number of the United States that follows 52 has it', '+1 521 555 0143 2', undefined],
    ['words without a number', 'poste 421', undefined],
    ['two numbers', '+1 202 555 0143, +1 202 555 0144', undefined],
    ['letters inside it', '+1 202 555 p0143', undefined],
    ['national', '(202) 555-0143', undefined],
  ])('%s', (_desc, typed, number) => {
    expect(phoneNumber(typed)).toEqual(number === undefined ? undefined : { number });
  });
});

describe('the digits behind a number are', () => {
  test.each([
    '+1 202 555 0150 x421',
    '+1 202 555 0150 ext. 421',
    '+1 202 555 0150;ext=421',
    '+1 202 555 0150,,421#',
    '+1 202 555 0150 poste 421',
    '+1 202 555 0150, poste : 421',
    '+1 202 555 0150 (Poste 421)',
    '+1 202 555 0150 ramal 421',
    '+1 202 555 0150 interno 421',
    '+1 202 555 0150 доб. 421',
    '+1 202 555 0150w421',
    '+1 202 555 0150 W421',
    '+1 202 555 0150p421',
    '+1 202 555 0150 DW 421',
    '+1 202 555 0150 Durchwahl 421',
  ])('an extension: %s', typed => {
    expect(phoneNumber(typed)).toEqual({ number: '+12025550150', extension: '421' });
  });

  // A German or Austrian number with its direct digits is one number, which leads past the switchboard.
  test.each([
    ['+49 30 901820-421', '+4930901820421'],
    ['+49 30 901820 DW 421', '+4930901820421'],
    ['+49 30 901820-0 DW 421', '+4930901820421'],
    ['+49 30 901820 (Durchwahl 421)', '+4930901820421'],
    ['+43 1 51433 Klappe 421', '+43151433421'],
    ['+43 1 51433-0, DW: 421', '+43151433421'],
  ])('part of it: %s', (typed, number) => {
    expect(phoneNumber(typed)).toEqual({ number });
  });

  test.each(['+49 30 901820 x421', '+49 30 901820 w421'])('an extension, as it says so: %s', typed => {
    expect(phoneNumber(typed)).toEqual({ number: '+4930901820', extension: '421' });
  });
});
