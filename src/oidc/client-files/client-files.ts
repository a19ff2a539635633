/**
 * Reads clients, and policies for clients that register themselves, from the files of a folder (`SALLYPORT_CLIENTS_DIR`), and makes the
 * store equal to them.
 *
 *     *.yaml ──file-form.ts──► declared ──plan.ts──► differences ──apply.ts──► registry of clients
 *
 * A file is a map with one or both of these members:
 *
 *     clients:                 { CLIENT_ID: { members of `NewClient`, client_secret_file: PATH } }
 *     registration_policies:   { NAME: { set, hosts, scopes, grant_types } }
 *
 * All mistakes of all files are reported together, and with one of them no client is changed.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NewClient } from '../client-metadata.ts';
import type { RegistrationPolicies, RegistrationPolicy } from '../registration/policies.ts';
import { readClientFile, type ClientInFile } from './file-form.ts';

/** One mistake in the files. `name`: file, member and line. */
export interface DeclaredFault {
  readonly name: string;
  readonly got: string;
  readonly expected: string;
}

/** A client of a file. */
export interface DeclaredClient {
  readonly id: string;
  /** Name of its file. */
  readonly file: string;
  /** File, member and line, for faults. */
  readonly at: string;
  readonly client: NewClient;
  /** From `client_secret_file`. Absent: the secret is made here, or the client has none. */
  readonly secret?: string;
}

/** Everything that the files of a folder declare. */
export interface Declared {
  readonly clients: readonly DeclaredClient[];
  readonly policies: readonly DeclaredPolicy[];
}

/** A policy of a file, for clients that register themselves. `at` as of a client. */
export interface DeclaredPolicy {
  readonly name: string;
  readonly file: string;
  readonly at: string;
  readonly policy: RegistrationPolicy;
}

/** The policies by name, as registrations use them. */
export const policiesOf = ({ policies }: Declared): RegistrationPolicies =>
  Object.fromEntries(policies.map(({ name, policy }) => [name, policy]));

type ReadFiles =
  | { readonly ok: true; readonly declared: Declared }
  | { readonly ok: false; readonly faults: readonly DeclaredFault[] };

/** Bounds for what a start reads. Characters, files and clients. */
const longestFile = 262_144;
const maxFiles = 500;
const maxClients = 2000;
/** Characters of a secret. One that is made here has 43. */
const shortestSecret = 32;
const longestSecret = 512;

/** Reads all files `*.yaml` and `*.yml` of the folder, in the order of their names. Hidden ones are left out. */
export const readClientFiles = (folder: string): ReadFiles => {
  const names = filesIn(folder);
  if ('got' in names) return { ok: false, faults: [names] };
  const faults: DeclaredFault[] = [];
  const clients = new Map<string, DeclaredClient>();
  const policies = new Map<string, DeclaredPolicy>();
  const [clientAgain, resourceAgain, policyAgain] = [
    againFault('client'),
    againFault('resource'),
    againFault('policy'),
  ];
  for (const file of names) {
    const text = textOf(join(folder, file));
    if ('got' in text) {
      faults.push({ name: file, ...text });
      continue;
    }
    const form = readClientFile(text.text);
    faults.push(...form.faults.map(({ at, got, expected }) => ({ name: `${file}: ${at}`, got, expected })));
    for (const each of form.clients) {
      const at = `${file}: ${each.at}`;
      faults.push(...clientAgain(each.id, at));
      if (each.resource !== undefined)
        faults.push(...resourceAgain(each.resource.canonical, `${file}: ${each.resource.at}`));
      const secret = secretOf(each, folder);
      if (secret !== undefined && 'got' in secret) faults.push({ name: at, ...secret });
      const { id, client } = each;
      clients.set(id, {
        id,
        file,
        at,
        client,
        ...(secret !== undefined && 'text' in secret && { secret: secret.text }),
      });
    }
    for (const { name, policy, ...each } of form.policies) {
      const at = `${file}: ${each.at}`;
      faults.push(...policyAgain(name, at));
      policies.set(name, { name, file, at, policy });
    }
  }
  if (clients.size > maxClients)
    faults.push({ name: folder, got: `${clients.size} clients`, expected: `${maxClients} or fewer` });
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, declared: { clients: [...clients.values()], policies: [...policies.values()] } };
};

/** Gives the fault of a name that an earlier place has declared already. `kind`: what is named. */
const againFault = (kind: string): ((name: string, at: string) => readonly DeclaredFault[]) => {
  const places = new Map<string, string>();
  return (name, at) => {
    const before = places.get(name);
    if (before === undefined) places.set(name, at);
    return before === undefined
      ? []
      : [{ name: at, got: `a ${kind} that ${before} has too`, expected: `each ${kind} once` }];
  };
};

type Unreadable = { readonly got: string; readonly expected: string };

const filesIn = (folder: string): readonly string[] | DeclaredFault => {
  try {
    const names = readdirSync(folder).filter(
      name => /^[^.].*\.ya?ml$/.test(name) && statSync(join(folder, name)).isFile(),
    );
    if (names.length <= maxFiles) return names.toSorted();
    return { name: folder, got: `${names.length} files`, expected: `${maxFiles} or fewer` };
  } catch (error) {
    return {
      name: folder,
      got: `a folder that cannot be read (${codeOf(error)})`,
      expected: 'a folder of files in YAML',
    };
  }
};

const textOf = (path: string): { readonly text: string } | Unreadable => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (text.length <= longestFile) return { text };
    return { got: `${text.length} characters`, expected: `${longestFile} or fewer` };
  } catch (error) {
    return { got: `a file that cannot be read (${codeOf(error)})`, expected: 'a readable file in UTF-8' };
  }
};

/** The secret of a client. A path is from the folder of the files, so that the folder can be moved with its secrets. */
const secretOf = ({ secretFile }: ClientInFile, folder: string): { readonly text: string } | Unreadable | undefined => {
  if (secretFile === undefined) return undefined;
  const read = textOf(resolve(folder, secretFile));
  if ('got' in read) return { ...read, got: `client_secret_file: ${read.got}` };
  const text = read.text.trim();
  if (text.length >= shortestSecret && text.length <= longestSecret && /^[\x21-\x7e]+$/.test(text)) return { text };
  return {
    got: `client_secret_file: a secret of ${text.length} characters`,
    expected: `${shortestSecret} to ${longestSecret} letters, digits and signs of ASCII, without spaces`,
  };
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
