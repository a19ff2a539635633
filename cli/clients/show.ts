/** The command `clients show`. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { jsonOption, print, type ListOptions } from '../output.ts';
import { withServices } from '../services.ts';

/** Declares it. */
export const declareShow = (clients: Command): void => {
  clients
    .command('show <id>')
    .description('shows how a client is registered, without its secret')
    .addOption(jsonOption())
    .action(async (id: string, { json }: ListOptions) =>
      withServices(async services => {
        const client = await (await services.clients()).find(id);
        if (client === undefined) throw new Problem('not-found', `no client ${JSON.stringify(id)}`);
        if (json) print(JSON.stringify(client.metadata, undefined, 2));
        else print(lines(client.metadata));
      }),
    );
};

/** A line for each member. */
const lines = (client: object): string =>
  Object.entries(client)
    .map(([member, value]) => `${member.padEnd(30)}${plain([value].flat().map(String).join(' '))}`)
    .join('\n');
