/** The same message once more: not too soon, not too often, by one of many who ask, and nothing else of the challenge changes. */
import { randomToken } from '../../crypto.ts';
import type { Message } from '../../ports/carriers.ts';
import { messageIdOf, type Resends } from './record.ts';
import type { LoadedChallenge } from './store.ts';
import type { ResendResult } from './result.ts';
import type { VerificationDeps, Verification } from './verification.ts';

export const resend = async (
  deps: VerificationDeps,
  verification: Verification,
  was: LoadedChallenge | undefined,
): Promise<ResendResult> => {
  const { store, clock, sender } = deps;
  const factor = was && verification.factor(was.record);
  if (was === undefined || factor?.again === undefined) return { ok: false, reason: 'refused' };
  const { record, contents, view, resends } = was;
  if (view.phase !== 'pending' || view.again === undefined) return { ok: false, reason: 'over' };
  if (view.again.left === 0) return { ok: false, reason: 'spent' };
  if (clock() < view.again.from) return { ok: false, reason: 'wait', until: view.again.from };
  if ((await verification.user(record.userId)) === undefined) return { ok: false, reason: 'over' };

  const token = randomToken();
  const id = messageIdOf(token);
  const isAgain = resends?.of === record.id;
  const mine: Resends = {
    count: (resends?.count ?? 0) + 1,
    at: clock(),
    of: record.id,
    taken: (isAgain ? resends.taken : 0) + 1,
    newest: id,
  };
  // Counted before it is sent: who asked at the same moment has found another count.
  await store.alias(record, id);
  if (!(await store.swapResends(record.boundTo, resends, mine))) {
    const { view: now } = await verification.load(record);
    return now.again === undefined
      ? { ok: false, reason: 'over' }
      : { ok: false, reason: 'wait', until: now.again.from };
  }
  const message = factor.again(contents.state, verification.context(record, contents.request, token));
  const sent = await sender.send({
    record,
    id,
    message: inTime(message, record.answerBy - clock()),
    request: contents.request,
    event: 'challenge.resent',
  });
  if (typeof sent !== 'string') {
    await verification.publish(record);
    return { ok: true, view: (await verification.load(record)).view };
  }
  await verification.record('challenge.refused', 'refused', was, 'system', { reason: sent });
  // Where nothing left us the page goes on telling of the text before; the count stays, so that asking ends.
  if (sent !== 'slow') {
    const before = isAgain ? { newest: resends.newest, taken: resends.taken } : { newest: record.id, taken: 0 };
    await store.swapResends(record.boundTo, mine, { ...mine, ...before });
  }
  return { ok: false, reason: sent === 'elsewhere' ? 'undeliverable' : sent };
};

/** Not to be delivered any more once its code has expired. */
const inTime = (message: Message, left: number): Message => ({
  ...message,
  lifetime: Math.min(message.lifetime, left),
});
