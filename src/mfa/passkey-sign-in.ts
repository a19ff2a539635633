/**
 * Signs a person in by a passkey alone. The credential names the account, and with user verification it is both steps. The options
 * never depend on the typed name, so that they tell nothing about accounts (WebAuthn §14.6.2).
 *
 * An answer: open its ticket → count it → use the ticket up → find the passkey → verify → store its counter → proof.
 */
import type { Sealer } from '../crypto.ts';
import { activeAccount } from '../locked-account.ts';
import { passkeyAlone } from '../metrics.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Collection, Ephemeral } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { AuthenticatorData } from './authenticator-data.ts';
import type { Authenticators } from './authenticators.ts';
import type { StoredAuthenticator } from './sealed-authenticators.ts';
import { mint, type Proof } from './proof.ts';
import type { BrowserInteraction } from './sign-in-proofs.ts';
import { verifyAssertion } from './passkeys/assertion.ts';
import { readAssertion, type Assertion } from './passkeys/credential.ts';
import { isPasskey, passkeyType, type PasskeyData } from './passkeys/data.ts';
import type { PasskeyOffer } from '../passkey-options.ts';
import { requestOptions } from './passkeys/options.ts';
import { isAccepted, type PasskeyPolicy } from './passkeys/policy.ts';
import { PasskeySignInEvents, type PasskeyOrigin, type PasskeySignInEventsDeps } from './passkey-sign-in-events.ts';
import { burnTicket, makeTicket, openTicket } from './passkey-ticket.ts';

/** What the browser posts. `credential`: JSON of a `PublicKeyCredential`. `name`: typed by the person; empty: none was. */
export interface PasskeyAnswer {
  readonly ticket: string;
  readonly credential: string;
  readonly name: string;
}

/** Origin of an answer. `device`: for the limits. */
export interface PasskeyAttempt<Device> extends PasskeyOrigin {
  readonly browserInteraction: BrowserInteraction;
  readonly device?: Device;
}

/**
 * refused: wrong, used before, copied, or of a locked account. unknown: no account has it. other-account: it is right, but the typed
 * name is not that of its account. late: the ticket has expired. wait: nothing was verified, and nothing can be before `until`.
 */
export type PasskeyResult =
  | { readonly ok: true; readonly user: User; readonly proof: Proof }
  | { readonly ok: false; readonly reason: 'refused' | 'other-account' | 'late' }
  /** `credential`: its id, where the browser may forget it. */
  | { readonly ok: false; readonly reason: 'unknown'; readonly credential?: string }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

/** Limits of answers; `users/limits/attempt-limits.ts` counts them. */
interface Limits<Device> {
  admit(from: {
    readonly address?: string;
    readonly device?: Device;
  }): Promise<
    | { readonly ok: true; readonly refund: () => Promise<void> }
    | { readonly ok: false; readonly until: EpochMillis; readonly isFirst: boolean }
  >;
}

export interface PasskeySignInDeps<Device> extends PasskeySignInEventsDeps {
  readonly policy: PasskeyPolicy;
  /** The issuer's. */
  readonly origin: string;
  /** Other sites make passkeys of this RP ID too: one that is unknown here may be theirs, and must not be forgotten. */
  readonly sharesRpId: boolean;
  readonly users: Collection<User, 'signInNames'>;
  readonly authenticators: Pick<Authenticators, 'ownerOf' | 'of'>;
  readonly authenticatorData: Pick<AuthenticatorData, 'burn'>;
  /** The account that a typed name or address finds. */
  readonly accountNamed: (typed: string) => Promise<Pick<User, 'id'> | undefined>;
  readonly limits: Limits<Device>;
  readonly ephemeral: Pick<Ephemeral, 'setIfAbsent'>;
  readonly sealer: Sealer;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** A passkey that counts, with its owner, who may be locked. */
interface Found {
  readonly user: User;
  readonly passkey: StoredAuthenticator & { readonly data: PasskeyData };
}

/** What the browser sent, with what its ticket holds. */
interface Given {
  readonly assertion: Assertion;
  readonly challenge: string;
  /** The typed name. */
  readonly name: string;
  readonly at: EpochMillis;
}

const refused = { ok: false, reason: 'refused' } as const;

export class PasskeySignIn<Device> {
  readonly #deps: PasskeySignInDeps<Device>;
  readonly #events: PasskeySignInEvents;

  constructor(deps: PasskeySignInDeps<Device>) {
    this.#deps = deps;
    this.#events = new PasskeySignInEvents(deps);
  }

  /** A new challenge for this sign-in in this browser. Stores nothing. */
  offer(browserInteraction: BrowserInteraction): PasskeyOffer {
    const { policy, sealer, clock } = this.#deps;
    const { challenge, ticket } = makeTicket(sealer, browserInteraction, clock());
    return { options: requestOptions(policy, { challenge, userVerification: 'required', allow: [] }), ticket };
  }

  /** Verifies an answer. Each ticket takes one, right or wrong. @throws the error of a store: nothing is verified uncounted. */
  async verify(answer: PasskeyAnswer, from: PasskeyAttempt<Device>): Promise<PasskeyResult> {
    const result = await this.#verify(answer, from);
    const outcome = result.ok ? 'passed' : result.reason === 'wait' ? 'waiting' : 'wrong';
    this.#deps.metrics.count('sallyport_attempts_total', { purpose: 'sign-in', factor: passkeyAlone, outcome });
    return result;
  }

  async #verify(answer: PasskeyAnswer, from: PasskeyAttempt<Device>): Promise<PasskeyResult> {
    const { sealer, ephemeral, limits, clock, sharesRpId } = this.#deps;
    // Before anything is read: a lock that is set meanwhile is then newer than this proof.
    const at = clock();
    const opened = openTicket(sealer, answer.ticket, from.browserInteraction, at);
    if (!opened.ok) return opened.reason === 'late' ? { ok: false, reason: 'late' } : this.#refuse('ticket', from);
    const admission = await limits.admit(from);
    if (!admission.ok) {
      // Recorded once per window, so that an attack does not fill the audit.
      if (admission.isFirst) this.#events.refusedStranger('throttled', from);
      return { ok: false, reason: 'wait', until: admission.until };
    }
    // Before the answer is read: concurrent answers cannot share a ticket.
    if (!(await burnTicket(ephemeral, opened, at))) return this.#refuse('reused', from);
    const assertion = readAssertion(answer.credential);
    if (assertion === undefined) return this.#refuse('form', from);
    const found = await this.#find(assertion);
    if (found === undefined) {
      this.#events.refusedStranger('unknown', from);
      return { ok: false, reason: 'unknown', ...(!sharesRpId && { credential: assertion.id }) };
    }
    if (found === 'unusable') return this.#refuse('unusable', from);
    const result = await this.#prove(found, { assertion, challenge: opened.challenge, name: answer.name, at }, from);
    // Not for another account: its owner could fill the audit with one sign-in.
    if (result.ok) await admission.refund();
    return result;
  }

  /** undefined: no account has it. unusable: one has it, but it cannot be decrypted, or is no passkey. */
  async #find({ id }: Assertion): Promise<Found | 'unusable' | undefined> {
    const { users, authenticators } = this.#deps;
    const owner = await authenticators.ownerOf(id);
    const user = owner === undefined ? undefined : await users.get(owner);
    if (user === undefined) return undefined;
    const passkey = (await authenticators.of(user)).find(({ handle }) => handle === id);
    return passkey !== undefined && isPasskey(passkey) ? { user, passkey } : 'unusable';
  }

  /** Verifies the answer of a known passkey, stores its counter and makes the proof. */
  async #prove(
    { user, passkey }: Found,
    { assertion, challenge, name, at }: Given,
    from: PasskeyOrigin,
  ): Promise<PasskeyResult> {
    const { policy, origin, users, authenticatorData, accountNamed } = this.#deps;
    const result = await verifyAssertion(assertion, passkey, {
      challenge,
      origin,
      rpId: policy.rpId,
      userId: user.id,
      userHandle: 'required',
      userVerification: 'required',
    });
    if (!result.ok && result.because === 'invalid') return this.#refuse('wrong', from);
    const owner = { userId: user.id, authenticator: passkey.id };
    const refuse = async (reason: string): Promise<typeof refused> => {
      await this.#events.refusedOwner(reason, from, owner);
      return refused;
    };
    if (!result.ok) {
      if (result.because === 'copied') await this.#events.copied(from, owner);
      return refuse(result.because);
    }
    if (activeAccount(user) === undefined) return refuse('locked');
    if (!isAccepted(policy, passkey.data.aaguid)) return refuse('policy');
    // Also a name without an account: else anyone with a passkey could find out which names exist.
    if (name.trim() !== '' && (await accountNamed(name))?.id !== user.id) {
      await refuse('other-account');
      return { ok: false, reason: 'other-account' };
    }
    if (!(await authenticatorData.burn(passkey, result.data, passkeyType))) {
      return refuse('raced');
    }
    // Read again: a lock or a removal since then must not be overlooked.
    const active = activeAccount(await users.get(user.id));
    if (active?.authenticators.includes(passkey.id) !== true) return refuse('removed');
    const { acr, amr } = result;
    const proof = mint({ ...owner, factor: passkeyType, amr, acr, at });
    await this.#events.accepted(proof, from);
    return { ok: true, user: active, proof };
  }

  /** Refuses an answer that anybody may have sent. */
  #refuse(reason: string, from: PasskeyOrigin): typeof refused {
    this.#events.refusedStranger(reason, from);
    return refused;
  }
}
