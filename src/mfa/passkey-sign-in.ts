/**
 * Signs a person in by a passkey alone. The credential names the account, and PIN, finger or face make it both steps. Whatever name
 * was typed, the browser is asked the same question, so that it tells nothing about accounts (WebAuthn §14.6.2).
 *
 * An answer: open its ticket → count it → use the ticket up → find the passkey → verify → store its counter → proof.
 */
import type { Audit, AuditEvent } from '../audit.ts';
import type { CountedAudit } from '../counted-audit.ts';
import type { Sealer } from '../crypto.ts';
import { activeAccount } from '../locked-account.ts';
import type { Notices } from '../notice.ts';
import type { Collection, Ephemeral } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { Authenticators, StoredAuthenticator } from './authenticators.ts';
import { mint, type Proof } from './proof.ts';
import type { BrowserInteraction } from './sign-in-proofs.ts';
import { verifyAssertion } from './passkeys/assertion.ts';
import { readAssertion, type Assertion } from './passkeys/credential.ts';
import { passkeyType, type PasskeyData } from './passkeys/data.ts';
import type { PasskeyOffer } from '../passkey-options.ts';
import { requestOptions } from './passkeys/options.ts';
import { isAccepted, type PasskeyPolicy } from './passkeys/policy.ts';
import { burnTicket, makeTicket, openTicket } from './passkey-ticket.ts';

/** What the browser posts. `credential`: JSON of a `PublicKeyCredential`. `name`: typed by the person; empty: none was. */
export interface PasskeyAnswer {
  readonly ticket: string;
  readonly credential: string;
  readonly name: string;
}

/** Origin of an answer. `device` is for the limits, `app` (name of the client) for the owner of the passkey. */
export interface PasskeyAttempt<Device> {
  readonly browserInteraction: BrowserInteraction;
  readonly reference: string;
  readonly address?: string;
  readonly device?: Device;
  /** Id of the client. */
  readonly client: string;
  readonly app: string;
  /** As `browserText` gives it. */
  readonly browser?: string;
}

/**
 * refused: wrong, used before, copied, or of a locked account. unknown: no account has it. other-account: it is right, but the typed
 * name is not that of its account. late: the ticket's time was over. wait: nothing was verified, and nothing can be before `until`.
 */
export type PasskeyResult =
  | { readonly ok: true; readonly user: User; readonly proof: Proof }
  | { readonly ok: false; readonly reason: 'refused' | 'other-account' | 'late' }
  /** `credential`: its id, where the browser may forget it. */
  | { readonly ok: false; readonly reason: 'unknown'; readonly credential?: string }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

/** Limits of answers; `users/passkey-limits.ts` counts them. */
interface Limits<Device> {
  admit(from: {
    readonly address?: string;
    readonly device?: Device;
  }): Promise<
    | { readonly ok: true; readonly refund: () => Promise<void> }
    | { readonly ok: false; readonly until: EpochMillis; readonly isFirst: boolean }
  >;
}

export interface PasskeySignInDeps<Device> {
  readonly policy: PasskeyPolicy;
  /** The issuer's. */
  readonly origin: string;
  /** Other sites make passkeys of this RP ID too: one that is unknown here may be theirs, and must not be forgotten. */
  readonly sharesRpId: boolean;
  readonly users: Collection<User, 'signInNames'>;
  readonly authenticators: Pick<Authenticators, 'ownerOf' | 'of' | 'use'>;
  /** The account that a typed name or address finds. */
  readonly accountNamed: (typed: string) => Promise<Pick<User, 'id'> | undefined>;
  readonly limits: Limits<Device>;
  readonly notices: Pick<Notices, 'tell'>;
  readonly ephemeral: Pick<Ephemeral, 'setIfAbsent'>;
  readonly sealer: Sealer;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  readonly clock: Clock;
}

/** A passkey that counts, with its owner, who may be locked. */
interface Found {
  readonly user: User;
  readonly passkey: StoredAuthenticator & { readonly data: PasskeyData };
}

const refused = { ok: false, reason: 'refused' } as const;

export class PasskeySignIn<Device> {
  readonly #deps: PasskeySignInDeps<Device>;

  constructor(deps: PasskeySignInDeps<Device>) {
    this.#deps = deps;
  }

  /** A new challenge for this sign-in in this browser. Stores nothing. */
  offer(browserInteraction: BrowserInteraction): PasskeyOffer {
    const { policy, sealer, clock } = this.#deps;
    const { challenge, ticket } = makeTicket(sealer, browserInteraction, clock());
    return { options: requestOptions(policy, { challenge, userVerification: 'required', allow: [] }), ticket };
  }

  /** Verifies an answer. Each ticket takes one, right or wrong. @throws the error of a store: nothing is verified uncounted. */
  async verify(answer: PasskeyAnswer, from: PasskeyAttempt<Device>): Promise<PasskeyResult> {
    const { sealer, ephemeral, limits, clock } = this.#deps;
    // Before anything is read: a lock that is set meanwhile is then newer than this proof.
    const at = clock();
    const opened = openTicket(sealer, answer.ticket, from.browserInteraction, at);
    if (!opened.ok) return opened.reason === 'late' ? { ok: false, reason: 'late' } : this.#refuse('ticket', from);
    const admission = await limits.admit(from);
    if (!admission.ok) return this.#wait(admission, from);
    // Before the answer is read: many of them at once cannot share a ticket.
    if (!(await burnTicket(ephemeral, opened, at))) return this.#refuse('reused', from);
    const assertion = readAssertion(answer.credential);
    if (assertion === undefined) return this.#refuse('form', from);
    const found = await this.#find(assertion);
    if (found === undefined) {
      await this.#refuse('unknown', from);
      return { ok: false, reason: 'unknown', ...(!this.#deps.sharesRpId && { credential: assertion.id }) };
    }
    if (found === 'unusable') return this.#refuse('unusable', from);
    const result = await this.#proven(found, { assertion, challenge: opened.challenge, name: answer.name, at }, from);
    if (result.ok || result.reason === 'other-account') await admission.refund();
    return result;
  }

  /** undefined: no account has it. unusable: one has it, but it cannot be opened, or is no passkey. */
  async #find({ id }: Assertion): Promise<Found | 'unusable' | undefined> {
    const { users, authenticators } = this.#deps;
    const owner = await authenticators.ownerOf(id);
    const user = owner === undefined ? undefined : await users.get(owner);
    if (user === undefined) return undefined;
    const passkey = (await authenticators.of(user)).find(({ handle }) => handle === id);
    return passkey !== undefined && isPasskey(passkey) ? { user, passkey } : 'unusable';
  }

  async #proven(
    { user, passkey }: Found,
    {
      assertion,
      challenge,
      name,
      at,
    }: {
      readonly assertion: Assertion;
      readonly challenge: string;
      readonly name: string;
      readonly at: EpochMillis;
    },
    from: PasskeyAttempt<Device>,
  ): Promise<PasskeyResult> {
    const { policy, origin, users, authenticators, accountNamed } = this.#deps;
    const result = await verifyAssertion(assertion, passkey, {
      challenge,
      origin,
      rpId: policy.rpId,
      userId: user.id,
      userHandle: 'required',
      userVerification: 'required',
    });
    const refuse = async (reason: string): Promise<PasskeyResult> => this.#refuse(reason, from, { user, passkey });
    if (!result.ok) {
      if (result.because === 'invalid') return this.#refuse('wrong', from);
      if (result.because === 'copied') await this.#warn({ user, passkey }, from);
      return refuse(result.because);
    }
    if (activeAccount(user) === undefined) return refuse('locked');
    if (!isAccepted(policy, passkey.data.aaguid)) return refuse('policy');
    // Also a name without an account: else anyone with a passkey could ask which names exist.
    if (name.trim() !== '' && (await accountNamed(name))?.id !== user.id) {
      await refuse('other-account');
      return { ok: false, reason: 'other-account' };
    }
    if (!(await authenticators.use([passkey], { id: passkey.id, data: result.data }, passkeyType))) {
      return refuse('raced');
    }
    // Read again: a lock or a removal since then must not be overlooked.
    const owner = activeAccount(await users.get(user.id));
    if (owner?.authenticators.includes(passkey.id) !== true) return refuse('removed');
    const { acr, amr } = result;
    const facts = { factor: passkeyType, authenticator: passkey.id, acr, amr: amr.join(' ') };
    await this.#deps.audit({ ...eventOf('passkey.accepted', from), subject: owner.id, outcome: 'success', ...facts });
    const proof = mint({ userId: owner.id, factor: passkeyType, authenticator: passkey.id, amr, acr, at });
    return { ok: true, user: owner, proof };
  }

  /** Audited once per window, so that an attack does not fill the audit. */
  async #wait(
    { until, isFirst }: { readonly until: EpochMillis; readonly isFirst: boolean },
    from: PasskeyAttempt<Device>,
  ): Promise<PasskeyResult> {
    if (isFirst) await this.#refuse('throttled', from);
    return { ok: false, reason: 'wait', until };
  }

  /** `found`: the signature was right, so that it is the passkey of this account. Every other answer is one of a stranger. */
  async #refuse(reason: string, from: PasskeyAttempt<Device>, found?: Found): Promise<typeof refused> {
    const { audit, countedAudit } = this.#deps;
    const event: AuditEvent = { ...eventOf('passkey.refused', from), outcome: 'refused', reason };
    if (found !== undefined) {
      await audit({ ...event, subject: found.user.id, authenticator: found.passkey.id });
      return refused;
    }
    // Without what the sender chooses, by which one attack would become many records.
    const { client: _client, browser: _browser, ...counted } = event;
    countedAudit.count(counted);
    return refused;
  }

  /** Tells the owner that the passkey may exist twice. */
  async #warn({ user, passkey }: Found, from: PasskeyAttempt<Device>): Promise<void> {
    const { audit, notices } = this.#deps;
    const { reference, address, app } = from;
    await audit({
      ...eventOf('factor.copied', from),
      actor: 'system',
      subject: user.id,
      outcome: 'refused',
      factor: passkeyType,
      authenticator: passkey.id,
    });
    const notice = { kind: 'passkey-copied', factor: passkeyType, app } as const;
    await notices.tell(user.id, notice, { actor: 'system', reference, address });
  }
}

const isPasskey = (stored: StoredAuthenticator): stored is Found['passkey'] => stored.type === passkeyType;

const eventOf = <Event extends AuditEvent['event']>(
  event: Event,
  { reference, address, client, browser }: PasskeyAttempt<unknown>,
) => ({
  event,
  actor: 'browser',
  reference,
  client,
  ...(address !== undefined && { address }),
  ...(browser !== undefined && { browser }),
});
