/**
 * Reads the operator's policies for clients that register themselves, and applies them. A registration token names one; the client keeps
 * its name, so that each update is checked by it too.
 */
import type { ClientMetadata } from 'oidc-provider';
import type { NewClient } from '../client-metadata.ts';
import { webOrigin } from '../http/return-address.ts';

/** What holds for clients of one policy, beside the rules of their door (`../clients/doors.ts`). */
export interface RegistrationPolicy {
  /** Members that each client has. It may only choose stricter values. */
  readonly set?: Partial<NewClient>;
  /** Hosts of its addresses: `app.example.com`, or `.example.com` for all below it. Then no address has a scheme of a program. */
  readonly hosts?: readonly string[];
  /** Scopes that it may ask for. */
  readonly scopes?: readonly string[];
  readonly grant_types?: readonly string[];
}

/** Policies by name. */
export type RegistrationPolicies = Readonly<Record<string, RegistrationPolicy>>;

/** The policy without rules of its own, which exists unless the operator gives that name to another. */
export const standardPolicy = 'standard';

/** The policy with this name. */
export const policyNamed = (policies: RegistrationPolicies, name: string): RegistrationPolicy | undefined => {
  if (Object.hasOwn(policies, name)) return policies[name];
  return name === standardPolicy ? {} : undefined;
};

/** What the policy gives each client. One that limits scopes gives all of them to a client that names none. */
export const givenBy = ({ set = {} }: RegistrationPolicy): Partial<NewClient> => set;

/** What a client that names no scope or grant types gets by its policy. */
export const completedBy = ({ scopes, grant_types: grantTypes }: RegistrationPolicy, asked: object): object => ({
  ...(scopes !== undefined && !Object.hasOwn(asked, 'scope') && { scope: scopes.join(' ') }),
  ...(grantTypes !== undefined && !Object.hasOwn(asked, 'grant_types') && { grant_types: grantTypes }),
});

/** Why the policy does not allow this client, as "got …, expected …"; undefined where it does. */
export const policyProblem = (
  { hosts, scopes, grant_types: grantTypes }: RegistrationPolicy,
  client: ClientMetadata | NewClient,
): string | undefined => {
  const { scope, grant_types: asked = [] } = client;
  return (
    (hosts && foreignAddress(client, hosts)) ??
    (scopes && firstOther('scope', (scope ?? '').split(' ').filter(Boolean), scopes)) ??
    (grantTypes && firstOther('grant_types', asked, grantTypes))
  );
};

const firstOther = (member: string, asked: readonly string[], allowed: readonly string[]): string | undefined => {
  const other = asked.find(each => !allowed.includes(each));
  return other === undefined
    ? undefined
    : `${member}: got ${JSON.stringify(other.slice(0, 100))}, expected only ${allowed.join(' ')}`;
};

/** The host that serves this address. The scheme of an installed program leads to none, whatever host stands behind it. */
const hostIn = (address: string): string => URL.parse(webOrigin(address) ?? '')?.hostname ?? '';

/** The first address at another host. Members that hold addresses end in `_uri` or `_uris`, as in each registry of such members. */
const foreignAddress = (client: object, hosts: readonly string[]): string | undefined => {
  for (const [name, value] of Object.entries(client) as [string, unknown][]) {
    if (!/_(?:uris?|endpoint)$/.test(name)) continue;
    for (const each of [value].flat()) {
      const host = hostIn(String(each));
      if (hosts.some(allowed => (allowed.startsWith('.') ? host.endsWith(allowed) : host === allowed))) continue;
      return `${name}: got ${JSON.stringify(String(each).slice(0, 300))}, expected an address at ${hosts.join(', ')}`;
    }
  }
  return undefined;
};
