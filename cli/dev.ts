/** `dev` (`npm start`): the development world on this machine. */
import { InvalidArgumentError, type Command } from 'commander';
import { ConfigError } from '../src/config.ts';

export const addDevCommand = (program: Command): void => {
  program
    .command('dev')
    .description('starts a whole world on this machine: server, telephone simulator, sample relying party, people')
    .option(
      '--port <n>',
      'the server listens here, the simulator and the relying party on the next two',
      readPort,
      3000,
    )
    .option('--reset', 'forgets everything and starts anew')
    .action(async (options: { port: number; reset?: true }) => {
      refuseProduction();
      refuseOtherIssuer(options.port);
      // the server and its libraries: no other command needs them
      const { runWorld } = await import('./dev/run.ts');
      await runWorld(options.port, options.reset === true);
    });
};

const readPort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_533) throw new InvalidArgumentError('expected a number from 1 to 65533');
  return port;
};

/** A world of printed passwords and simulated phones must never be what the internet reaches. */
const refuseProduction = (): void => {
  for (const name of ['NODE_ENV', 'SALLYPORT_MODE']) {
    if (process.env[name] === 'production') {
      const expected = 'no production: this world prints its passwords; npm run serve is the server';
      throw new ConfigError([{ name, got: 'production', expected }]);
    }
  }
};

/** It would be left unheard: this world's people, phones and clients live on loopback. */
const refuseOtherIssuer = (port: number): void => {
  const { SALLYPORT_ISSUER: got } = process.env;
  const own = `http://localhost:${port}`;
  if (got === undefined || URL.parse(got)?.origin === own) return;
  throw new ConfigError([
    { name: 'SALLYPORT_ISSUER', got, expected: `${own} or nothing: this world is on this machine` },
  ]);
};
