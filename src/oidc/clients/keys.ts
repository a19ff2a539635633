/** Checks the keys of a client: `jwks`, by which it signs assertions and requests, or with the certificates that it has. */
import type { ClientMetadata } from 'oidc-provider';

/** More than a client needs while it replaces its keys one after the other. */
const maxKeys = 20;

/** Members of private and symmetric keys (RFC 7518 §6). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The mistake in the keys; undefined: there is none. What a single key must have is left to the schema of oidc-provider. */
export const keysProblem = ({ jwks }: ClientMetadata): string | undefined => {
  if (jwks === undefined) return undefined;
  const keys: unknown = typeof jwks === 'object' && jwks !== null ? Reflect.get(jwks, 'keys') : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > maxKeys) {
    return `jwks: got ${Array.isArray(keys) ? `${keys.length} keys` : 'no list of keys'}, expected {"keys": […]} with 1 to ${maxKeys}`;
  }
  for (const [at, key] of keys.map((each: unknown) => each).entries()) {
    if (typeof key !== 'object' || key === null) return `jwks: got no object as key ${at + 1}, expected a public key`;
    const secret = secretMembers.find(name => Object.hasOwn(key, name));
    if (secret !== undefined)
      return `jwks: got the private member ${secret} in key ${at + 1}, expected public keys only`;
  }
  return undefined;
};
