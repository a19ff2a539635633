/**
 * Answers requests: signs what the person saw and typed, and tells how it ended. The number and the PIN are compared by the server
 * only; this device never learns the right ones.
 */
import {
  jwtTypes,
  unlockText,
  type AnswerClaims,
  type AnswerOutcome,
  type Decision,
} from '../../../../src/mfa/push/protocol.ts';
import type { Answering, PendingRequest } from '../state.ts';
import { sha256 } from './bytes.ts';
import { codeAt } from './codes.ts';
import type { Context } from './context.ts';
import { signAs } from './device-key.ts';
import type { Inbox } from './inbox.ts';
import type { StoredAccount } from './records.ts';

/** What the person decided. `pin`: entered, or at a pairing the new one. */
export interface Decided {
  readonly decision: Decision;
  readonly number?: string;
  readonly pin?: string;
}

type Proof = Pick<AnswerClaims, 'assertion' | 'registration' | 'code'>;

export interface Answers {
  answer(request: PendingRequest['id'], decided: Decided): Promise<void>;
}

export interface AnswerEvents {
  /** The test of a pairing was passed. */
  readonly onPaired: (account: StoredAccount) => Promise<void>;
}

export const createAnswers = (
  { deps, model, accounts }: Context,
  inbox: Pick<Inbox, 'end'>,
  events: AnswerEvents,
): Answers => {
  const { api, clock, origin, biometric } = deps;
  const tell = (answering: Answering | undefined): void => model.change({ answering });
  const isSending = (): boolean => model.state.answering?.state === 'sending';

  /** Checks the person where the policy wants that. undefined: the check did not succeed. */
  const verifyPerson = async (
    account: StoredAccount,
    { claims: { jti, nonce, purpose, unlock } }: PendingRequest,
    { decision, number }: Decided,
  ): Promise<Proof | undefined> => {
    if (unlock !== 'biometric' || decision !== 'approve') return {};
    if (purpose === 'pairing') {
      const made = await biometric.create(account.pairing?.creation ?? {});
      if (made === undefined) return undefined;
      // Kept before the answer is sent: the server may have it although no reply arrives.
      await accounts.change(account.id, { credential: { id: made.id, rpId: made.rpId } });
      return { registration: made.registration };
    }
    if (account.credential === undefined) return undefined;
    const text = unlockText({ request: jti, nonce, decision, ...(number !== undefined && { number }) });
    const assertion = await biometric.assert({ challenge: await sha256(text), ...account.credential });
    return assertion === undefined ? undefined : { assertion };
  };

  /** The present code of the key that came with a pairing: proves that this device has it. */
  const pairedCode = async ({ codes }: StoredAccount, { claims }: PendingRequest): Promise<Proof> =>
    claims.purpose === 'pairing' && codes !== undefined
      ? { code: (await codeAt(codes, await accounts.wrappingKey(), clock.now())).code }
      : {};

  const conclude = async (account: StoredAccount, request: PendingRequest, outcome: AnswerOutcome): Promise<void> => {
    switch (outcome.result) {
      case 'wrong-pin':
        if (outcome.attemptsLeft > 0) return tell({ state: 'wrong-pin', attemptsLeft: outcome.attemptsLeft });
        return inbox.end(request, 'locked');
      case 'not-unlocked':
        return tell({ state: 'not-verified' });
      case 'wrong-code':
        return tell({ state: 'wrong-code' });
      case 'over':
        return inbox.end(request, outcome.reason === 'expired' ? 'expired' : 'over', outcome.reason);
      case 'approved':
        if (request.claims.purpose === 'pairing') await events.onPaired(account);
        return inbox.end(request, 'approved');
      case 'declined':
      case 'reported':
      case 'wrong-number':
      case 'bound':
        return inbox.end(request, outcome.result);
    }
  };

  return {
    async answer(id, decided) {
      const request = model.state.requests.find(each => each.id === id);
      const account = accounts.served().find(each => each.id === request?.entry);
      if (request === undefined || account === undefined || isSending()) return;
      tell({ state: 'sending' });
      const proof = await verifyPerson(account, request, decided);
      if (proof === undefined) return tell({ state: 'not-verified' });
      const { jti, nonce, client } = request.claims;
      const claims = {
        aud: origin,
        request: jti,
        nonce,
        client,
        ...decided,
        ...proof,
        ...(await pairedCode(account, request)),
      };
      const jwt = await signAs(jwtTypes.answer, account.key, { claims, now: clock.now() });
      const reply = await api.answer(account.key, jwt);
      if (reply.ok) {
        await conclude(account, request, reply.body);
        if (isSending()) tell(undefined);
        return;
      }
      if (reply.reason === 'unreachable') return tell({ state: 'unreachable' });
      if (reply.error === 'device-unknown') {
        await accounts.change(account.id, { state: 'removed' });
        await inbox.end(request, 'removed');
        return tell(undefined);
      }
      if (reply.error === 'over') {
        await conclude(account, request, { result: 'over', reason: reply.reasonOfEnd });
        return tell(undefined);
      }
      tell({ state: 'failed', ...(reply.message !== '' && { message: reply.message }) });
    },
  };
};
