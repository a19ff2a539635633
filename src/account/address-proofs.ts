/**
 * Proves that an e-mail address is the person's: a new one, or the present one of the account. A mailed link proves it, in a session
 * of that account only: otherwise an attacker could talk people into proving their mailbox for the attacker's account.
 *
 *     request ─→ account keeps address and hash of a token ─→ mail with the link
 *     link ─→ page, signed in ─confirm→ the address counts, verified; the old one is told
 *
 * Until then the old address works as before.
 */
import type { Audit } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Mail } from '../mail/mail.ts';
import { wording } from '../locales/wording.ts';
import type { NoticeSource } from '../notice.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { changeAccount } from '../users/change-account.ts';
import { emailAddress } from '../users/names/email-address.ts';
import { isOpen, issued, newToken } from '../users/mailed-tokens.ts';
import type { Users } from '../users/users.ts';
import { linkMail } from './link-mail.ts';

/**
 * email: the text is no address. same: it is the verified address of the account. limit: too many links in an hour. off: no mail server
 * is configured. full: too many mails wait.
 */
export type ProofRequested =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: 'email' | 'same' | 'limit' | 'off' | 'full' };

/** link: it was used, is too old, is another account's, or a newer one was sent. taken: another account has the address now. */
export type AddressProven =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly reason: 'link' | 'taken' };

export interface AddressProofsDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly accounts: Pick<Users, 'find' | 'proveAddress'>;
  readonly mail: Pick<Mail, 'isOn' | 'queue'>;
  /** The page that a link opens; the link adds its token. */
  readonly page: URL;
  readonly clock: Clock;
  readonly audit: Audit;
}

/** Proves addresses. */
export class AddressProofs {
  readonly #deps: AddressProofsDeps;

  constructor(deps: AddressProofsDeps) {
    this.#deps = deps;
  }

  /** False: no address can be proven, because no mail server is configured. */
  get isOn(): boolean {
    return this.#deps.mail.isOn;
  }

  /** The address that waits for its proof. */
  waiting({ addressProof }: User): { readonly address: string; readonly until: EpochMillis } | undefined {
    const isWaiting = addressProof?.hash !== undefined && this.#deps.clock() < addressProof.until;
    return isWaiting ? { address: addressProof.address, until: addressProof.until } : undefined;
  }

  /**
   * Mails a link to this address. If another account has it, no link is sent, and the answer is the same: it must not reveal
   * accounts. @throws the error of the store
   */
  async request(user: User, typed: string, language: string, by: NoticeSource): Promise<ProofRequested> {
    if (!this.isOn) return { ok: false, reason: 'off' };
    const address = emailAddress(typed);
    if (address === undefined) return { ok: false, reason: 'email' };
    if (address === user.email && user.emailVerified === true) return { ok: false, reason: 'same' };
    const token = newToken(user.id);
    const until = await this.#keep(user.id, token, address);
    if (until === undefined) return { ok: false, reason: 'limit' };
    const holder = await this.#deps.accounts.find(address);
    if (holder === undefined || holder.id === user.id) {
      const words = wording(language).accountProfile.mail;
      const message = linkMail(words, { name: user.name, page: this.#deps.page, token });
      const queued = await this.#deps.mail.queue({ to: address, userId: user.id, language, message, until });
      if (queued !== 'queued') return { ok: false, reason: queued === 'limited' ? 'limit' : queued };
    }
    const { actor, reference, address: from } = by;
    await this.#deps.audit({
      event: 'address-proof.requested',
      actor,
      subject: user.id,
      outcome: 'info',
      ...(reference !== undefined && { reference }),
      ...(from !== undefined && { address: from }),
    });
    return { ok: true, address };
  }

  /** The address that this token would prove for this account now. Only reads. */
  find({ addressProof }: User, token: string): string | undefined {
    return isOpen(addressProof, token, this.#deps.clock()) ? addressProof.address : undefined;
  }

  /** Makes the address that of the account, verified. Of concurrent callers one does it. @throws the error of the store */
  async confirm(user: User, token: string, by: NoticeSource): Promise<AddressProven> {
    const address = this.find(user, token);
    if (address === undefined) return { ok: false, reason: 'link' };
    const isAllowed = (stored: User): boolean => this.find(stored, token) === address;
    const proven = await this.#deps.accounts.proveAddress(user.id, { address, isAllowed }, by);
    return typeof proven === 'string' ? { ok: false, reason: proven } : { ok: true, user: proven };
  }

  /** Keeps address and hash; gives the end of the token. undefined: too many were sent. */
  async #keep(id: string, token: string, address: string): Promise<EpochMillis | undefined> {
    const request = newId();
    const { addressProof } = await changeAccount(this.#deps.users, id, was => {
      const next = issued(was.addressProof, { token, request }, this.#deps.clock());
      return next === undefined ? was : { ...was, addressProof: { ...next, address } };
    });
    return addressProof?.request === request ? addressProof.until : undefined;
  }
}
