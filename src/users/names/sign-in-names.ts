/**
 * The texts by which an account is found at sign-in: its name and its e-mail address. They are one namespace, compared in one
 * form: no two accounts share a text, also not one as its name and the other as its address.
 */
import type { User } from '../../records.ts';
import { emailAddress } from './email-address.ts';
import { canonicalName } from './usernames.ts';

/** `canonical`: form of the name. The address follows it, unless both are one text. An unusable address is left out. */
export const signInNames = (canonical: string, email: string | undefined): User['signInNames'] => {
  const address = email === undefined ? undefined : canonicalAddress(email);
  return address === undefined || address === canonical ? [canonical] : [canonical, address];
};

/** The form in which an address is compared; undefined: it is unusable. */
export const canonicalAddress = (email: string): string | undefined => {
  const address = emailAddress(email);
  return address === undefined ? undefined : canonicalName(address);
};
