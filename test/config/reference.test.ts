import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { referencePage } from '../../src/config/reference.ts';
import { entryOf, keys } from '../../src/config/table.ts';

test('docs/configuration.md says what the table says (renew it by `npm run cli -- config docs`)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')).toBe(referencePage());
});

test.each(keys.map(entryOf))('$name keeps its own default', ({ check, fallback }) => {
  expect(fallback === undefined || check.safeParse(fallback).success).toBe(true);
});
