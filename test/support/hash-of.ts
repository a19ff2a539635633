/** Hashes the passwords of test accounts as the product hashes a new one. */
import type { Services } from '../../server/services.ts';

/** PHC string of `password`. @throws Error where a rule refuses it */
export const hashOf = async ({ passwords }: Pick<Services, 'passwords'>, password: string): Promise<string> => {
  const hashed = await passwords.hashNew(password, { name: 'owner' });
  if (!hashed.ok) throw new Error(`${password} cannot be set: ${hashed.fault}`);
  return hashed.hash;
};
