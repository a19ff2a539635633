/**
 * Adds the commands `registration-tokens add | list | remove`: initial access tokens, with which clients register themselves
 * (RFC 7591 §3).
 */
import type { Command } from 'commander';
import type { Settings } from '../src/config.ts';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import { policiesOf } from '../src/oidc/client-files/client-files.ts';
import { policyNamed, standardPolicy, type RegistrationPolicies } from '../src/oidc/registration/policies.ts';
import { maxUses } from '../src/oidc/registration/registration-tokens.ts';
import { declaredIn } from './clients/apply.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';
import { withServices, type CommandServices } from './services.ts';
import { typedCount, typedSpan } from './typed.ts';

interface AddOptions {
  readonly uses: string;
  readonly expiresIn: string;
  readonly policy: string;
  readonly label?: string;
}

/** Adds them to `program`. */
export const addRegistrationTokenCommands = (program: Command): void => {
  const tokens = program
    .command('registration-tokens')
    .description('initial access tokens, with which clients register themselves');

  tokens
    .command('add')
    .description('makes a token and prints it, once')
    .option('--uses <count>', 'how many clients may register with it', '1')
    .option('--expires-in <time>', 'how long it works, such as 12h or 30d', '7d')
    .option('--policy <name>', 'the policy for its clients', standardPolicy)
    .option('--label <text>', 'for whom it is, for the list')
    .action(async (options: AddOptions) => withServices(async services => add(services, options)));

  tokens
    .command('list')
    .description('lists the tokens, without their secrets')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async ({ registrationTokens }) => {
        const listed = (await registrationTokens.list()).map(({ hash: _hash, rev: _rev, ...shown }) => shown);
        printList(listed, options, {
          heading: ['ID', 'POLICY', 'USES LEFT', 'EXPIRES', 'LABEL'],
          row: ({ id, policy, usesLeft, expiresAt, label = '' }) => [
            id,
            plain(policy),
            String(usesLeft),
            isoTime(expiresAt),
            plain(label),
          ],
        });
      }),
    );

  tokens
    .command('remove <id>')
    .description('removes a token; clients that registered with it stay')
    .action(async (id: string) =>
      withServices(async ({ registrationTokens }) => {
        if (!(await registrationTokens.remove(id, 'cli')))
          throw new Problem('not-found', `no registration token ${JSON.stringify(id)}`);
        print('Removed.');
      }),
    );
};

const add = async (services: CommandServices, options: AddOptions): Promise<void> => {
  const { settings } = services.resources;
  const uses = typedCount('--uses', options.uses, maxUses);
  const expiresIn = typedSpan('--expires-in', options.expiresIn);
  const { policy, label } = options;
  if (policyNamed(declaredPolicies(settings), policy) === undefined)
    throw new Problem(
      'bad-request',
      `--policy: got ${JSON.stringify(policy)}, expected ${standardPolicy} or one of a file`,
    );
  const wish = { policy, uses, expiresIn, ...(label !== undefined && { label }) };
  print(`registration_token  ${await services.registrationTokens.add(wish, 'cli')}`);
  print(`It registers ${uses === 1 ? 'one client' : `${uses} clients`} at ${settings.issuer.origin}/reg.`);
  if (!settings.offersRegistration) print('No client can use it yet: SALLYPORT_REGISTRATION is off.');
};

const declaredPolicies = ({ clientsDir }: Pick<Settings, 'clientsDir'>): RegistrationPolicies =>
  clientsDir === undefined ? {} : policiesOf(declaredIn(clientsDir));
