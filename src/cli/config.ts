/** `config check | print | docs` */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../config/reading.ts';
import { inForce, referencePage } from '../config/reference.ts';
import { commandEnvironment, worldSource } from './environment.ts';
import { say } from './output.ts';

export const addConfigCommands = (program: Command): void => {
  const config = program.command('config').description('the settings');

  config
    .command('check')
    .description('reports every mistake, or none; exits with 78 where there is one')
    .action(() => {
      const { values } = readSettings(commandEnvironment(process.env));
      say(`The configuration is good: ${values.mode}, ${values.issuer.origin}.`);
    });

  config
    .command('print')
    .description('shows what is in force and where it comes from, secrets hidden')
    .action(() => {
      const { env } = process;
      process.stdout.write(inForce(readSettings(commandEnvironment(env)), name => worldSource(env, name)));
    });

  config
    .command('docs')
    .description('writes docs/configuration.md anew')
    .action(() => {
      const path = join(import.meta.dirname, '../../docs/configuration.md');
      writeFileSync(path, referencePage());
      say('docs/configuration.md is written.');
    });
};
