/**
 * Compares passwords with stored hashes. A password that will be refused takes the same work for every name: decoys bring the work
 * to that of the most expensive stored hash of each family (`hash-works.ts`).
 */
import { activeAccount } from '../../locked-account.ts';
import type { User } from '../../records.ts';
import type { MostWork } from './hash-works.ts';
import { decoysOf, workOf } from './password-hash.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { formsToCompare } from './password-text.ts';

type Verifier = Pick<PasswordHasher, 'verify'>;

/** Whether this password has this hash. Takes less time where it has. */
export const hasHash = async (hasher: Verifier, password: string, hash: string): Promise<boolean> => {
  for (const form of formsToCompare(password)) if (await hasher.verify(form, hash)) return true;
  return false;
};

/**
 * The form of the password that has the hash of this account; undefined: no form has it, or the account has no hash. It takes less
 * work only where the password will be accepted.
 * @throws Problem as `PasswordHasher.verify`
 */
export const matchingForm = async (
  hasher: Verifier,
  password: string,
  user: User | undefined,
  mostWork: MostWork,
): Promise<string | undefined> => {
  const hash = user?.passwordHash;
  const forms = formsToCompare(password);
  let matched: string | undefined;
  for (const form of hash === undefined ? [] : forms) {
    if (await hasher.verify(form, hash ?? '')) matched ??= form;
    if (matched !== undefined && activeAccount(user) !== undefined) return matched;
  }
  const decoys = decoysBeside(hash, mostWork);
  for (const form of forms) for (const decoy of decoys) await hasher.verify(form, decoy);
  return matched;
};

/** Decoys that bring the work for this hash to the most of each family. All of it, where there is no hash. */
const decoysBeside = (hash: string | undefined, mostWork: MostWork): readonly string[] => {
  const own = hash === undefined ? undefined : workOf(hash);
  return [...mostWork].flatMap(([family, units]) =>
    decoysOf({ family, units: own?.family === family ? units - own.units : units }),
  );
};
