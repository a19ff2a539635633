/**
 * Keeps with an account that its person was asked to set something up, and what they refused. The next request depends on it
 * (`mfa/enrollment-plan.ts`, `invitations.ts`). Not audited, because it changes nothing about how the person signs in.
 */
import { afterInvitation, afterRefusal, dueInvitation, type InvitationKind } from '../invitations.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import type { User } from '../records.ts';
import { changeAccount } from '../change-account.ts';

export class SetUpRequests {
  readonly #users: Collection<User, 'signInNames'>;
  readonly #clock: Clock;

  constructor(deps: { readonly users: Collection<User, 'signInNames'>; readonly clock: Clock }) {
    this.#users = deps.users;
    this.#clock = deps.clock;
  }

  /** Begins the grace of a person who is asked to set up a method for the first time. */
  async beginGrace(id: string): Promise<void> {
    await changeAccount(this.#users, id, user =>
      user.enrollmentAskedAt === undefined ? { ...user, enrollmentAskedAt: this.#clock() } : user,
    );
  }

  /** Notes that an invitation is shown. False: another sign-in has just shown one. */
  async invite(id: string, kind: InvitationKind): Promise<boolean> {
    let isShown = false;
    await changeAccount(this.#users, id, user => {
      const { invitations = {} } = user;
      isShown = dueInvitation(invitations, [kind], this.#clock()) !== undefined;
      return isShown ? { ...user, invitations: afterInvitation(invitations, this.#clock()) } : user;
    });
    return isShown;
  }

  /** Counts that an invitation was refused. */
  async refuse(id: string, kind: InvitationKind): Promise<void> {
    await changeAccount(this.#users, id, user => ({
      ...user,
      invitations: afterRefusal(user.invitations ?? {}, kind),
    }));
  }
}
