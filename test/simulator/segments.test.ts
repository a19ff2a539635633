import { describe, expect, test } from '@jest/globals';
import { segmentsOf } from '../../simulator/network/segments.ts';

describe('segments of a text', () => {
  test.each([
    ['160 basic characters', 'a'.repeat(160), 'GSM-7', 1],
    ['161 basic characters', 'a'.repeat(161), 'GSM-7', 2],
    ['306 basic characters', 'a'.repeat(306), 'GSM-7', 2],
    ['307 basic characters', 'a'.repeat(307), 'GSM-7', 3],
    ['140 German letters of the alphabet', 'äöüßÄÖÜ'.repeat(20), 'GSM-7', 1],
    ['80 characters of the extension table', '€'.repeat(80), 'GSM-7', 1],
    ['81 characters of the extension table', '€'.repeat(81), 'GSM-7', 2],
    ['a euro sign that does not fit at the end of a segment', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['70 letters outside the alphabet', 'ç'.repeat(70), 'UCS-2', 1],
    ['71 letters outside the alphabet', 'ê'.repeat(71), 'UCS-2', 2],
    ['134 letters outside the alphabet', 'ê'.repeat(134), 'UCS-2', 2],
    ['135 letters outside the alphabet', 'ê'.repeat(135), 'UCS-2', 3],
    ['35 emoji', '😀'.repeat(35), 'UCS-2', 1],
    ['an emoji that does not fit at the end of a segment', `${'ê'.repeat(66)}😀${'ê'.repeat(66)}`, 'UCS-2', 3],
    ['70 basic characters and a typographic apostrophe', `${'a'.repeat(70)}’`, 'UCS-2', 2],
    ['no characters', '', 'GSM-7', 1],
  ])('a text of %s (%j) needs %s and %i segments', (_, text, alphabet, segments) => {
    expect(segmentsOf(text)).toEqual({ alphabet, segments });
  });
});
