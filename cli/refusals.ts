/** Says which member of an account cannot be as it was typed. */
import { Problem } from '../src/errors.ts';
import { expected } from '../src/users/expected.ts';

const got = (text: string): string => JSON.stringify(text.slice(0, 300));
/** A member that cannot be what was typed. */
export const refused = (message: string): Problem => new Problem('bad-request', message);

/** What was typed. */
interface Asked {
  readonly name?: string;
  readonly displayName?: string;
  readonly email?: string;
}
/** What was typed and what is expected, for each member of an account. */
export const refusals = {
  name: ({ name = '' }: Asked) => refused(`got the name ${got(name)}, expected ${expected.name}`),
  'display-name': ({ displayName = '' }: Asked) =>
    refused(`got the display name ${got(displayName)}, expected ${expected['display-name']}`),
  language: () => refused(`got another language, expected ${expected.language}`),
  zoneinfo: () => refused(`got another time zone, expected ${expected.zoneinfo}`),
  groups: () => refused(`got groups that cannot be kept, expected ${expected.groups}`),
  email: ({ email = '' }: Asked) => refused(`got the e-mail address ${got(email)}, expected ${expected.email}`),
  taken: ({ name, email }: Asked) => {
    const texts = [name !== undefined && `the name ${got(name)}`, email !== undefined && `the address ${got(email)}`];
    return new Problem('conflict', `${texts.filter(Boolean).join(' or ')}, or one that looks like it, is taken`);
  },
} as const;
