/** What each member of an account may be, for messages to operators: "got …, expected …". */
import { longest, type ProfileMistake } from './profile.ts';

/** Ends a sentence. The rules are in `names/` and `profile.ts`. */
export const expected: Readonly<Record<'name' | 'email' | ProfileMistake, string>> = {
  name: "letters of one script, digits and . _ @ + ' - ! # ^ ~, beginning with a letter, digit or _",
  'display-name': `1 to ${longest.displayName} characters on one line`,
  language: 'a BCP 47 tag such as en or pt-BR',
  zoneinfo: 'an IANA time zone such as Europe/Berlin',
  groups: `at most ${longest.groups} names of 1 to ${longest.group} characters on one line`,
  email: 'one address such as ada@example.com, with the signs of a name',
};
