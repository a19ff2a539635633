/**
 * Keeps OATH hardware tokens for people, and activates them. An imported token does not count: the person, or an administrator with
 * the token at hand, types a current code first. A token belongs to one person (its handle is unique over all).
 */
import type { Audit } from '../audit.ts';
import { Problem } from '../errors.ts';
import { noteOf, sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { Clock } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { Authenticators } from './authenticators.ts';
import type { StoredAuthenticator } from './sealed-authenticators.ts';
import type { Authenticator } from './factor.ts';
import { stepOf, totpType, type TotpSeed } from './factors/totp.ts';
import type { FailedAttempts } from './limits/failed-attempts.ts';

/** A token as its maker describes it. `secret`: base32 in upper case, without padding. `period` in seconds. */
export interface HardwareToken {
  readonly serial: string;
  readonly secret: string;
  readonly period: number;
  readonly manufacturer: string;
  readonly model: string;
}

/** A token of a person in a list. */
export interface ListedToken {
  readonly serial: string;
  readonly label: string;
  readonly period: number;
  readonly state: 'waiting' | 'active';
}

interface HardwareTokensDeps {
  readonly authenticators: Authenticators;
  readonly failedAttempts: Pick<FailedAttempts, 'admit' | 'clear'>;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
  readonly clock: Clock;
}

const plainText = (text: string): string => text.trim().toLowerCase();
const handleOf = ({ manufacturer, serial }: HardwareToken): string =>
  `oath:${plainText(manufacturer)}:${plainText(serial)}`;

type Token<Stored extends Authenticator> = Stored & { readonly data: TotpSeed & { readonly serial: string } };
const isToken = <Stored extends Authenticator>(each: Stored): each is Token<Stored> =>
  each.type === totpType && typeof each.data === 'object' && each.data !== null && 'serial' in each.data;

export class HardwareTokens {
  readonly #deps: HardwareTokensDeps;

  constructor(deps: HardwareTokensDeps) {
    this.#deps = deps;
  }

  /** Keeps a token for a person. unchanged: it was theirs already. taken: it is another person's. */
  async add(user: User, token: HardwareToken, actor: string): Promise<'added' | 'unchanged' | 'taken'> {
    const { authenticators, audit } = this.#deps;
    const { serial, secret, period, manufacturer, model } = token;
    const handle = handleOf(token);
    const made = {
      type: totpType,
      label: `${manufacturer} ${model} ${serial}`,
      handle,
      data: { secret, period, serial, lastStep: -1 },
    };
    if (!(await authenticators.addInactive(user.id, made))) {
      return (await authenticators.ownerOf(handle)) === user.id ? 'unchanged' : 'taken';
    }
    await audit({ event: 'hardware-token.imported', actor, subject: user.id, outcome: 'success' });
    return 'added';
  }

  /** The tokens of a person, those that wait first. */
  async list(user: User): Promise<readonly ListedToken[]> {
    const { authenticators } = this.#deps;
    const [waiting, active] = [await authenticators.inactiveOf(user), await authenticators.of(user)];
    return [
      ...waiting.filter(isToken).map(each => toListed(each, 'waiting')),
      ...active.filter(isToken).map(each => toListed(each, 'active')),
    ];
  }

  /**
   * Makes a token count, by a current code. wrong: not its code now; it counts as a failed attempt at this token.
   * @throws Problem 'not-found' where the person has no such token that waits; 'forbidden' after too many wrong codes.
   */
  async activate(user: User, serial: string, code: string, by: ChangedBy): Promise<'active' | 'wrong'> {
    const { authenticators, failedAttempts, notices, audit, clock } = this.#deps;
    const waiting: readonly StoredAuthenticator[] = await authenticators.inactiveOf(user);
    const token = waiting.filter(isToken).find(({ data }) => plainText(data.serial) === plainText(serial));
    if (token === undefined) throw new Problem('not-found', `got the serial number ${serial}, expected one that waits`);
    const target = { userId: user.id, name: token.id, formerNames: [] };
    const admission = await failedAttempts.admit(target);
    if (!admission.admitted)
      throw new Problem('forbidden', 'got too many wrong codes for this token, expected a pause');
    const lastStep = await stepOf(code, token.data, { now: clock() });
    if (lastStep === undefined) return 'wrong';
    const source = sourceOf(by);
    const notice = { kind: 'method-added', method: { label: token.label }, factor: totpType } as const;
    // The code that activates it cannot also be the first sign-in.
    const data: TotpSeed = token.data;
    const active = { ...token, data: { ...data, lastStep } };
    await notices.changeAndTell(user.id, notice, source, async () => {
      if (!(await authenticators.activate(active))) throw new Problem('conflict', 'another request used this token');
    });
    await failedAttempts.clear(target);
    const facts = { factor: totpType, authenticator: token.id, ...noteOf(by) };
    const { actor } = source;
    await audit({ event: 'authenticator.bound', actor, subject: user.id, outcome: 'success', ...facts });
    return 'active';
  }
}

const toListed = ({ label, data }: Token<StoredAuthenticator>, state: ListedToken['state']): ListedToken => ({
  serial: data.serial,
  label,
  period: data.period ?? 30,
  state,
});
