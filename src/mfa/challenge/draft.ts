/** Makes the challenge that a request asks for, before it is stored and its message is sent. */
import { randomToken, sealJson, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import type { CallMessage, Message } from '../../ports/carriers.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { StoredAuthenticator } from '../sealed-authenticators.ts';
import { messageIdOf, sealBinding } from '../challenge-state/keys.ts';
import { sealedPartOf, type ChallengeRecord, type SealedPart } from '../challenge-state/record.ts';
import type { RequestContext } from '../challenge-state/request-context.ts';
import type { EnrollmentInput, Factor } from '../factor.ts';
import type { Ceremonies } from './ceremonies.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

/** Data that this request has read already: the active account, and its challenge (undefined: there was none). */
export interface AlreadyRead {
  readonly user: User;
  readonly challenge: LoadedChallenge | undefined;
}

/** The challenge to begin. `input`: a number, where a new authenticator is to be bound. */
export interface ChallengeRequest {
  readonly userId: string;
  readonly factor: string;
  readonly chosen?: string;
  readonly purpose?: ChallengeRecord['purpose'];
  readonly input?: EnrollmentInput;
  readonly known?: AlreadyRead & { readonly stored: readonly StoredAuthenticator[] };
  /** The caller has recorded `begunEvent`. */
  readonly isRecorded?: boolean;
}

/** A challenge before it is stored. */
export interface Draft {
  readonly record: ChallengeRecord;
  readonly contents: SealedPart;
  readonly message: Message | undefined;
}

interface DraftDeps {
  readonly ceremonies: Ceremonies;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** The draft of a challenge of this factor. @throws Problem 'bad-request' as `Challenges.begin` */
export const draftChallenge = async (
  { ceremonies, clock, sealer }: DraftDeps,
  { purpose = 'authenticate', chosen, input, known }: ChallengeRequest,
  factor: Factor,
  of: { readonly user: User; readonly boundTo: string; readonly context: RequestContext },
): Promise<Draft> => {
  const { user, boundTo, context } = of;
  const token = randomToken();
  const id = messageIdOf(token);
  const ceremony = { factor, user, purpose, chosen, input, stored: known?.stored };
  const begun = await ceremonies.begin(ceremony, ceremonies.context({ id, boundTo }, context, token));
  if (begun === undefined) throw new Problem('bad-request', `the account ${user.id} has no such ${factor.type}`);
  const contents = sealedPartOf(begun, context);
  const lifetimes = begun.lifetimes ?? factor.lifetimes;
  const via = begun.message?.via;
  const record: ChallengeRecord = {
    id,
    purpose,
    boundTo,
    userId: user.id,
    factor: factor.type,
    ...(chosen !== undefined && { chosen }),
    ...(via !== undefined && { via }),
    begunAt: clock(),
    answerBy: clock() + lifetimes.answer,
    ...(lifetimes.afterPickUp !== undefined && { afterPickUp: lifetimes.afterPickUp }),
    ...(begun.message?.via === 'call' && { call: timesOf(begun.message) }),
    redeemLifetime: lifetimes.redeem,
    sealed: sealJson(sealer, contents, sealBinding(id)),
  };
  return { record, contents, message: begun.message };
};

const timesOf = ({ lifetime, connectedFor, keyWithin }: CallMessage): NonNullable<ChallengeRecord['call']> => ({
  lifetime,
  connectedFor,
  keyWithin,
});
