/**
 * Lists, removes and prefers the methods of a person, with audit and notice. A method is a factor with one authenticator, or with
 * all of a type that one challenge asks for together. Pages and the command line come here; adding one is an enrollment.
 */
import type { Audit } from '../audit.ts';
import { Problem } from '../errors.ts';
import { sourceOf, type ChangedBy, type NoticedMethod, type Notices } from '../notice.ts';
import type { User } from '../records.ts';
import type { Method } from './assurance.ts';
import type { AuthenticatorData } from './authenticator-data.ts';
import type { AuthenticatorRemoval } from './authenticator-removal.ts';
import type { Authenticators } from './authenticators.ts';
import { authenticatorOf, servedBy, type Authenticator, type Factor } from './factor.ts';
import { channelOf, mailboxOf, mayBeDefault, sharesChannel } from './independence.ts';
import { isRecoveryFactor } from './recovery-types.ts';
import { guessTarget, type FailedAttempts } from './limits/failed-attempts.ts';

interface MethodsDeps {
  readonly authenticators: Authenticators;
  readonly authenticatorData: Pick<AuthenticatorData, 'rename'>;
  readonly authenticatorRemoval: Pick<AuthenticatorRemoval, 'remove'>;
  readonly factors: readonly Factor[];
  readonly failedAttempts: Pick<FailedAttempts, 'blockedBy'>;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
}

export class Methods {
  readonly #deps: MethodsDeps;

  constructor(deps: MethodsDeps) {
    this.#deps = deps;
  }

  async of(user: User): Promise<readonly Method[]> {
    const { authenticators, factors } = this.#deps;
    return methodsOf(user, await authenticators.of(user), factors);
  }

  /** Those that may be the second step of a sign-in now. */
  async forSignIn(user: User): Promise<readonly Method[]> {
    const { authenticators, factors } = this.#deps;
    return signInMethodsOf(user, await authenticators.of(user), factors);
  }

  /** The methods that these authenticators of a person make possible. */
  among(user: User, stored: readonly Authenticator[]): readonly Method[] {
    return methodsOf(user, stored, this.#deps.factors);
  }

  /**
   * The methods of a person that failed attempts have not disabled, without recovery codes and passes: `isFresh` asks for the
   * highest level of these. A paused one is among them, or "this was not me" would lower what is asked.
   */
  async usableBy(user: User): Promise<readonly Method[]> {
    const methods = (await this.of(user)).filter(method => method.recovers !== true);
    const disabled = await this.disabledAmong(user, methods);
    return methods.filter(method => !disabled.has(method));
  }

  /** Those of these methods that failed attempts have disabled. A phone is disabled for all its ways at once. */
  async disabledAmong({ id: userId }: User, methods: readonly Method[]): Promise<ReadonlySet<Method>> {
    const { factors, failedAttempts } = this.#deps;
    const checked = methods.map(async method => {
      const factor = factors.find(({ type, guessable }) => guessable && type === method.factor);
      const block = factor && (await failedAttempts.blockedBy(guessTarget(factor, userId, method.chosen)));
      return block?.reason === 'disabled' ? [method] : [];
    });
    return new Set((await Promise.all(checked)).flat());
  }

  /**
   * Removes an authenticator, and with it every method that uses it. `by`: the actor as the audit names it (`cli`, `user:ID`).
   * @throws Problem 'not-found' for an authenticator that is not this person's.
   */
  async remove(user: User, authenticator: string, by: ChangedBy): Promise<void> {
    const { authenticators, authenticatorRemoval, factors, audit, notices } = this.#deps;
    const source = sourceOf(by);
    const stored = (await authenticators.of(user)).find(each => each.id === authenticator);
    const notice = { kind: 'method-removed', ...(stored && { method: noticedMethod(stored, factors) }) } as const;
    // A passkey that the operator has blocked since does not keep the choice of its owner: nothing could meet it.
    const serves = (each: Authenticator): boolean => this.among(user, [each]).length > 0;
    await notices.changeAndTell(user.id, notice, source, async () => {
      if (!(await authenticatorRemoval.remove(user.id, authenticator, serves))) {
        throw new Problem('not-found', `got the authenticator ${authenticator}, expected one of ${user.name}`);
      }
    });
    const { actor } = source;
    await audit({ event: 'authenticator.removed', actor, subject: user.id, outcome: 'success', authenticator });
  }

  /**
   * Gives an authenticator another label. The audit does not hold it: people write names there.
   * @throws Problem 'not-found' for an authenticator that is not this person's.
   */
  async rename(user: User, authenticator: string, label: string, actor: string): Promise<void> {
    const { authenticatorData, audit } = this.#deps;
    if (!(await authenticatorData.rename(user, authenticator, label))) {
      throw new Problem('not-found', `got the authenticator ${authenticator}, expected one of ${user.name}`);
    }
    await audit({ event: 'authenticator.renamed', actor, subject: user.id, outcome: 'success', authenticator });
  }

  /** True where its owner may be asked for this authenticator first. */
  async mayBeDefault(user: User, authenticator: string): Promise<boolean> {
    const all = await this.#deps.authenticators.of(user);
    const own = all.find(({ id }) => id === authenticator);
    return own !== undefined && mayBeDefault(own, all);
  }

  /**
   * Makes a method the one that its owner is asked for first.
   * @throws Problem 'not-found' for a factor and authenticator that are no method of this person; 'forbidden' where it may not be the
   * default.
   */
  async setDefault(
    user: User,
    { factor, authenticator }: { readonly factor: string; readonly authenticator: string },
    by: ChangedBy,
  ): Promise<void> {
    const { authenticators, audit, notices } = this.#deps;
    const source = sourceOf(by);
    const methods = await this.of(user);
    const method = methods.find(each => each.factor === factor && (each.chosen ?? authenticator) === authenticator);
    if (method === undefined || !user.authenticators.includes(authenticator)) {
      throw new Problem('not-found', `got ${factor} with ${authenticator}, expected a method of ${user.name}`);
    }
    if (!(await this.mayBeDefault(user, authenticator)))
      throw new Problem(
        'forbidden',
        `got ${authenticator}, expected a method besides which another one is independent`,
      );
    const { label, masked } = method;
    await notices.changeAndTell(
      user.id,
      { kind: 'method-made-default', method: { label, masked } },
      source,
      async () => {
        if (!(await authenticators.prefer(user.id, authenticator, factor))) {
          throw new Problem('not-found', `got the authenticator ${authenticator}, which was removed meanwhile`);
        }
      },
    );
    const { actor } = source;
    const facts = { factor, authenticator };
    await audit({ event: 'authenticator.made-default', actor, subject: user.id, outcome: 'success', ...facts });
  }
}

/** An authenticator as notices name it. */
export const noticedMethod = (stored: Authenticator, factors: readonly Factor[]): NoticedMethod => {
  const { label, type } = stored;
  const [masked] = factors.flatMap(factor => (authenticatorOf(factor) === type ? (factor.masked?.(stored) ?? []) : []));
  return { label, ...(masked !== undefined && { masked }) };
};

/** The methods of a person, as their authenticators and the factors in use allow. */
export const methodsOf = (
  user: User,
  stored: readonly Authenticator[],
  factors: readonly Factor[],
): readonly Method[] =>
  factors.flatMap(factor => {
    const own = servedBy(factor, stored);
    if (factor.asksFor === 'one') return own.map(each => methodOf(user, factor, [each], each));
    const [first] = own;
    return first === undefined ? [] : [methodOf(user, factor, own, first)];
  });

/**
 * Those that may be the second step of a sign-in now. After a reset of the password by mail, a code that is mailed to the same
 * mailbox does not count: one mailbox would be both steps.
 */
export const signInMethodsOf = (
  user: User,
  stored: readonly Authenticator[],
  factors: readonly Factor[],
): readonly Method[] => {
  const { resetByMailAt, resetByMailTo, email } = user;
  // The address may have been changed since. Without a noted one the reset is of an earlier version.
  const mailbox = resetByMailTo ?? email;
  const password = resetByMailAt === undefined || mailbox === undefined ? [] : [mailboxOf(mailbox)];
  return methodsOf(
    user,
    stored.filter(each => !sharesChannel(password, [channelOf(each)])),
    factors,
  );
};

/** `group`: the authenticators that one challenge of this method asks for; `first` of them names it. */
const methodOf = (
  { defaultMethod }: User,
  factor: Factor,
  group: readonly Authenticator[],
  first: Authenticator,
): Method => {
  const used = group.filter(each => each.lastUsedBy === factor.type).flatMap(each => each.lastUsedAt ?? []);
  const isDefault =
    defaultMethod?.factor === factor.type && group.some(each => each.id === defaultMethod.authenticator);
  const masked = factor.masked?.(first);
  const cameWith = group.flatMap(({ boundWith }) => boundWith ?? []);
  return {
    factor: factor.type,
    reaches: factor.reachesWith?.(group) ?? factor.reaches,
    label: first.label,
    isDefault,
    ...(factor.asksFor === 'one' && { chosen: first.id }),
    ...(factor.via !== undefined && { via: factor.via }),
    ...(isRecoveryFactor(factor.type) && { recovers: true as const }),
    ...(masked !== undefined && { masked }),
    ...(cameWith.length === group.length && { cameWith }),
    ...(used.length > 0 && { lastUsedAt: Math.max(...used) }),
  };
};
