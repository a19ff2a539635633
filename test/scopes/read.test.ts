/** Tests how the operator's file of scopes is read, and that each mistake in it is told with its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config.ts';
import { readScopes } from '../../src/scopes/read.ts';
import { claimsByScope, noScopes, shownScopes, type OperatorScopes } from '../../src/scopes/scopes.ts';

const scopesIn = (text: string): OperatorScopes => {
  const read = readScopes(text);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.value;
};
const faultsIn = (text: string): readonly string[] => {
  const read = readScopes(text);
  return read.ok ? [] : read.faults.map(({ at, got, expected }) => `${at}: got ${got}, expected ${expected}`);
};

const file = `
scopes:
  badge: { claims: [name, groups], words: { en: See your badge, de: Ihr Namensschild sehen } }
  files:read: { words: { en: Read your files } }
  profile: { words: { en: See your card } }
claims:
  groups: { en: See your teams }
`;

test('a scope with claims is added to those that there are, and one without only has words', () => {
  const scopes = scopesIn(file);
  expect(claimsByScope(scopes)).toEqual({ ...claimsByScope(noScopes), badge: ['name', 'groups'] });
  expect([...scopes.words.scopes.keys()]).toEqual(['badge', 'files:read', 'profile']);
});

test('each line of a page is shown once, in the words that there are', () => {
  const names = {
    scopes: ['openid', 'profile', 'badge'],
    claims: ['groups', 'zoneinfo', 'email'],
    resources: { 'https://files.test/': ['files:read', 'files:write'] },
  };
  expect(shownScopes([names, names], scopesIn(file))).toEqual([
    { name: 'openid' },
    { name: 'profile', words: { en: 'See your card' } },
    { name: 'badge', words: { en: 'See your badge', de: 'Ihr Namensschild sehen' } },
    { name: 'groups', words: { en: 'See your teams' } },
    { name: 'email' },
    { name: 'files:read', at: 'https://files.test/', words: { en: 'Read your files' } },
    { name: 'files:write', at: 'https://files.test/' },
  ]);
});

test('the file of the documentation is right', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scopes.md'), 'utf8');
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  expect(faultsIn(example)).toEqual([]);
  expect(Object.keys(scopesIn(example).claims)).toEqual(['badge']);
});

describe('a mistake', () => {
  test.each([
    ['scopes: [x]', 'scopes (line 1): got ["x"], expected a map of scopes by their names'],
    [
      'scopes: { a: { claims: [name] } }',
      'scopes.a.words (line 1): got nothing, expected sentences by language: en, and perhaps de, fr',
    ],
    [
      'scopes: { a: { words: { de: Ja } } }',
      'scopes.a.words.en (line 1): got nothing, expected a text of 1 to 200 characters',
    ],
    [
      'scopes: { a: { words: { en: A, it: A } } }',
      'scopes.a.words.it (line 1): got the member "it", expected sentences by language: en, and perhaps de, fr',
    ],
    [
      'scopes: { a: { claims: [salary], words: { en: A } } }',
      'scopes.a.claims[0] (line 1): got "salary", expected claims of people, each once: name, preferred_username, locale, zoneinfo, updated_at, email, email_verified, groups',
    ],
    [
      'scopes: { a: { claims: [acr], words: { en: A } } }',
      'scopes.a.claims[0] (line 1): got "acr", expected claims of people, each once: name, preferred_username, locale, zoneinfo, updated_at, email, email_verified, groups',
    ],
    [
      'scopes: { openid: { claims: [email], words: { en: A } } }',
      'scopes.openid.claims (line 1): got ["email"], expected no claims: those of openid are fixed',
    ],
    [
      'scopes: { offline_access: { claims: [email], words: { en: A } } }',
      'scopes.offline_access.claims (line 1): got ["email"], expected no claims: those of offline_access are fixed',
    ],
    [
      'scopes: { "a b": { words: { en: A } } }',
      'scopes.a b (line 1): got {"words":{"en":"A"}}, expected the name of a scope: 1 to 128 characters of ASCII without space, " and \\ (RFC 6749 §3.3)',
    ],
    ['scope: {}', 'scope (line 1): got the member "scope", expected a map with no other members than scopes, claims'],
  ])('%s', (text, fault) => {
    expect(faultsIn(text)).toEqual([fault]);
  });

  test('is told with all others, and stops the start', () => {
    const text = 'scopes:\n  a: { words: { en: "" } }\n  b: { claims: [], words: { en: B } }\n';
    expect(faultsIn(text).map(each => each.split(':')[0])).toEqual([
      'scopes.a.words.en (line 2)',
      'scopes.b.claims (line 3)',
    ]);
    const load = () => loadSettings({ SALLYPORT_MODE: 'development', SALLYPORT_SCOPES: text });
    expect(load).toThrow(/SALLYPORT_SCOPES: scopes\.a\.words\.en \(line 2\)/);
  });

  test('names that every object inherits are names like others', () => {
    expect(Object.keys(scopesIn('scopes: { constructor: { words: { en: A } } }').claims)).toEqual([]);
    expect(shownScopes([{ scopes: ['toString'], claims: [], resources: {} }], noScopes)).toEqual([
      { name: 'toString' },
    ]);
  });
});
