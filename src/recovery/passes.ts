/** Makes and revokes temporary access passes. `mfa/factors/temporary-access-pass.ts` accepts them. */
import type { Audit } from '../audit.ts';
import { inGroups } from '../crockford.ts';
import { Problem } from '../errors.ts';
import type { Authenticators } from '../mfa/authenticators.ts';
import type { Factor, MadeAuthenticator } from '../mfa/factor.ts';
import { newPass, passLength, temporaryAccessPass } from '../mfa/factors/temporary-access-pass.ts';
import { guessTarget, type FailedAttempts } from '../mfa/limits/failed-attempts.ts';
import { temporaryAccessPassType } from '../mfa/recovery-types.ts';
import { noteOf, sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';

interface PassesDeps {
  readonly authenticators: Authenticators;
  readonly failedAttempts: Pick<FailedAttempts, 'clear'>;
  /** The factors in use. */
  readonly factors: readonly Factor[];
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
  readonly clock: Clock;
}

/** When a pass holds, and how often. Default: from now on for an hour, once. */
export interface PassTerms {
  readonly lifetime?: Millis;
  readonly startsAt?: EpochMillis;
  readonly isReusable?: boolean;
}

/** A pass that was just made. `pass` in groups: `K7QX2-M9P4T`. */
export interface MadePass {
  readonly pass: string;
  readonly startsAt: EpochMillis;
  readonly endsAt: EpochMillis;
}

const minute: Millis = 60_000;
const day = 1440 * minute;
/** Limits of a lifetime, and of the time until it starts. */
const shortest: Millis = 5 * minute;
const longest: Millis = day;
const latestStart: Millis = 30 * day;
const usualLifetime: Millis = 60 * minute;

export class Passes {
  readonly #deps: PassesDeps;

  constructor(deps: PassesDeps) {
    this.#deps = deps;
  }

  /**
   * Makes a pass, which replaces the person's former one in one write. Only its hash is stored, so the caller shows it now or
   * never. The person is told.
   * @throws Problem 'bad-request' for terms beyond the limits, or where passes are not in use; 'not-found' without the account.
   */
  async issue(userId: string, terms: PassTerms, by: ChangedBy): Promise<MadePass> {
    const { authenticators, notices } = this.#deps;
    const { made, authenticator } = this.draft(terms);
    await notices.changeAndTell(userId, { kind: 'temporary-pass-made' }, sourceOf(by), async () =>
      authenticators.bind(userId, authenticator),
    );
    await this.record(userId, made, by);
    return made;
  }

  /** A pass that is not bound yet. For `issue`, and for a reset that binds it in its own write. @throws as `issue` */
  draft(terms: PassTerms): { readonly made: MadePass; readonly authenticator: MadeAuthenticator } {
    const { startsAt, endsAt } = this.#periodOf(terms);
    const { pass, data } = newPass({ startsAt, isReusable: terms.isReusable === true });
    return {
      made: { pass: inGroups(pass, passLength / 2), startsAt, endsAt },
      authenticator: { type: temporaryAccessPassType, label: 'Temporary pass', data, expiresAt: endsAt },
    };
  }

  /** Sets the failed attempts at a new pass to zero, and audits the pass. */
  async record(userId: string, { endsAt: until }: MadePass, by: ChangedBy): Promise<void> {
    const { failedAttempts, audit } = this.#deps;
    const { actor } = sourceOf(by);
    await failedAttempts.clear(guessTarget(temporaryAccessPass, userId, undefined));
    await audit({ event: 'temporary-pass.made', actor, subject: userId, outcome: 'success', until, ...noteOf(by) });
  }

  #periodOf({ lifetime = usualLifetime, startsAt }: PassTerms): Pick<MadePass, 'startsAt' | 'endsAt'> {
    const { factors, clock } = this.#deps;
    if (!factors.some(({ type }) => type === temporaryAccessPassType)) {
      throw new Problem('bad-request', 'temporary access passes are not in use (SALLYPORT_FACTORS)');
    }
    if (!(lifetime >= shortest && lifetime <= longest)) {
      throw new Problem(
        'bad-request',
        `got ${lifetime / minute} minutes, expected ${shortest / minute} to ${longest / minute}`,
      );
    }
    const now = clock();
    const start = startsAt ?? now;
    if (!(start + lifetime > now && start <= now + latestStart)) {
      throw new Problem('bad-request', 'got a start that is over or too late, expected one in the next 30 days');
    }
    return { startsAt: start, endsAt: start + lifetime };
  }
}
