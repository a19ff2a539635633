/** Declares the options of a client for commander, and reads what was typed as one change. */
import { Option, type Command } from 'commander';
import { joinChanges, type ClientChange } from '../../src/oidc/clients/change.ts';
import type { ClientOption } from './option.ts';
import { clientOptions } from './options.ts';

/** What commander gives: by the option's name in camel case. */
export type Typed = Readonly<Record<string, unknown>>;

type CommandName = NonNullable<ClientOption['only']>;

const of = (command: CommandName): readonly ClientOption[] =>
  clientOptions.filter(({ only = command }) => only === command);

/** Declares the options of this command. */
export const declareOptions = (command: Command, name: CommandName): Command => {
  for (const option of of(name)) {
    for (const declared of declarations(option, name)) command.addOption(declared);
  }
  return command;
};

const declarations = (
  { name, argument, choices, help, removalHelp = 'removes what was registered', list }: ClientOption,
  command: CommandName,
): readonly Option[] => {
  if (list !== undefined && command === 'set') {
    return [
      new Option(`--add-${name} <${argument}...>`, help),
      new Option(`--remove-${name} <${argument}...>`, removalHelp),
    ];
  }
  if (list !== undefined) return [new Option(`--${name} <${argument}...>`, help)];
  const declared = new Option(argument === undefined ? `--${name}` : `--${name} <${argument}>`, help);
  if (choices !== undefined) declared.choices(choices);
  return [declared, new Option(`--no-${name}`).hideHelp()];
};

/** What was typed, as one change of a client. */
export const readOptions = (typed: Typed, command: CommandName): ClientChange =>
  joinChanges(of(command).map(option => changeOf(option, typed, command)));

const changeOf = (option: ClientOption, typed: Typed, command: CommandName): ClientChange => {
  const { name, list, members, change } = option;
  if (list !== undefined && command === 'set') {
    return {
      add: { [list]: textsIn(typed, `add-${name}`) },
      remove: { [list]: textsIn(typed, `remove-${name}`) },
    };
  }
  const given = typed[camelCase(name)];
  if (given === undefined) return {};
  if (given === false) return { unset: members };
  if (Array.isArray(given)) return joinChanges(given.map(each => change(String(each))));
  return change(typeof given === 'string' ? given : '');
};

const textsIn = (typed: Typed, name: string): readonly string[] => {
  const given = typed[camelCase(name)];
  return Array.isArray(given) ? given.map(String) : [];
};

const camelCase = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
