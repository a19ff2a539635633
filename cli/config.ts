/** `config check | print | docs` */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { twilioOf } from '../src/config.ts';
import { readSettings } from '../src/config/reading.ts';
import { inForce, referencePage } from '../src/config/reference.ts';
import type { Live } from './check-live/finding.ts';
import { commandEnvironment, worldSource } from './environment.ts';
import { plain } from '../src/plain-text.ts';
import { say } from './output.ts';

/** sysexits.h: EX_CONFIG. */
const badConfiguration = 78;

const tellLive = async (live: Live): Promise<number> => {
  // loaded only here: the carrier's library takes its time
  const { checkLive, lineOf } = await import('./check-live.ts');
  const findings = await checkLive(live, Date.now);
  for (const finding of findings) say(plain(lineOf(finding)));
  return findings.every(({ ok }) => ok) ? 0 : badConfiguration;
};

export const addConfigCommands = (program: Command): void => {
  const config = program.command('config').description('the settings');

  config
    .command('check')
    .description('reports every mistake, or none; exits with 78 where there is one')
    .option('--live', 'also asks the carrier and our own public address; nothing is dialled')
    .action(async ({ live }: { readonly live?: true }) => {
      const environment = commandEnvironment(process.env);
      const { values } = readSettings(environment);
      say(`The configuration is good: ${values.mode}, ${values.issuer.origin}.`);
      const { mode, factors } = values;
      if (live) process.exitCode = await tellLive({ mode, factors, twilio: twilioOf(values) });
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
      const path = join(import.meta.dirname, '../docs/configuration.md');
      writeFileSync(path, referencePage());
      say('docs/configuration.md is written.');
    });
};
