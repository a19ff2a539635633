/** The commands `clients waiting` and `clients approve`: what developers registered and an administrator must approve. */
import type { Command } from 'commander';
import { waitingOf } from '../../src/oidc/waiting-clients.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from '../output.ts';
import { withServices } from '../services.ts';
import { problemOf } from './refused-change.ts';

/** Declares both. */
export const declareApproval = (clients: Command): void => {
  clients
    .command('waiting')
    .description('lists clients that wait for approval, with the addresses that would be used')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const registry = await services.clients();
        const waiting = (await registry.waiting()).map(({ metadata }) => ({
          id: metadata.client_id,
          name: metadata.client_name ?? metadata.client_id,
          ...waitingOf(metadata),
          redirectUris: [...(metadata.redirect_uris ?? []), ...waitingOf(metadata).redirectUris],
        }));
        printList(waiting, options, {
          heading: ['ID', 'NAME', 'WAITS', 'REDIRECT URIS'],
          row: ({ id, name, since, redirectUris }) => [
            id,
            name,
            since === undefined ? 'new addresses' : `since ${isoTime(since)}`,
            redirectUris.join(' '),
          ],
        });
      }),
    );
  clients
    .command('approve <id>')
    .description('lets a client of a developer be used, with all of its redirect addresses')
    .action(async (id: string) =>
      withServices(async services => {
        const approved = await (await services.clients()).approve(id, 'cli');
        if (!approved.ok) throw problemOf(approved);
        print('Approved.');
      }),
    );
};
