/** Tests the documents: links lead to files, commands exist, and every code that a page can show is explained. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addAuditCommands } from '../cli/audit.ts';
import { addAuthenticatorCommands } from '../cli/authenticator.ts';
import { addClientCommands } from '../cli/clients.ts';
import { addConfigCommands } from '../cli/config.ts';
import { addDataCommands } from '../cli/data.ts';
import { addSessionCommands } from '../cli/help-desk.ts';
import { addKeyCommands } from '../cli/keys.ts';
import { addMigrateCommand } from '../cli/migrate.ts';
import { addMethodCommands } from '../cli/methods.ts';
import { addPolicyCommands } from '../cli/policy.ts';
import { addOutboxCommands } from '../cli/outbox.ts';
import { addTokenCommands } from '../cli/tokens.ts';
import { addUserCommands } from '../cli/users.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const program = new Command();
for (const add of [
  addUserCommands,
  addMethodCommands,
  addKeyCommands,
  addTokenCommands,
  addClientCommands,
  addConfigCommands,
  addAuditCommands,
  addPolicyCommands,
  addOutboxCommands,
  addSessionCommands,
  addAuthenticatorCommands,
  addDataCommands,
  addMigrateCommand,
])
  add(program);

const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => join('docs', name));
const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'simulator/README.md', ...inDocs];

const isKnown = ({ group, name }: { readonly group: string; readonly name: string }): boolean => {
  const command = program.commands.find(each => each.name() === group);
  // `migrate --dry-run` is a command with an option.
  return name.startsWith('-') ? command !== undefined : (command?.commands.some(each => each.name() === name) ?? false);
};

describe.each(documents)('%s', document => {
  const text = read(document);

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = targets.filter(target => !existsSync(join(root, dirname(document), target)));
    expect(missing).toEqual([]);
  });

  it('has no mark of an unfinished merge, also not as the formatter writes it', () => {
    expect(text).not.toMatch(/^(?:<{7}|>{7}|(?:> ){6,}>|\\?={7}$| *\\={7}$)/m);
  });

  it('names scripts of package.json only', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z\d:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter(name => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names commands of the command line only', () => {
    const named = [...text.matchAll(/(?:npm run cli --|node cli\/index\.ts) ([a-z]+) ([a-z-]+)/g)].map(
      ([, group = '', name = '']) => ({
        group,
        name,
      }),
    );
    expect(named.filter(each => !isKnown(each))).toEqual([]);
  });
});
