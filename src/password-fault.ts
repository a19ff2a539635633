/** Lists the reasons why a password cannot be set. `users/passwords/password-rules.ts` and `password.ts` beside it have the rules. */

/**
 * unreadable: empty, too many bytes, or no Unicode. short: fewer than 8 characters. common: known from leaks. pattern: a repetition
 * or a sequence. personal: the name of its owner or of this service, with or without digits. breached: in the operator's list of
 * leaked passwords. same: the password that is to be replaced.
 */
export type PasswordFault = 'unreadable' | 'short' | 'common' | 'pattern' | 'personal' | 'breached' | 'same';
