/** Stands for what follows a change of an account, in tests of the accounts alone. */
import type { Users } from '../../src/users/users.ts';

type UsersDeps = ConstructorParameters<typeof Users>[0];

/** Tells no one of a change, and ends no session. */
export const unobserved: Pick<UsersDeps, 'notices' | 'onSignedOut'> = {
  notices: { changeAndTell: async (_id, _notice, _source, change) => change() },
  onSignedOut: async () => {},
};
