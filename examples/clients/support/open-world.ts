/** Starts the development server, and prepares its sample people. */
import { startDevelopment } from '../../../test/support/world/development.ts';
import { cli } from './cli.ts';
import { worldVariable, type ExamplePerson, type ExampleWorld } from './world.ts';

/** Sample people whose first method is a call to a phone of their own. */
const names = ['ada', 'grace'];

/** Starts it with these settings, and puts its description into the environment of this process and its workers. */
export const openWorld = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<{ close(): Promise<void> }> => {
  const development = await startDevelopment({ SALLYPORT_LOG_LEVEL: 'warn', ...settings });
  try {
    const { folder, issuer, simulator } = development;
    // oauth2-proxy refuses an address that is not verified.
    for (const name of names) await cli(folder, 'users', 'set', name, '--email-verified');
    const accounts = JSON.parse(await cli(folder, 'users', 'list', '--json')) as readonly Account[];
    const people = names.map((name): ExamplePerson => {
      const { id: sub, displayName, email } = accounts.find(account => account.name === name) ?? missing(name);
      return { ...development.person(name), displayName, email, sub };
    });
    const world: ExampleWorld = { issuer, simulator, folder, people };
    process.env[worldVariable] = JSON.stringify(world);
  } catch (error) {
    await development.stop();
    throw error;
  }
  return { close: () => development.stop() };
};

type Account = Pick<ExamplePerson, 'name' | 'displayName' | 'email'> & { readonly id: string };

const missing = (name: string): never => {
  throw new Error(`the development server has no ${name}`);
};
