/** The same message once more: not too soon, not too often, by one of many who ask, and nothing else of the challenge changes. */
import { randomToken } from '../../crypto.ts';
import type { Message } from '../../ports.ts';
import { idOf, type Resends } from './record.ts';
import type { LoadedChallenge } from './store.ts';
import type { Resent } from './result.ts';
import type { ChallengeParts, Verdicts } from './verification.ts';

export const resend = async (
  parts: ChallengeParts,
  verdicts: Verdicts,
  was: LoadedChallenge | undefined,
): Promise<Resent> => {
  const { store, clock, deliveries } = parts;
  const factor = was && verdicts.factor(was.body);
  if (was === undefined || factor?.again === undefined) return { ok: false, reason: 'refused' };
  const { body, contents, view, resends } = was;
  if (view.phase !== 'pending' || view.again === undefined) return { ok: false, reason: 'over' };
  if (view.again.left === 0) return { ok: false, reason: 'spent' };
  if (clock() < view.again.from) return { ok: false, reason: 'wait', until: view.again.from };
  if ((await verdicts.user(body.userId)) === undefined) return { ok: false, reason: 'over' };

  const token = randomToken();
  const id = idOf(token);
  const isAgain = resends?.of === body.id;
  const mine: Resends = {
    count: (resends?.count ?? 0) + 1,
    at: clock(),
    of: body.id,
    taken: (isAgain ? resends.taken : 0) + 1,
    newest: id,
  };
  // Counted before it is sent: who asked at the same moment has found another count.
  await store.alias(body, id);
  if (!(await store.swapResends(body.boundTo, resends, mine))) {
    const { view: now } = await verdicts.load(body);
    return now.again === undefined
      ? { ok: false, reason: 'over' }
      : { ok: false, reason: 'wait', until: now.again.from };
  }
  const message = factor.again(contents.state, verdicts.context(body, contents.request, token));
  const sent = await deliveries.send({
    body,
    id,
    message: inTime(message, body.answerBy - clock()),
    request: contents.request,
    event: 'challenge.resent',
  });
  if (typeof sent !== 'string') {
    await verdicts.ring(body);
    return { ok: true, view: (await verdicts.load(body)).view };
  }
  await verdicts.record('challenge.refused', 'refused', was, 'system', { reason: sent });
  // Where nothing left us the page goes on telling of the text before; the count stays, so that asking ends.
  if (sent !== 'slow') {
    const before = isAgain ? { newest: resends.newest, taken: resends.taken } : { newest: body.id, taken: 0 };
    await store.swapResends(body.boundTo, mine, { ...mine, ...before });
  }
  return { ok: false, reason: sent === 'elsewhere' ? 'undeliverable' : sent };
};

/** Not to be delivered any more once its code has expired. */
const inTime = (message: Message, left: number): Message => ({
  ...message,
  lifetime: Math.min(message.lifetime, left),
});
