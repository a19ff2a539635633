/** Tests that the reference of error codes explains each code that the product can show, once, and that the document equals it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errors } from 'oidc-provider';
import { errorDocument } from '../../src/error-reference/document.ts';
import { explainedCodes, explainedError, sections } from '../../src/error-reference/reference.ts';
import { refusalCode, listedErrors, refusalCodes } from '../../src/oidc/refusals/refusal-codes.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('docs/errors.md equals the generated reference (renew it by `npm run cli -- config docs`)', () => {
  expect(read('docs/errors.md')).toBe(errorDocument());
});

test('every code that the product can show is explained, and none twice', () => {
  const problems = [...read('src/errors.ts').matchAll(/number: (\d{4})/g)];
  const outcomes = [...read('web/pages/outcome-codes.ts').matchAll(/: (\d{4})/g)];
  const shown = [...[...problems, ...outcomes].map(([, number]) => `IDP-${number}`), ...refusalCodes];
  expect(shown.length).toBeGreaterThan(100);
  expect(shown.filter(code => explainedError(code) === undefined)).toEqual([]);
  const written = sections.flatMap(({ rows }) =>
    rows.flatMap(([first]) => first.match(/^IDP-.*/)?.[0].split(', ') ?? []),
  );
  expect(written.length).toBe(new Set(written).size);
  expect(written).toEqual(explainedCodes);
});

test('a code is found in any letter case, and nothing else is', () => {
  expect(explainedError('idp-1001')).toBe(explainedError('IDP-1001'));
  for (const other of ['', 'IDP-', 'IDP-0000', '1001', 'constructor', '__proto__', 'IDP-1001 ']) {
    expect(explainedError(other)).toBeUndefined();
  }
});

test('a sentence about the protocol is for developers, and one about this server for those who run it', () => {
  expect(explainedError('IDP-4101')?.reader).toBe('developer');
  expect(explainedError('IDP-1504')?.reader).toBe('operator');
  expect(explainedError('IDP-2106')?.reader).toBe('help desk');
});

/** The error codes of the library, each from its class. Some classes need a description. */
const ofLibrary = Object.entries(errors)
  .filter(([name]) => !['OIDCProviderError', 'CustomOIDCProviderError'].includes(name))
  .map(([, Each]) => new (Each as new (description: string) => Error)('x').message);
/** Errors of features that are not built in here: credentials, attestation. */
const neverHere = /credential|attestation|invalid_proof|invalid_nonce/;

describe('each error of the library', () => {
  test('has a code, but for features that are off', () => {
    const missing = [...new Set(ofLibrary)].filter(error => !listedErrors.includes(error) && !neverHere.test(error));
    expect(ofLibrary.length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  test('that a later release adds has the code of all others', () => {
    expect(refusalCode({ message: 'not_known_yet' })).toBe('IDP-4599');
    for (const text of ['constructor', '__proto__', 'toString']) {
      expect(refusalCode({ message: text, error_description: text, error_detail: text })).toBe('IDP-4599');
    }
  });
});
