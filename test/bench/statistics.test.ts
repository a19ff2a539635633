/** Tests how the bench separates a difference from noise. */
import { describe, expect, test } from '@jest/globals';
import { bandOf, goalVerdict, quantile, ratiosOf, spreadOf, noiseVerdict } from '../../bench/statistics.ts';

describe('quartiles', () => {
  test('are interpolated between two values', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
  });

  test('of one value are that value', () => {
    expect(spreadOf([7])).toEqual({ low: 7, median: 7, high: 7 });
  });

  test('of an empty list are refused', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

test('costs are compared within one round, and a round without both costs is left out', () => {
  const rounds = [{ ours: 2, theirs: 4 }, { ours: 100 }, { ours: 30, theirs: 10 }];
  expect(ratiosOf(rounds, 'ours', 'theirs')).toEqual([0.5, 3]);
});

describe('the band of two equal servers', () => {
  test.each([
    ['the first came out cheaper', { low: 0.5, median: 0.8, high: 0.9 }, { low: 0.5, high: 2 }],
    ['the second came out cheaper', { low: 1.1, median: 1.2, high: 2 }, { low: 0.5, high: 2 }],
    ['both came out the same', { low: 1, median: 1, high: 1 }, { low: 1, high: 1 }],
  ])('is symmetric: %s', (_, same, band) => {
    expect(bandOf(same)).toEqual(band);
  });
});

const band = { low: 0.8, high: 1.25 };

test.each([
  ['within', { low: 1.2, median: 2, high: 3 }],
  ['within', { low: 0.3, median: 0.5, high: 0.9 }],
  ['outside: costs more', { low: 1.3, median: 1.4, high: 1.5 }],
  ['outside: costs less', { low: 0.3, median: 0.5, high: 0.7 }],
])('a difference is %s where the quartiles are %j', (verdict, ratio) => {
  expect(noiseVerdict(ratio, band)).toBe(verdict);
});

test.each([
  ['met', { low: 1, median: 1.1, high: 1.6 }],
  ['open', { low: 1.3, median: 1.4, high: 1.6 }],
  ['missed', { low: 1.4, median: 1.5, high: 1.6 }],
])('a goal of at most 1.1 is %s by %j', (outcome, ratio) => {
  expect(goalVerdict(ratio, band, 1.1)).toBe(outcome);
});
