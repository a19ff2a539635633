/** Tests what a reader who copies an example relies on: its packages in the versions that were tried, one command, one file to start. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readClientFile } from '../../src/oidc/client-files/file-form.ts';

const root = join(import.meta.dirname, '../..');
const read = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

interface Package {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
const ours = JSON.parse(read('package.json')) as Package;
const tried: Readonly<Record<string, string>> = { ...ours.dependencies, ...ours.devDependencies };

const names = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && entry.name !== 'clients' && entry.name !== 'policy')
  .map(({ name }) => name);

test('there is an example for each kind of client', () => {
  expect(names).toEqual(expect.arrayContaining(['device-cli', 'express', 'koa', 'resource-server', 'service', 'spa']));
});

test('the list of examples names each of them', () => {
  const list = read('examples/README.md');
  expect(names.filter(name => !list.includes(`npm run example -- ${name}`))).toEqual([]);
});

describe.each(names)('%s', name => {
  const { scripts, dependencies = {} } = JSON.parse(read('examples', name, 'package.json')) as Package;
  const source = readdirSync(join(root, 'examples', name))
    .filter(file => /\.m?js$/.test(file))
    .map(file => read('examples', name, file))
    .join('\n');

  test('starts by index.mjs, here and where it was copied', () => {
    expect(scripts).toEqual({ start: 'node index.mjs' });
    expect(existsSync(join(root, 'examples', name, 'index.mjs'))).toBe(true);
  });

  test('needs the packages that it imports, in the versions of this repository', () => {
    const imported = [...source.matchAll(/ from '((?:@[\w-]+\/)?[a-z][\w-]*)(?:\/[^']*)?'/g)].map(
      ([, from = '']) => from,
    );
    expect([...new Set(imported)].toSorted()).toEqual(Object.keys(dependencies).toSorted());
    expect(dependencies).toEqual(Object.fromEntries(Object.keys(dependencies).map(each => [each, tried[each]])));
  });

  test('has a README with its one command', () => {
    const text = read('examples', name, 'README.md');
    expect(text).toContain(`\n\`\`\`\nnpm run example -- ${name}\n\`\`\`\n`);
    expect(existsSync(join(root, 'docs/connect-a-client.md'))).toBe(true);
  });

  test('registers its clients under ids of its own, without a secret in the file', () => {
    const { clients, faults } = readClientFile(read('examples', name, 'clients.yaml'));
    expect(faults).toEqual([]);
    expect(clients.length).toBeGreaterThan(0);
    expect(clients.filter(({ id, secretFile }) => !id.startsWith('example-') || secretFile !== undefined)).toEqual([]);
  });
});
