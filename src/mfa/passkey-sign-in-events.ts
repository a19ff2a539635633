/** Audits the sign-ins by a passkey alone (`passkey-sign-in.ts`), and warns the owner of a passkey that may be copied. */
import type { Audit, AuditEvent } from '../audit.ts';
import type { CountedAudit } from '../counted-audit.ts';
import type { Notices } from '../notice.ts';
import { passkeyType } from './passkeys/data.ts';
import type { Proof } from './proof.ts';

/** Origin of an answer, as the audit shows it. */
export interface PasskeyOrigin {
  readonly reference: string;
  readonly address?: string;
  /** Id of the client. */
  readonly client: string;
  /** Name of the client, for the owner of the passkey. */
  readonly app: string;
  /** As `browserText` gives it. */
  readonly browser?: string;
}

/** An account and its passkey, by their ids. */
export interface PasskeyOwner {
  readonly userId: string;
  readonly authenticator: string;
}

export interface PasskeySignInEventsDeps {
  readonly notices: Pick<Notices, 'tell'>;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
}

/** Records what becomes of an answer. */
export class PasskeySignInEvents {
  readonly #deps: PasskeySignInEventsDeps;

  constructor({ notices, audit, countedAudit }: PasskeySignInEventsDeps) {
    this.#deps = { notices, audit, countedAudit };
  }

  /** The answer was right. */
  async accepted({ userId, factor, authenticator, acr, amr }: Proof, from: PasskeyOrigin): Promise<void> {
    await this.#deps.audit({
      ...eventOf('passkey.accepted', from),
      subject: userId,
      outcome: 'success',
      factor,
      ...(authenticator !== undefined && { authenticator }),
      acr,
      amr: amr.join(' '),
    });
  }

  /** The answer was refused, but its signature was right: whoever sent it has the passkey of this account. */
  async refusedOwner(reason: string, from: PasskeyOrigin, { userId, authenticator }: PasskeyOwner): Promise<void> {
    await this.#deps.audit({ ...refusal(reason, from), subject: userId, authenticator });
  }

  /** The answer was refused, and anybody may have sent it: it is only counted, without what the sender chooses. */
  refusedStranger(reason: string, from: PasskeyOrigin): void {
    const { client: _client, browser: _browser, ...counted } = refusal(reason, from);
    this.#deps.countedAudit.count(counted);
  }

  /** The signature counter did not rise. Tells the owner that a copy of the passkey may exist. */
  async copied(from: PasskeyOrigin, { userId, authenticator }: PasskeyOwner): Promise<void> {
    const { audit, notices } = this.#deps;
    const { reference, address, app } = from;
    await audit({
      ...eventOf('factor.copied', from),
      actor: 'system',
      subject: userId,
      outcome: 'refused',
      factor: passkeyType,
      authenticator,
    });
    const notice = { kind: 'passkey-copied', factor: passkeyType, app } as const;
    await notices.tell(userId, notice, { actor: 'system', reference, address });
  }
}

const refusal = (reason: string, from: PasskeyOrigin): AuditEvent => ({
  ...eventOf('passkey.refused', from),
  outcome: 'refused',
  reason,
});

const eventOf = <Event extends AuditEvent['event']>(
  event: Event,
  { reference, address, client, browser }: PasskeyOrigin,
) => ({
  event,
  actor: 'browser',
  reference,
  client,
  ...(address !== undefined && { address }),
  ...(browser !== undefined && { browser }),
});
