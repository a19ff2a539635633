import { describe, expect, test } from '@jest/globals';
import { segmentsOf } from '../../simulator/network/segments.ts';

describe('how a text is cut', () => {
  test.each([
    ['160 of the basic alphabet', 'a'.repeat(160), 'GSM-7', 1],
    ['161', 'a'.repeat(161), 'GSM-7', 2],
    ['two full parts of 153', 'a'.repeat(306), 'GSM-7', 2],
    ['one more', 'a'.repeat(307), 'GSM-7', 3],
    ['German, with the letters that the alphabet has', 'äöüßÄÖÜ'.repeat(20), 'GSM-7', 1],
    ['80 of the extension table, each counted twice', '€'.repeat(80), 'GSM-7', 1],
    ['81 of them', '€'.repeat(81), 'GSM-7', 2],
    ['the euro sign that does not fit the end of a part', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['French, with letters that the alphabet lacks', 'ç'.repeat(70), 'UCS-2', 1],
    ['71 of them', 'ê'.repeat(71), 'UCS-2', 2],
    ['134, two full parts of 67', 'ê'.repeat(134), 'UCS-2', 2],
    ['one more', 'ê'.repeat(135), 'UCS-2', 3],
    ['35 emoji, each two units', '😀'.repeat(35), 'UCS-2', 1],
    ['an emoji that does not fit the end of a part', `${'ê'.repeat(66)}😀${'ê'.repeat(66)}`, 'UCS-2', 3],
    ['an apostrophe of a typographer', `${'a'.repeat(70)}’`, 'UCS-2', 2],
    ['nothing', '', 'GSM-7', 1],
  ])('%s', (_, text, alphabet, segments) => {
    expect(segmentsOf(text)).toEqual({ alphabet, segments });
  });
});
