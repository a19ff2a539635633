/** Adds the commands `users import | export`, which move people in bulk. */
import { Option, type Command } from 'commander';
import { createBulkAudit } from '../src/audit.ts';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import { exportPeople, type ExportFormat } from '../src/people/export.ts';
import { importPeople, type Difference, type ImportDeps, type ImportResult } from '../src/people/import.ts';
import type { RowMistake } from '../src/people/members.ts';
import { rowsIn } from '../src/people/read-file.ts';
import { auditEventKind, authenticatorKind, userKind } from '../src/records.ts';
import { exitData, openFile, withBytesOf } from './files.ts';
import { print, printJsonLine } from './output.ts';
import { withServices, type CommandServices } from './services.ts';

interface ImportFlags {
  readonly dryRun?: true;
  readonly ignoreUnknown?: true;
  readonly json?: true;
}
interface ExportFlags {
  readonly format: ExportFormat;
  readonly withSecrets?: true;
  readonly output?: string;
}

/** Adds them to the group `users`. */
export const addPeopleCommands = (users: Command): void => {
  users
    .command('import <file>')
    .description('adds people from a CSV or JSON lines file (- for standard input); never changes an existing account')
    .option('--dry-run', 'reports all mistakes and differences, and stores nothing')
    .option('--ignore-unknown', 'ignores unknown columns and members')
    .option('--json', 'prints a JSON object for each mistake, each difference, and the result')
    .action(async (file: string, flags: ImportFlags) =>
      withServices(async services => {
        const result = await withBytesOf(file, async bytes => importFile(services, bytes, flags));
        if (result.refused > 0 || result.different > 0) process.exitCode = exitData;
      }),
    );

  users
    .command('export')
    .description('writes all people in the form that import reads')
    .addOption(new Option('--format <format>', 'form of the file').choices(['csv', 'jsonl']).default('csv'))
    .option(
      '--with-secrets',
      'adds password hashes and seeds of apps; anyone who reads them can sign in as these people',
    )
    .option('--output <file>', 'a new file, readable by its owner only; standard output by default')
    .action(async (flags: ExportFlags) => withServices(async services => exportFile(services, flags)));
};

/** What an import needs of the services. */
export const importDepsOf = ({ resources, authenticators, hashWorks }: CommandServices): ImportDeps => {
  const { durable, clock, settings } = resources;
  return {
    users: durable.collection(userKind),
    records: durable.collection(authenticatorKind),
    authenticators,
    hashWorks,
    bulkAudit: createBulkAudit({ events: durable.collection(auditEventKind), clock }),
    clock,
    reach: settings.reach,
  };
};

const importFile = async (
  services: CommandServices,
  bytes: AsyncIterable<Uint8Array>,
  flags: ImportFlags,
): Promise<ImportResult> => {
  const isShown = process.stderr.isTTY && flags.json !== true;
  const result = await importPeople(
    importDepsOf(services),
    rowsIn(bytes, { ignoreUnknown: flags.ignoreUnknown === true }),
    {
      actor: 'cli',
      dryRun: flags.dryRun === true,
      onMistake: mistake => (flags.json ? printJsonLine({ mistake }) : print(mistakeLine(mistake))),
      onDifference: different => (flags.json ? printJsonLine({ different }) : print(differenceLine(different))),
      onProgress: each => void (isShown && process.stderr.write(`\r${sumOf(each)} rows …`)),
    },
  );
  if (isShown) process.stderr.write('\r\u001B[K');
  if (flags.json) printJsonLine({ result });
  else print(resultLines(result, flags.dryRun === true));
  return result;
};

const mistakeLine = ({ line, member, message }: RowMistake): string =>
  plain(`line ${line}${member === undefined ? '' : `, ${member}`}: ${message}`);
const differenceLine = ({ line, name, members }: Difference): string =>
  plain(`line ${line}: ${name} the account has another ${members.join(', ')}; nothing was changed`);

const sumOf = ({ added, unchanged, different, refused }: ImportResult): number =>
  added + unchanged + different + refused;

const resultLines = ({ added, unchanged, different, refused, weak }: ImportResult, isDry: boolean): string => {
  const lines = [
    `${isDry ? 'To add' : 'Added'}: ${added}. Unchanged: ${unchanged}. Different: ${different}. Refused: ${refused}.`,
  ];
  if (weak > 0)
    lines.push(
      `${weak} of the added have a hash or seed that is easy to guess if it leaks. A hash is replaced at the first sign-in.`,
    );
  return lines.join('\n');
};

const exportFile = async (services: CommandServices, flags: ExportFlags): Promise<void> => {
  const { resources, authenticators, audit } = services;
  const { format, withSecrets = false, output } = flags;
  if (withSecrets && output === undefined && process.stdout.isTTY)
    throw new Problem('bad-request', 'got a terminal for password hashes and seeds, expected --output or a pipe');
  // Recorded before the first byte leaves, so that no export with secrets goes unseen.
  await audit({
    event: 'users.exported',
    actor: 'cli',
    outcome: 'info',
    reason: withSecrets ? 'with-secrets' : 'plain',
  });
  const lines = exportPeople(
    { users: resources.durable.collection(userKind), authenticators, issuer: resources.settings.issuer.hostname },
    {
      format,
      withSecrets,
      onUnreadable: ({ name }) =>
        void process.stderr.write(`${plain(name)}: some methods cannot be opened with the sealing keys; left out.\n`),
    },
  );
  if (output === undefined) {
    for await (const line of lines) {
      if (!process.stdout.write(line)) await new Promise(resolve => process.stdout.once('drain', resolve));
    }
    return;
  }
  // 'wx': an existing file may be readable by others.
  const file = await openFile(output, 'wx');
  try {
    for await (const line of lines) await file.appendFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
};
