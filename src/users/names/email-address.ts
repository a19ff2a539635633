/** Checks an e-mail address. It is also a name to sign in with, so it must have a canonical form (`usernames.ts`). */
import { trimInvisible } from './trim.ts';
import { canonicalName } from './usernames.ts';

/** Octets of an address, and of the part before its @ (RFC 5321 §4.5.3.1). */
const longest = { address: 254, local: 64 } as const;
/** Words between dots; the last label of the domain is no number. Quoted parts and domains of one label are refused. */
const shape =
  /^([^\s.@]+(?:\.[^\s.@]+)*)@(?:[\p{L}\p{M}\p{Nd}](?:[\p{L}\p{M}\p{Nd}-]*[\p{L}\p{M}\p{Nd}])?\.)+\p{L}[\p{L}\p{M}\p{Nd}-]*$/u;

/** The one address in `typed`, without invisible characters around it; undefined where there is none, or more than one. */
export const emailAddress = (typed: string): string | undefined => {
  if (typed.length > 2 * longest.address) return undefined;
  const address = trimInvisible(typed).normalize('NFC');
  const local = shape.exec(address)?.[1];
  if (local === undefined || Buffer.byteLength(local) > longest.local) return undefined;
  if (Buffer.byteLength(address) > longest.address) return undefined;
  // A mail server may fold compatible characters: `a＠b@c.example` would become an address with two @.
  if (!shape.test(address.normalize('NFKC'))) return undefined;
  return canonicalName(address) === undefined ? undefined : address;
};
