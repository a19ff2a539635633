/** Tests that the reference of the settings in docs is the one that the table generates. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { referencePage } from '../../src/config/reference.ts';
import { entryOf, keys, table } from '../../src/config/table.ts';
import { factors } from '../../src/mfa/factors/index.ts';

test('docs/configuration.md equals the generated reference (renew it by `npm run cli -- config docs`)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')).toBe(referencePage());
});

test.each(keys.map(entryOf))('the default of $name passes its own check', ({ check, fallback }) => {
  expect(fallback === undefined || check.safeParse(fallback).success).toBe(true);
});

test('every factor can be enabled, and all but mailed codes are enabled by default', () => {
  const all = factors.map(factor => factor.type);
  const byDefault = all.filter(type => type !== 'email');
  expect(table.factors.check.parse(table.factors.fallback).toSorted()).toEqual(byDefault.toSorted());
  for (const type of all) expect(table.factors.check.parse(type)).toEqual([type]);
});
