/**
 * Proves that an e-mail address is the person's: a new one, or the present one of the account. A mailed link proves it, in a session
 * of that account only: otherwise an attacker could talk people into proving their mailbox for the attacker's account.
 *
 *     request ─→ account keeps address and hash of a token ─→ outbox (kind `address-proof`) ─deliver→ mail with the link
 *     link ─→ page, signed in ─confirm→ the address counts, verified; the old one is told
 *
 * Until then the old address works as before. A request does the same for every address. Only `deliver`, outside of the request, looks
 * whether another account has it: neither the answer nor its time tells.
 */
import type { Audit } from '../audit.ts';
import { newId } from '../new-id.ts';
import type { Mail } from '../mail/mail.ts';
import { wording } from '../locales/wording.ts';
import type { NoticeSource } from '../notice.ts';
import type { Send } from '../outbox/deliveries.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Collection, Json } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { changeAccount } from '../change-account.ts';
import { emailAddress } from '../users/names/email-address.ts';
import { isOpen, issued, newToken } from '../users/mailed-tokens.ts';
import type { Users } from '../users/users.ts';
import { linkMail } from './link-mail.ts';

/** Kind of the requests in the outbox. */
export const addressProofKind = 'address-proof';

/** Recipient of all of them: one is answered at a time, and at most 1000 wait. */
const recipient = 'address-proofs';

/** A request as the outbox keeps it. A type, so that it can be stored as JSON. */
type StoredRequest = {
  readonly userId: string;
  readonly address: string;
  readonly token: string;
  readonly until: EpochMillis;
  /** Language of the person, or of the page on which it was asked for. */
  readonly language: string;
};

/**
 * email: the text is no address. same: it is the verified address of the account. limit: too many links in an hour. off: no mail server
 * is configured. full: too many requests wait.
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
  readonly outbox: Pick<Outbox, 'add'>;
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

  /** Asks for a link to this address. The result does not depend on whether another account has it. @throws the error of the store */
  async request(user: User, typed: string, language: string, by: NoticeSource): Promise<ProofRequested> {
    if (!this.isOn) return { ok: false, reason: 'off' };
    const address = emailAddress(typed);
    if (address === undefined) return { ok: false, reason: 'email' };
    if (address === user.email && user.emailVerified === true) return { ok: false, reason: 'same' };
    const token = newToken(user.id);
    const until = await this.#keep(user.id, token, address);
    if (until === undefined) return { ok: false, reason: 'limit' };
    const data: StoredRequest = { userId: user.id, address, token, until, language };
    const added = await this.#deps.outbox.add({ kind: addressProofKind, recipient, subject: user.id, data });
    if (added === 'full') return { ok: false, reason: 'full' };
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

  /** Sender of the requests in the outbox: mails the link, unless another account has the address, or a newer link was asked for. */
  readonly deliver: Send = async data => {
    const { userId, address, token, until, language } = fromJson(data);
    const { users, accounts, mail, page } = this.#deps;
    const [user, holder] = [await users.get(userId), await accounts.find(address)];
    const isTaken = holder !== undefined && holder.id !== userId;
    if (user === undefined || isTaken || this.find(user, token) !== address) return 'dropped';
    const message = linkMail(wording(language).accountProfile.mail, { name: user.name, page, token });
    const queued = await mail.queue({ to: address, userId, language, message, until });
    return queued === 'queued' ? 'sent' : 'dropped';
  };

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

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this installation, so only `request` can have written it
const fromJson = (data: Json): StoredRequest => data as unknown as StoredRequest;
