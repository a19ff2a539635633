/** Adds the command `dev` (`npm start`), which starts the development environment. */
import { InvalidArgumentError, type Command } from 'commander';
import { ConfigError } from '../src/config.ts';
import { refuseProduction } from './development-only.ts';
import { print } from './output.ts';

/** Adds it to `program`. */
export const addDevCommand = (program: Command): void => {
  program
    .command('dev')
    .description('starts a development environment: server, telephone simulator, sample relying party, people')
    .option('--port <n>', 'port of the server; the simulator and the relying party use the next two', readPort, 3000)
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

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_533) throw new InvalidArgumentError('expected a number from 1 to 65533');
  return port;
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
