/** Adds the command `dev` (`npm start`), which starts the development environment. */
import type { Command } from 'commander';
import { ConfigError } from '../src/config.ts';
import { refuseProduction } from './development-only.ts';
import { print } from './output.ts';
import { portUpTo } from './typed.ts';

/** Adds it to `program`. */
export const addDevCommand = (program: Command): void => {
  program
    .command('dev')
    .description('starts a development environment: server, telephone simulator, sample relying party, people')
    .option(
      '--port <n>',
      'port of the server; the simulator and the relying party use the next two',
      portUpTo(65_533),
      3000,
    )
    .option('--reset', 'deletes all state and starts from scratch')
    .action(async (options: { port: number; reset?: true }) => {
      // Its phones are simulated, and everybody on the internet could use them.
      refuseProduction('this command prints passwords');
      refuseOtherIssuer(options.port);
      // The rest takes seconds on a slow machine.
      print('Starting server, telephone simulator and sample relying party ...');
      // Imported here because no other command needs the server and its libraries.
      const { runDevelopment } = await import('./dev/run.ts');
      await runDevelopment(options.port, options.reset === true);
    });
};

/** Another issuer could not work: the phones and the client of this environment are on loopback. */
const refuseOtherIssuer = (port: number): void => {
  const { SALLYPORT_ISSUER: got } = process.env;
  const own = `http://localhost:${port}`;
  if (got === undefined || URL.parse(got)?.origin === own) return;
  throw new ConfigError([
    { name: 'SALLYPORT_ISSUER', got, expected: `${own} or unset: the development environment is on this machine` },
  ]);
};
