/** The reference that pages, audit and log share: what a person reads to the help desk. */
import { createHash } from 'node:crypto';
import { randomToken } from './crypto.ts';

/** Crockford's base 32: no I, L, O or U to be misheard. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 8 characters (40 bits) that name one sign-in; `flow` is its `cid`, the same over all its prompts. */
export const referenceOf = (flow: string): string =>
  [...createHash('sha256').update(flow).digest().subarray(0, 8)].map(byte => alphabet[byte % 32] ?? '').join('');

const given = new WeakMap<object, string>();

/** The reference of a request: of its sign-in once `flow` was told, before that one of its own, for as long as `request` lives. */
export const referenceFor = (request: object, flow: string | undefined): string => {
  const known = flow === undefined ? (given.get(request) ?? referenceOf(randomToken())) : referenceOf(flow);
  given.set(request, known);
  return known;
};
