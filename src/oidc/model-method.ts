/** Finds methods of oidc-provider's models, to wrap them. */
import { Problem } from '../errors.ts';

/** A method of one of the library's models. Its types do not know all of them. @throws Problem 'internal' where it is missing */
export const methodOf = (
  owner: object,
  name: string,
): ((self: object, ...args: readonly unknown[]) => Promise<unknown>) => {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method === 'function') return async (self, ...args) => Reflect.apply(method, self, args) as unknown;
  throw new Problem('internal', `got a model of oidc-provider without ${name}, expected it in this version`);
};
