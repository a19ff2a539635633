/** The commands `clients team`, `add-member` and `remove-member`: who may change a client in the developer portal. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import type { TeamChange } from '../../src/oidc/developers/team.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from '../output.ts';
import { clientNamed, userNamed, withServices } from '../services.ts';

/** Declares them. */
export const declareTeam = (clients: Command): void => {
  clients
    .command('team <id>')
    .description('lists who may change a client in the developer portal')
    .addOption(jsonOption())
    .action(async (id: string, options: ListOptions) =>
      withServices(async services => {
        await clientNamed(services, id);
        const team = await services.teams.of(id);
        const rows = await Promise.all(
          team.map(async ({ userId, role, addedAt }) => ({
            name: (await services.users.get(userId))?.name ?? userId,
            role,
            addedAt: isoTime(addedAt),
          })),
        );
        printList(rows, options, {
          heading: ['NAME', 'ROLE', 'ADDED'],
          row: ({ name, role = '', addedAt }) => [name, role, addedAt],
        });
      }),
    );
  clients
    .command('add-member <id> <name>')
    .description('lets a person change a client in the developer portal')
    .option('--owner', 'they may also delete it, and add and remove people')
    .action(async (id: string, name: string, { owner }: { readonly owner?: true }) =>
      withServices(async services => {
        await clientNamed(services, id);
        const user = await userNamed(services, name);
        const role = owner ? 'owner' : 'member';
        assertDone(await services.teams.set(id, user.id, role, 'operator'));
        const event = { event: 'client.member-set', actor: 'cli', subject: user.id, client: id, role } as const;
        await services.audit({ ...event, outcome: 'success' });
        print(`${plain(user.name)} is ${owner ? 'an owner' : 'a member'} of the team.`);
      }),
    );
  clients
    .command('remove-member <id> <name>')
    .description('takes a person out of the team of a client')
    .action(async (id: string, name: string) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        assertDone(await services.teams.remove(id, user.id));
        const event = { event: 'client.member-removed', actor: 'cli', subject: user.id, client: id } as const;
        await services.audit({ ...event, outcome: 'success' });
        print(`${plain(user.name)} is not of the team any more.`);
      }),
    );
};

const refusals: Readonly<Record<Exclude<TeamChange, 'done'>, string>> = {
  absent: 'this person is not of the team',
  'last-owner': 'this person is the last owner: make another person owner first (`clients add-member ID NAME --owner`)',
  full: 'the team has as many people as it may have',
};
const assertDone = (changed: TeamChange): void => {
  if (changed !== 'done') throw new Problem('bad-request', refusals[changed]);
};
