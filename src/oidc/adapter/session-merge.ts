/** Merges the changes that two concurrent requests of one browser made to a session. Pure. */
import type { AdapterPayload } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';

/** Members that describe one sign-in. They are taken together, from one side. */
const signInMembers: readonly string[] = ['accountId', 'loginTs', 'acr', 'amr', 'mfa', 'remembered', 'transient'];

/**
 * The session to store where `ours` was made from `base` while another request stored `theirs`.
 * Each member that we changed is ours, each other one theirs; `authorizations` are merged client by client.
 * Of two different people the one that signed in last stays alone: no person inherits the clients of another.
 */
export const mergeSession = (
  base: AdapterPayload = {},
  ours: AdapterPayload,
  theirs: AdapterPayload,
): AdapterPayload => {
  const weSignedIn = signInMembers.some(member => !isEqual(base[member], ours[member]));
  const isOther = theirs.accountId !== undefined && theirs.accountId !== ours.accountId;
  if (isOther && weSignedIn) return ours;
  if (isOther && ours.accountId !== undefined) return theirs;
  const signedIn = weSignedIn ? ours : theirs;
  return merge(ours, theirs, name => {
    if (signInMembers.includes(name)) return signedIn[name];
    if (name === 'authorizations') return mergeClients(base.authorizations, ours.authorizations, theirs.authorizations);
    return changed(name, base, ours, theirs);
  });
};

/** Fingerprint of the sign-in that a session holds. It differs after another sign-in and after a step-up. */
export const signInDigest = (session: AdapterPayload): string =>
  sha256(JSON.stringify(signInMembers.map(member => session[member] ?? false)));

type SessionClients = NonNullable<AdapterPayload['authorizations']>;

const mergeClients = (base: SessionClients = {}, ours: SessionClients = {}, theirs: SessionClients = {}): object =>
  merge(ours, theirs, client => {
    const [was, here, there] = [base[client], ours[client], theirs[client]];
    // Present on one side only, or removed by us (a sign-out from this client): take one side as a whole.
    if (here === undefined || there === undefined) return changed(client, base, ours, theirs);
    return merge(here, there, name => changed(name, was ?? {}, here, there));
  });

/** Our member if we changed it, otherwise theirs. */
const changed = (name: string, base: object, ours: object, theirs: object): unknown => {
  const mine: unknown = Reflect.get(ours, name);
  return isEqual(Reflect.get(base, name), mine) ? Reflect.get(theirs, name) : mine;
};

const merge = (ours: object, theirs: object, value: (name: string) => unknown): { [name: string]: unknown } => {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const members = names.map((name): [string, unknown] => [name, value(name)]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
};

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
