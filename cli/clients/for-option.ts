/** The options `--for` and `--url` of `clients add` and `clients show`. */
import { Option } from 'commander';
import { Problem } from '../../src/errors.ts';
import type { ClientChange } from '../../src/oidc/clients/change.ts';
import { print } from '../output.ts';
import {
  differencesFrom,
  isSoftware,
  notesFor,
  registrationFor,
  snippetFor,
  software,
  type SoftwareName,
} from '../../src/oidc/clients/software/index.ts';
import type { RegisteredValues } from '../../src/oidc/clients/software/index.ts';
import type { Software } from '../../src/oidc/clients/software/software.ts';

/** `--for`, with all names that it knows. */
export const forOption = (help: string): Option => new Option('--for <software>', help).choices(Object.keys(software));

/** The options as typed. */
export interface ForOptions {
  readonly for?: string;
  readonly url?: string;
  readonly redirectUri?: readonly string[];
}

/** The software that `--for` names, if it was given. */
export const typedSoftware = ({ for: typed }: ForOptions): SoftwareName | undefined =>
  isSoftware(typed) ? typed : undefined;

/**
 * What `--for` and `--url` register.
 * @throws Problem 'bad-request' for one that needs the other
 */
export const registrationOf = (typed: ForOptions): ClientChange => {
  const name = typedSoftware(typed);
  if (name === undefined) {
    if (typed.url !== undefined) throw new Problem('bad-request', 'got --url without --for, expected --redirect-uri');
    return {};
  }
  const { url }: Software = software[name];
  if (typed.url !== undefined && url !== undefined) {
    throw new Problem('bad-request', `got --url for ${name}, expected none: it runs on the machine of each person`);
  }
  if (typed.url === undefined && typed.redirectUri === undefined && url === undefined) {
    throw new Problem(
      'bad-request',
      `got --for ${name} alone, expected --url with the address of ${software[name].title} too`,
    );
  }
  // A redirect address that was typed takes the place of the usual one.
  return typed.redirectUri === undefined
    ? registrationFor(name, typed.url)
    : { set: registrationFor(name, undefined).set ?? {} };
};

/** Prints the configuration of the software for this client, and what else to know. */
export const printSnippet = (name: SoftwareName, values: RegisteredValues, client: object): void => {
  const { title, file }: Software = software[name];
  print(`\n${title}, ${file}:\n\n${snippetFor(name, values)}`);
  for (const note of notesFor(name, values.clientId, client)) print(`- ${note}`);
  for (const difference of differencesFrom(name, client))
    print(`- This client is registered otherwise: ${difference}.`);
};
