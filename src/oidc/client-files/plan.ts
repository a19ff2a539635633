/** Compares declared clients with stored ones: says for each what applying the files would do, and changes nothing. */
import type { ClientMetadata } from 'oidc-provider';
import type { Clients } from '../clients.ts';
import type { DecidedChange } from '../clients/outcomes.ts';
import type { EpochMillis } from '../../ports/time.ts';
import { changedMembers, type Member } from '../clients/change.ts';
import { replacedSecretTime } from '../clients/secrets.ts';
import { isPublic, usesSecret } from '../clients/completion.ts';
import { cameBy, fileMember, markOf, secretFileMember, type Registrar } from '../clients/doors.ts';
import { clientMembers } from '../clients/member-rules.ts';
import { quotedValue } from '../../yaml.ts';
import { givenBy } from '../registration/policies.ts';
import { completeProfile } from '../security-profile.ts';
import type { Declared, DeclaredClient, DeclaredFault } from './client-files.ts';

/** One difference: a member with its value before and after. Secrets are named, never shown. */
export interface Difference {
  readonly member: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** `not-declared`: it came from a file that does not declare it any more. */
export type PlannedStep =
  | { readonly action: 'add'; readonly id: string; readonly declared: DeclaredClient }
  | {
      readonly action: 'change' | 'keep';
      readonly id: string;
      readonly declared: DeclaredClient;
      readonly differences: readonly Difference[];
    }
  | { readonly action: 'not-declared'; readonly id: string };

export type Plan =
  | { readonly ok: true; readonly steps: readonly PlannedStep[] }
  | { readonly ok: false; readonly faults: readonly DeclaredFault[] };

export interface PlanDeps {
  readonly registry: Clients;
  readonly now: EpochMillis;
}

/** The door of files. */
export const byFile: Registrar = { door: 'file', actor: 'file' };

/** Says what applying these files would do. Reads all clients. */
export const planChanges = async (deps: PlanDeps, declared: Declared): Promise<Plan> => {
  const { registry } = deps;
  const faults: DeclaredFault[] = [];
  const steps: PlannedStep[] = [];
  for (const each of declared.clients) {
    const step = await stepOf(deps, each);
    if (typeof step === 'string') faults.push(faultOf(each.at, each.client, step));
    else steps.push(step);
  }
  for (const { policy, at } of declared.policies) {
    const client = { redirect_uris: ['https://client.example/callback'], ...givenBy(policy) };
    const isService = client.grant_types?.includes('authorization_code') === false;
    const problem = await registry.problemOfNew({ ...client, ...(isService && { redirect_uris: [] }) }, byFile);
    if (problem !== undefined) faults.push(faultOf(at, client, problem));
  }
  if (faults.length > 0) return { ok: false, faults };
  const known = new Set(declared.clients.map(({ id }) => id));
  for (const { id } of await registry.list()) {
    const stored = known.has(id) ? undefined : await registry.stored(id);
    if (stored !== undefined && cameBy(stored) === 'file') steps.push({ action: 'not-declared', id });
  }
  return { ok: true, steps };
};

const stepOf = async (deps: PlanDeps, declared: DeclaredClient): Promise<PlannedStep | string> => {
  const { id, client, secret } = declared;
  const { registry } = deps;
  if (secret !== undefined && !usesSecret(completeProfile(client)))
    return 'client_secret_file: got a secret, expected none for a client that is public or proves a key';
  const planned = await registry.plannedChange(id, before => changeTo(deps, declared, before), byFile);
  if (planned.ok) {
    const differences = differencesOf(planned.before, planned.after);
    return { action: differences.length === 0 ? 'keep' : 'change', id, declared, differences };
  }
  if (planned.reason === 'invalid') return planned.message;
  return (await registry.problemOfNew(client, byFile)) ?? { action: 'add', id, declared };
};

/** The change that makes the stored client equal to the declared one. Members that the file leaves out get their defaults. */
export const changeTo = (
  { registry, now }: PlanDeps,
  { client, file, secret }: DeclaredClient,
  before: ClientMetadata,
): DecidedChange => {
  // A public client would stay one without it: the type of a client never changes unsaid.
  const type = isPublic(before) && { token_endpoint_auth_method: 'client_secret_basic' };
  const { client_id: _id, ...members } = { ...type, ...client };
  const unset = clientMembers.filter(
    (name): name is Member => isMember(name) && Object.hasOwn(before, name) && !Object.hasOwn(members, name),
  );
  return {
    change: { set: members, unset },
    kept: {
      ...markOf('file'),
      [fileMember]: file,
      ...(secret === undefined
        ? Object.hasOwn(before, secretFileMember) && { [secretFileMember]: false }
        : { [secretFileMember]: true, ...registry.secrets.members(before, secret, now + replacedSecretTime) }),
    },
  };
};
const isMember = (name: string): name is Member => name !== 'client_id' && name !== 'response_types';

const differencesOf = (before: ClientMetadata, after: ClientMetadata): readonly Difference[] =>
  changedMembers(before, after).map(member =>
    /secret/.test(member)
      ? { member }
      : { member, before: Reflect.get(before, member), after: Reflect.get(after, member) },
  );

/** A fault from a sentence of the registry: "member: got …, expected …", or "member must be …". */
const faultOf = (at: string, client: object, problem: string): DeclaredFault => {
  const [, must, expectedOf = ''] = /^(\w+) must be ([^]*)$/.exec(problem) ?? [];
  if (must !== undefined)
    return { name: `${at}: ${must}`, got: quotedValue(Reflect.get(client, must)), expected: expectedOf };
  const [, member, got = problem, expected = 'what docs/connect-a-client.md says'] =
    /^(?:([\w ]+): )?got ([^]*?)(?:, expected ([^]*))?$/.exec(problem) ?? [];
  return { name: member === undefined ? at : `${at}: ${member}`, got, expected };
};
