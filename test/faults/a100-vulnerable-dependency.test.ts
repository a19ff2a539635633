/**
 * A100. A package that an advisory is about comes back: by a merge of the lockfile, by an upgrade of another package, or because an
 * exception was forgotten.
 * Guard: `tools/advisories.ts#floors`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exceptions, floors, type Exception } from '../../tools/advisories.ts';

interface Installed {
  readonly name: string;
  readonly version: string;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** Every copy of every package, also those inside of other packages. */
const installedIn = ({ packages }: Lockfile): readonly Installed[] =>
  Object.entries(packages).flatMap(([path, { version }]) => {
    const at = path.lastIndexOf('node_modules/');
    return at < 0 || version === undefined ? [] : [{ name: path.slice(at + 'node_modules/'.length), version }];
  });

const numbersOf = (version: string): readonly number[] =>
  (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0').split('.').map(Number);
const isBelow = (version: string, floor: string): boolean => {
  const [is, least] = [numbersOf(version), numbersOf(floor)];
  for (const [at, number] of least.entries()) if (is[at] !== number) return (is[at] ?? 0) < number;
  // A prerelease of the floor comes before it.
  return version.includes('-');
};

/** Copies below a floor without an exception that still counts. */
const vulnerable = (
  installed: readonly Installed[],
  excepted: readonly Exception[],
  today: string,
): readonly string[] =>
  floors.flatMap(({ name, version, advisory }) =>
    installed
      .filter(each => each.name === name && isBelow(each.version, version))
      .filter(each => !excepted.some(e => e.name === name && e.version === each.version && today < e.until))
      .map(each => `${name} ${each.version} is below ${version}: ${advisory}`),
  );

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm writes it
const lockfile = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lockfile;
const installed = installedIn(lockfile);
const today = new Date().toISOString().slice(0, 10);

describe('A100 a package that an advisory is about', () => {
  test('A100 is not in the lockfile, and exceptions are dated and needed', () => {
    expect(installed.length).toBeGreaterThan(300);
    expect(vulnerable(installed, exceptions, today)).toEqual([]);
    const named = new Set(installed.map(({ name }) => name));
    expect(floors.filter(({ name }) => !named.has(name))).toEqual([]);
    const isUsed = ({ name, version }: Exception) =>
      installed.some(each => each.name === name && each.version === version);
    expect(exceptions.filter(each => !isUsed(each))).toEqual([]);
  });

  test.each([
    ['an older version', 'koa', '3.1.1', true],
    ['an old major version with higher numbers', 'koa', '2.16.9', true],
    ['a prerelease of the floor', 'koa', '3.1.2-rc.1', true],
    ['the floor', 'koa', '3.1.2', false],
    ['a later version', 'koa', '3.10.0', false],
    ['another package', 'koa-send', '1.0.0', false],
  ])('A100 is found: %s', (_, name, version, isFound) => {
    const found = vulnerable([{ name, version }], [], today);
    expect(found.length > 0).toBe(isFound);
  });

  test('A100 is found inside of another package, and after the end of its exception', () => {
    const inside = installedIn({ packages: { 'node_modules/oidc-provider/node_modules/koa': { version: '3.1.0' } } });
    const excepted = [{ name: 'koa', version: '3.1.0', because: 'a test', until: '2027-01-01' }];
    expect(vulnerable(inside, excepted, '2026-12-31')).toEqual([]);
    expect(vulnerable(inside, excepted, '2027-01-01')).toHaveLength(1);
  });
});
