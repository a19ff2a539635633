/** Checks the form of one file of clients: which members it has, and of which kind. The registry checks their values. */
import { readYaml, quotedValue, type FileFault, type ValuePath } from '../../yaml.ts';
import type { NewClient } from '../client-metadata.ts';
import { canonicalResource } from '../resource-identifiers.ts';
import { clientMembers } from '../clients/member-rules.ts';
import type { RegistrationPolicy } from '../registration/policies.ts';

/** One client of a file. `at`: the member and its line. */
export interface ClientInFile {
  readonly id: string;
  readonly at: string;
  readonly client: NewClient;
  /** Its resource as `canonicalResource` writes it, with its place. */
  readonly resource?: { readonly canonical: string; readonly at: string };
  readonly secretFile?: string;
}
interface PolicyInFile {
  readonly name: string;
  readonly at: string;
  readonly policy: RegistrationPolicy;
}
interface ClientFile {
  readonly clients: readonly ClientInFile[];
  readonly policies: readonly PolicyInFile[];
  readonly faults: readonly FileFault[];
}

/** Members that a client of a file may have. Its id is the name of its map, and response types follow from the grant types. */
const ofClients = clientMembers.filter(name => name !== 'client_id' && name !== 'response_types');
const ofSet = ofClients.filter(name => name !== 'redirect_uris');
const lists = ['hosts', 'scopes', 'grant_types'] as const;

/** What the text of a file declares, and all mistakes in its form. */
export const readClientFile = (text: string): ClientFile => {
  const yaml = readYaml(text);
  if (!yaml.ok) return { clients: [], policies: [], faults: yaml.faults };
  const faults: FileFault[] = [];
  const fault = (path: ValuePath, got: string, expected: string): void => {
    faults.push({ at: yaml.place(path), got, expected });
  };
  /** The members of a map, without those that it must not have. */
  const membersAt = (
    value: unknown,
    path: ValuePath,
    allowed?: readonly string[],
  ): readonly (readonly [string, unknown])[] => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      fault(path, quotedValue(value), 'a map');
      return [];
    }
    const members: readonly [string, unknown][] = Object.entries(value);
    return members.filter(([name]) => {
      if (allowed === undefined || allowed.includes(name)) return true;
      fault([...path, name], `the member ${quotedValue(name)}`, expectedMembers(allowed));
      return false;
    });
  };
  const clientAt = (id: string, value: unknown): ClientInFile => {
    const path = ['clients', id];
    const { client_secret_file: secretFile, ...client } = Object.fromEntries(
      membersAt(value, path, [...ofClients, 'client_secret_file']),
    );
    if (secretFile !== undefined && typeof secretFile !== 'string')
      fault([...path, 'client_secret_file'], quotedValue(secretFile), 'the path of a file');
    const canonical = typeof client['resource'] === 'string' ? canonicalResource(client['resource']) : undefined;
    return {
      id,
      at: yaml.place(path),
      // The registry checks every value before it is stored.
      client: { redirect_uris: [], ...client, client_id: id },
      ...(canonical !== undefined && { resource: { canonical, at: yaml.place([...path, 'resource']) } }),
      ...(typeof secretFile === 'string' && { secretFile }),
    };
  };
  const policyAt = (name: string, value: unknown): PolicyInFile => {
    const path = ['registration_policies', name];
    const { set, ...limits } = Object.fromEntries(membersAt(value, path, ['set', ...lists]));
    for (const list of lists) {
      if (limits[list] !== undefined && !isTextList(limits[list]))
        fault([...path, list], quotedValue(limits[list]), 'a list of texts');
    }
    const members = set === undefined ? [] : membersAt(set, [...path, 'set'], ofSet);
    return {
      name,
      at: yaml.place(path),
      policy: { ...limits, ...(set !== undefined && { set: Object.fromEntries(members) }) },
    };
  };
  const parts = Object.fromEntries(membersAt(yaml.value, [], ['clients', 'registration_policies']));
  const mapsIn = (part: string): readonly (readonly [string, unknown])[] =>
    parts[part] === undefined || parts[part] === null ? [] : membersAt(parts[part], [part]);
  return {
    clients: mapsIn('clients').map(([id, value]) => clientAt(id, value)),
    policies: mapsIn('registration_policies').map(([name, value]) => policyAt(name, value)),
    faults,
  };
};

const expectedMembers = (allowed: readonly string[]): string =>
  allowed.length > 4 ? 'a member that docs/connect-a-client.md lists' : `one of ${allowed.join(', ')}`;

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'string');
