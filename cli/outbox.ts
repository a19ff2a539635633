/** Adds the commands `outbox list | retry | remove`: messages to relying parties and mails to people that have not arrived yet. */
import type { Command } from 'commander';
import { allOf } from '../src/all-pages.ts';
import { Problem } from '../src/errors.ts';
import type { OutboxMessage } from '../src/records.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';
import { withServices, type CommandServices } from './services.ts';

interface ChosenOptions {
  readonly givenUp?: true;
}

/** Adds them to `program`. */
export const addOutboxCommands = (program: Command): void => {
  const outbox = program
    .command('outbox')
    .description('messages to relying parties and mails to people that have not arrived yet');

  outbox
    .command('list')
    .description('lists the messages, the oldest first')
    .option('--given-up', 'only those that are no longer tried')
    .addOption(jsonOption())
    .action(async (options: ListOptions & ChosenOptions) =>
      withServices(async services => {
        const messages = await allIn(services, options);
        printList(messages.map(shown), options, {
          heading: ['ID', 'KIND', 'TO', 'STATE', 'ATTEMPTS', 'NEXT (UTC)', 'LAST FAILURE'],
          row: ({ id, kind, recipient, state, attempts, next, lastError }) => [
            id,
            kind,
            recipient,
            state,
            `${attempts}`,
            next?.slice(0, 19).replace('T', ' ') ?? '–',
            lastError ?? '–',
          ],
        });
      }),
    );

  outbox
    .command('retry [id]')
    .description('tries a message again now, and for one more day; the running server sends it')
    .option('--given-up', 'all that are no longer tried')
    .action(async (id: string | undefined, { givenUp }: ChosenOptions) =>
      withServices(async services => {
        if ((id === undefined) === (givenUp === undefined)) {
          throw new Problem(
            'bad-request',
            'expected the id of a message (outbox list), or --given-up for all of those',
          );
        }
        const ids = id === undefined ? (await allIn(services, { givenUp: true })).map(message => message.id) : [id];
        let count = 0;
        for (const each of ids) if (await services.outbox.retry(each, 'cli')) count += 1;
        if (count === 0 && id !== undefined) throw new Problem('not-found', `no message ${JSON.stringify(id)}`);
        print(`${count} to be tried now.`);
      }),
    );

  outbox
    .command('remove <id>')
    .description('removes a message, which is then not sent')
    .action(async (id: string) =>
      withServices(async services => {
        if (!(await services.outbox.remove(id, 'cli'))) {
          throw new Problem('not-found', `no message ${JSON.stringify(id)}`);
        }
        print('Removed.');
      }),
    );
};

/** All messages, read in pages. The outbox is bounded, so they fit in memory. */
const allIn = ({ outbox }: CommandServices, { givenUp }: ChosenOptions): Promise<readonly OutboxMessage[]> =>
  allOf(page => outbox.list(givenUp === true ? 'given-up' : undefined, { ...page, limit: 500 }));

/** What an operator sees of a message. Never its data. */
const shown = ({ id, kind, recipient, subject, state, attempts, createdAt, dueAt, lastError }: OutboxMessage) => ({
  id,
  kind,
  recipient,
  ...(subject !== undefined && { subject }),
  state,
  attempts,
  added: isoTime(createdAt),
  ...(state === 'waiting' && { next: isoTime(dueAt) }),
  ...(lastError !== undefined && { lastError }),
});
