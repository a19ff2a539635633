/** Adds the commands `tokens import | list | activate`: OATH hardware tokens of people. */
import type { Command } from 'commander';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import { tokenRows, type TokenRow } from '../src/people/token-file.ts';
import { exitData, withBytesOf } from './files.ts';
import { jsonOption, print, printList, type ListOptions } from './output.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';

/** Adds them to `program`. */
export const addTokenCommands = (program: Command): void => {
  const tokens = program.command('tokens').description('OATH hardware tokens of people');

  tokens
    .command('import <file>')
    .description('keeps tokens from a CSV (- for standard input); each counts once a current code of it was typed')
    .action(async (file: string) =>
      withServices(async services => withBytesOf(file, async bytes => importTokens(services, bytes))),
    );

  tokens
    .command('list <user>')
    .description('lists the tokens of a person')
    .addOption(jsonOption())
    .action(async (name: string, options: ListOptions) =>
      withServices(async services => {
        printList(await services.hardwareTokens.list(await userNamed(services, name)), options, {
          heading: ['SERIAL NUMBER', 'TOKEN', 'PERIOD', 'STATE'],
          row: ({ serial, label, period, state }) => [serial, label, `${period} s`, state],
        });
      }),
    );

  tokens
    .command('activate <user> <serial> <code>')
    .description('makes a token count, by the code that it shows now')
    .action(async (name: string, serial: string, code: string) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        if ((await services.hardwareTokens.activate(user, serial, code, 'cli')) === 'wrong')
          throw new Problem('bad-request', 'got a wrong code, expected the one that the token shows now');
        print(`${plain(name)} signs in with the token ${plain(serial)}.`);
      }),
    );
};

const importTokens = async (services: CommandServices, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
  const sum = { added: 0, unchanged: 0, refused: 0 };
  const refuse = (line: number, message: string): void => {
    sum.refused += 1;
    print(plain(`line ${line}: ${message}`));
  };
  for await (const row of tokenRows(bytes)) {
    if ('message' in row) refuse(row.line, row.message);
    else {
      const outcome = await add(services, row);
      if (outcome === 'unknown') refuse(row.line, `upn: no account has the name ${JSON.stringify(row.upn)}`);
      else if (outcome === 'taken') refuse(row.line, `serial number: ${row.serial} is another person's token`);
      else sum[outcome] += 1;
    }
  }
  print(`Added: ${sum.added}. Unchanged: ${sum.unchanged}. Refused: ${sum.refused}.`);
  if (sum.refused > 0) process.exitCode = exitData;
};

const add = async ({ users, hardwareTokens }: CommandServices, row: TokenRow) => {
  const user = await users.find(row.upn);
  return user === undefined ? 'unknown' : hardwareTokens.add(user, row, 'cli');
};
