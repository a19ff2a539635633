/**
 * Changes the methods of a person at their own wish, with audit and notice. Unlike an administrator, a person cannot remove what the
 * account needs.
 */
import type { Audit } from '../audit.ts';
import { sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { User } from '../records.ts';
import { atLeast, nameOf } from './assurance.ts';
import type { AuthenticatorRemoval } from './authenticator-removal.ts';
import type { Authenticators } from './authenticators.ts';
import type { Factor } from './factor.ts';
import { noticedMethod, type Methods } from './methods.ts';
import { isMethod } from './recovery-types.ts';
import { removalRefusal, waysOf, type RemovalPolicy, type RemovalRefusal } from './removal.ts';

interface OwnMethodsDeps {
  readonly authenticators: Authenticators;
  readonly authenticatorRemoval: Pick<AuthenticatorRemoval, 'removeUnless'>;
  readonly methods: Methods;
  readonly factors: readonly Factor[];
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
}

/** unknown: no method of this person. */
export type OwnRemoval = 'removed' | 'unknown' | { readonly refused: RemovalRefusal };

export class OwnMethods {
  readonly #deps: OwnMethodsDeps;

  constructor(deps: OwnMethodsDeps) {
    this.#deps = deps;
  }

  /** Why this authenticator could not be removed now; undefined: it could. */
  async refusalOf(user: User, authenticator: string, policy: RemovalPolicy): Promise<RemovalRefusal | undefined> {
    const refuse = await this.#refuser(user, authenticator, policy);
    return refuse(user, await this.#deps.authenticators.of(user));
  }

  /**
   * Removes an authenticator, unless too little would be left. `first`: the method that its owner is asked for first afterwards,
   * where that one was.
   */
  async remove(
    user: User,
    authenticator: string,
    by: ChangedBy,
    { policy, first }: { readonly policy: RemovalPolicy; readonly first?: NonNullable<User['defaultMethod']> },
  ): Promise<OwnRemoval> {
    const { authenticators, authenticatorRemoval, factors, notices } = this.#deps;
    const source = sourceOf(by);
    const stored = (await authenticators.of(user)).find(each => each.id === authenticator);
    if (stored === undefined || !isMethod(stored)) return 'unknown';
    const refuse = await this.#refuser(user, authenticator, policy);
    const notice = { kind: 'method-removed', method: noticedMethod(stored, factors) } as const;
    const wasFirst = user.defaultMethod?.authenticator === authenticator;
    const remove = async (): Promise<OwnRemoval> =>
      authenticatorRemoval.removeUnless(user.id, authenticator, refuse, {
        first: wasFirst ? first : undefined,
        // A passkey that the operator has blocked since does not keep the choice: nothing could meet it.
        serves: each => waysOf(each, factors).length > 0,
      });
    const outcome = await notices.changeAndTell(user.id, notice, source, remove, result => result === 'removed');
    await this.#record(user, authenticator, source, outcome);
    return outcome;
  }

  /**
   * Gives an authenticator another label.
   * @throws Problem 'not-found' for an authenticator that is not this person's.
   */
  async rename(user: User, authenticator: string, label: string, by: ChangedBy): Promise<void> {
    const { authenticators, methods, factors, notices } = this.#deps;
    const source = sourceOf(by);
    const stored = (await authenticators.of(user)).find(each => each.id === authenticator);
    const notice = { kind: 'method-renamed', ...(stored && { method: noticedMethod(stored, factors) }) } as const;
    await notices.changeAndTell(user.id, notice, source, async () =>
      methods.rename(user, authenticator, label, source.actor),
    );
  }

  /**
   * Sets the lowest level of this person's sign-ins; undefined: none. False, and unchanged: no method that they can use now reaches
   * it, so the choice would lock them out.
   */
  async chooseMinAcr(user: User, minAcr: User['minAcr'], by: ChangedBy): Promise<boolean> {
    const { authenticators, methods, notices, audit } = this.#deps;
    const source = sourceOf(by);
    const usable = await methods.usableBy(user);
    if (minAcr !== undefined && usable.every(({ reaches }) => !atLeast(reaches, minAcr))) return false;
    const kind = minAcr === undefined ? 'passkey-optional' : 'passkey-required';
    const choose = async (): Promise<boolean> => authenticators.chooseMinAcr(user.id, minAcr);
    const isChosen = await notices.changeAndTell(user.id, { kind }, source, choose, isMade => isMade);
    if (!isChosen) return false;
    const { actor, reference } = source;
    await audit({
      event: 'user.min-acr-set',
      actor,
      subject: user.id,
      outcome: 'success',
      acr: minAcr ?? 'sfa',
      ...(reference !== undefined && { reference }),
    });
    return true;
  }

  /** Gives the rule, to be asked with the account as it is when it is written. */
  async #refuser(was: User, removed: string, policy: RemovalPolicy) {
    const { methods } = this.#deps;
    const usable = new Set((await methods.usableBy(was)).map(nameOf));
    return (user: User, stored: Parameters<typeof removalRefusal>[0]['stored']): RemovalRefusal | undefined =>
      removalRefusal({
        stored,
        removed,
        policy,
        // A method that failed attempts have disabled does not help.
        methodsOf: some => methods.among(user, some).filter(each => usable.has(nameOf(each))),
      });
  }

  async #record(
    { id: subject }: User,
    authenticator: string,
    { actor, reference }: Exclude<ChangedBy, string>,
    outcome: OwnRemoval,
  ): Promise<void> {
    if (outcome === 'unknown') return;
    await this.#deps.audit({
      event: 'authenticator.removed',
      actor,
      subject,
      authenticator,
      ...(reference !== undefined && { reference }),
      ...(outcome === 'removed' ? { outcome: 'success' } : { outcome: 'refused', reason: outcome.refused }),
    });
  }
}
