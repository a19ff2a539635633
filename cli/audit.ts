/** Adds the commands `audit find | show`: what the help desk reads about a sign-in or a person. */
import { Option, type Command } from 'commander';
import { createAuditTrail } from '../src/audit.ts';
import { typedCrockford } from '../src/crockford.ts';
import { plain } from '../src/masking.ts';
import { auditEventKind, type AuditRecord } from '../src/records.ts';
import { inPlainWords } from './audit-words.ts';
import { isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';

interface FindOptions extends ListOptions {
  readonly reference?: string;
  readonly user?: string;
  readonly limit: string;
}

/** Adds it to `program`. */
export const addAuditCommands = (program: Command): void => {
  const audit = program.command('audit').description('recorded events');

  audit
    .command('find')
    .description('shows the events of a sign-in or a person, the newest first')
    .option('--reference <text>', 'the reference that a page shows, such as 7G2K-9QXM')
    .option('--user <name>', 'an account')
    .addOption(new Option('--limit <number>', 'most events to show, up to 100').default('50'))
    .addOption(jsonOption())
    .action(async (options: FindOptions) =>
      withServices(async services => {
        const found = await find(services, options);
        if (options.json || found.length > 0) {
          const table = { heading: ['TIME (UTC)', 'EVENT', 'OUTCOME', 'BY', 'FACTS'], row: rowOf };
          printList(found.map(toListed), options, table);
        } else print(`Nothing is recorded about ${plain(options.reference ?? options.user ?? 'anybody')}.`);
        if (!options.json) print(retentionOf(services));
      }),
    );

  audit
    .command('show <reference>')
    .description('tells what happened in one sign-in, in plain words and in order')
    .action(async (reference: string) =>
      withServices(async services => {
        const found = (await find(services, { reference, limit: '100' })).toReversed();
        for (const record of found) print(inPlainWords(record));
        if (found.length === 0) print(`Nothing is recorded about ${plain(reference)}.`);
        print(retentionOf(services));
      }),
    );
};

const find = async (services: CommandServices, { reference, user, limit }: FindOptions) => {
  const events = services.resources.durable.collection(auditEventKind);
  const query = {
    ...(reference !== undefined && { reference: typedCrockford(reference) ?? reference }),
    ...(user !== undefined && { subject: (await userNamed(services, user)).id }),
  };
  const most = Number(limit);
  return createAuditTrail({ events }).find(query, { limit: Number.isInteger(most) && most > 0 ? most : 50 });
};

/** A record in a list. Its time as in ISO 8601. */
const toListed = ({ rev: _rev, at, ...record }: AuditRecord) => ({ at: isoTime(at), ...record });

const rowOf = ({ at, event, outcome, actor, facts }: ReturnType<typeof toListed>): readonly string[] => [
  at.slice(0, 19).replace('T', ' '),
  event,
  outcome,
  actor,
  Object.entries(facts)
    // The decision of the policy is too long for a column: `policy explain` words it.
    .filter(([name]) => name !== 'policy')
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
];

/** Says what cannot be found any more: a reference that was deleted would otherwise look like one that never was. */
const retentionOf = ({ resources: { settings, clock } }: CommandServices): string => {
  const { auditRetention } = settings;
  if (!Number.isFinite(auditRetention)) return 'No record is deleted by age.';
  const since = new Date(clock() - auditRetention).toISOString().slice(0, 10);
  return `Records from before ${since} are deleted (SALLYPORT_AUDIT_RETENTION).`;
};
