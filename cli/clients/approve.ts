/** The commands `clients waiting` and `clients approve`: what developers registered and an administrator must approve. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { isWaiting, waitingOf } from '../../src/oidc/waiting-clients.ts';
import { openQuestions } from '../input.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from '../output.ts';
import { clientNamed, withServices } from '../services.ts';
import { problemOf } from './refused-change.ts';
import { waitingLines } from './waiting-text.ts';

/** Declares both. */
export const declareApproval = (clients: Command): void => {
  clients
    .command('waiting')
    .description('lists clients that wait for approval, with what would be used')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const registry = await services.clients();
        const waiting = (await registry.waiting()).map(({ metadata }) => ({
          id: metadata.client_id,
          name: metadata.client_name ?? metadata.client_id,
          ...waitingOf(metadata),
          used: waitingLines(metadata),
        }));
        printList(waiting, options, {
          heading: ['ID', 'NAME', 'WAITS', 'USED ONCE APPROVED'],
          row: ({ id, name, since, used }) => [
            id,
            name,
            since === undefined ? 'a change' : `since ${isoTime(since)}`,
            used.join('; '),
          ],
        });
      }),
    );
  clients
    .command('approve <id>')
    .description('shows what of a client of a developer waits, and lets it be used')
    .option('--yes', 'does not ask for confirmation')
    .action(async (id: string, { yes }: { readonly yes?: true }) =>
      withServices(async services => {
        const { metadata } = await clientNamed(services, id);
        for (const each of waitingLines(metadata)) print(plain(each));
        if (yes !== true && isWaiting(metadata)) await confirm();
        const approved = await (await services.clients()).approve(metadata, 'cli');
        if (!approved.ok) throw problemOf(approved);
        print('Approved.');
      }),
    );
};

/** @throws Problem 'bad-request' unless `yes` is typed */
const confirm = async (): Promise<void> => {
  const questions = openQuestions();
  try {
    const typed = await questions.ask('Type yes to approve this: ');
    if (typed?.trim() !== 'yes') throw new Problem('bad-request', 'got another answer than yes; nothing was approved');
  } finally {
    questions.close();
  }
};
