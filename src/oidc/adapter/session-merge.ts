/** Two requests of one browser changed the same session: what stays of each. Pure. */
import type { AdapterPayload } from 'oidc-provider';
import { sha256 } from '../../crypto.ts';

/** Members that make one statement about one sign-in, and are taken together or not at all. */
const signIn: readonly string[] = ['accountId', 'loginTs', 'acr', 'amr', 'mfa', 'transient'];

/**
 * What to store, where `ours` was made from `base` while another request stored `theirs`: each member that we changed is
 * ours, each other one theirs; `authorizations` client by client. Where the two are of different people the
 * one that signed in last alone stays: nobody inherits another person's clients.
 */
export const mergeSession = (
  base: AdapterPayload = {},
  ours: AdapterPayload,
  theirs: AdapterPayload,
): AdapterPayload => {
  const weSignedIn = signIn.some(member => !same(base[member], ours[member]));
  const isOther = theirs.accountId !== undefined && theirs.accountId !== ours.accountId;
  if (isOther && weSignedIn) return ours;
  if (isOther && ours.accountId !== undefined) return theirs;
  const speaks = weSignedIn ? ours : theirs;
  return merge(ours, theirs, name => {
    if (signIn.includes(name)) return speaks[name];
    if (name === 'authorizations') return mergeClients(base.authorizations, ours.authorizations, theirs.authorizations);
    return changed(name, base, ours, theirs);
  });
};

/** Names what a session says about who signed in and how: another sign-in, or a step-up, another name. */
export const signInOf = (session: AdapterPayload): string =>
  sha256(JSON.stringify(signIn.map(member => session[member] ?? false)));

type SessionClients = NonNullable<AdapterPayload['authorizations']>;

const mergeClients = (base: SessionClients = {}, ours: SessionClients = {}, theirs: SessionClients = {}): object =>
  merge(ours, theirs, client => {
    const [was, here, there] = [base[client], ours[client], theirs[client]];
    // On one side only, or removed by us (a sign-out from this client): that side is right as a whole.
    if (here === undefined || there === undefined) return changed(client, base, ours, theirs);
    return merge(here, there, name => changed(name, was ?? {}, here, there));
  });

/** The member as we left it where we changed it, else as they did. */
const changed = (name: string, base: object, ours: object, theirs: object): unknown => {
  const mine: unknown = Reflect.get(ours, name);
  return same(Reflect.get(base, name), mine) ? Reflect.get(theirs, name) : mine;
};

const merge = (ours: object, theirs: object, value: (name: string) => unknown): { [name: string]: unknown } => {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const merged = names.map((name): [string, unknown] => [name, value(name)]);
  return Object.fromEntries(merged.filter(([, what]) => what !== undefined));
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
