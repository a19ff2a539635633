/** Adds the commands `config check | print | docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { redisOf } from '../src/config/redis.ts';
import { smtpOf } from '../src/config/smtp.ts';
import { twilioOf } from '../src/config/twilio.ts';
import { readSettings } from '../src/config/reading.ts';
import { inForce, referencePage } from '../src/config/reference.ts';
import { errorDocument } from '../src/error-reference/document.ts';
import type { LiveSettings } from './check-live/finding.ts';
import { commandEnvironment, developmentSource } from './environment.ts';
import { plain } from '../src/masking.ts';
import { createBreakGlass } from '../src/users/break-glass.ts';
import { loadSettings } from '../src/config.ts';
import { metricsPage } from '../server/metrics/reference.ts';
import { newDatabase } from '../server/resources.ts';
import { declaredIn } from './clients/apply.ts';
import { withServices } from './services.ts';
import { print } from './output.ts';

/** EX_CONFIG of sysexits.h. */
const exitConfig = 78;

const reportLive = async (live: LiveSettings): Promise<number> => {
  // Imported here because the carrier's library loads slowly.
  const { checkLive, lineOf } = await import('./check-live.ts');
  const { schemaFinding } = await import('./check-live/schema.ts');
  const findings = [...(await checkLive(live, Date.now)), await schemaFinding()];
  for (const finding of findings) print(plain(lineOf(finding)));
  return findings.every(({ ok }) => ok) ? 0 : exitConfig;
};

/** Of these names, those that no account has. Opens the stores only where there are names, and creates no database. */
const missingBreakGlass = async (names: readonly string[]): Promise<readonly string[]> => {
  if (names.length === 0) return [];
  if (newDatabase(loadSettings(commandEnvironment(process.env))) !== undefined) return names;
  return withServices(async ({ users }) => {
    const found = await Promise.all(
      names.map(async name => {
        const user = await users.find(name);
        return user !== undefined && createBreakGlass([name])(user);
      }),
    );
    return names.filter((_, at) => found[at] !== true);
  });
};

/** Adds them to `program`. */
export const addConfigCommands = (program: Command): void => {
  const config = program.command('config').description('the settings');

  config
    .command('check')
    .description('reports all mistakes; exits with 78 if there is one')
    .option(
      '--live',
      'also asks the stores, the carrier, the mail server and our public address; places no call, sends no mail',
    )
    .action(async ({ live }: { readonly live?: true }) => {
      const environment = commandEnvironment(process.env);
      const { values } = readSettings(environment);
      if (values.clientsDir !== undefined) declaredIn(values.clientsDir);
      print(`The configuration is good: ${values.mode}, ${values.issuer.origin}.`);
      for (const name of await missingBreakGlass(values.breakGlass ?? [])) {
        print(`Warning: no account has the name ${JSON.stringify(plain(name))} of SALLYPORT_BREAK_GLASS.`);
      }
      const { mode, issuer, factors, database, proxyHops = 0 } = values;
      if (live) {
        const outside = { redis: redisOf(values), twilio: twilioOf(values), smtp: smtpOf(values) };
        process.exitCode = await reportLive({ mode, issuer, proxyHops, factors, database, ...outside });
      }
    });

  config
    .command('print')
    .description('shows the values in force and their sources; secrets are hidden')
    .action(() => {
      const { env } = process;
      process.stdout.write(inForce(readSettings(commandEnvironment(env)), name => developmentSource(env, name)));
    });

  config
    .command('docs')
    .description('generates docs/configuration.md, docs/errors.md and docs/metrics.md')
    .action(() => {
      const docs = join(import.meta.dirname, '../docs');
      writeFileSync(join(docs, 'configuration.md'), referencePage());
      writeFileSync(join(docs, 'errors.md'), errorDocument());
      writeFileSync(join(docs, 'metrics.md'), metricsPage());
      print('Wrote docs/configuration.md, docs/errors.md and docs/metrics.md.');
    });
};
