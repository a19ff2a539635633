/** Adds the command `authenticator rotate-key`: a new key for the requests that the authenticator gets. */
import type { Command } from 'commander';
import { print } from './output.ts';
import { withServices } from './services.ts';

/** Adds it to `program`. */
export const addAuthenticatorCommands = (program: Command): void => {
  program
    .command('authenticator')
    .description('the web app in which people approve sign-ins')
    .command('rotate-key')
    .description('replaces the key that signs requests to it; paired devices follow by themselves')
    .action(async () =>
      withServices(async ({ pushKeys }) => {
        print(
          `The key that signs requests is ${await pushKeys.rotate('cli')} now. Running servers use it within 10 s.`,
        );
      }),
    );
};
