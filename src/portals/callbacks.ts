/** What the telephone network tells us: keys that were pressed, and how a call goes. Only keys can approve, and only here. */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Audit } from '../audit.ts';
import { isProblem } from '../errors.ts';
import { readBody } from '../http/body.ts';
import type { Challenges } from '../mfa/challenges.ts';
import type { Outcome } from '../mfa/outcome.ts';
import type { Heard, Line, Turn } from '../ports.ts';
import { wording } from '../wording.ts';

export interface CallbackParts {
  readonly line: Line;
  readonly challenges: Challenges;
  readonly audit: Audit;
}

type LastWords = 'approved' | 'enrolled' | 'denied' | 'silence' | 'tooLate' | 'over';

interface Reply {
  readonly status: number;
  readonly say: LastWords;
}

const replies = {
  approved: { status: 200, say: 'approved' },
  enrolled: { status: 200, say: 'enrolled' },
  notMe: { status: 200, say: 'denied' },
  unfinished: { status: 200, say: 'silence' },
  silence: { status: 200, say: 'silence' },
  expired: { status: 200, say: 'tooLate' },
  over: { status: 200, say: 'over' },
  /** It has been answered: a replay, or a carrier that says it twice. */
  answered: { status: 409, say: 'over' },
  refused: { status: 403, say: 'over' },
} as const satisfies Record<string, Reply>;

/** What the person hears last, and what the carrier is told. Only an approval says so. */
const replyTo = (outcome: Outcome): Reply => {
  if (outcome.ok) return outcome.binds ? replies.enrolled : replies.approved;
  if (outcome.why === 'over') {
    if (outcome.phase !== 'ended') return replies.answered;
    return outcome.ended === 'expired' || outcome.ended === 'silence' ? replies[outcome.ended] : replies.over;
  }
  return outcome.why === 'notMe' || outcome.why === 'unfinished' || outcome.why === 'refused'
    ? replies[outcome.why]
    : replies.over;
};

/** Routes of the carrier. None of them reads a cookie, and no browser has a token. */
export const callbackRoutes = ({ line, challenges, audit }: CallbackParts): Router => {
  const refuse = async (ctx: Context, reason: string): Promise<void> =>
    audit({ event: 'callback.refused', actor: 'carrier', outcome: 'refused', reason, address: ctx.ip });

  const speak = (ctx: Context, status: number, turn: Turn, token: string): void => {
    const { type, body } = line.speak(turn, token);
    Object.assign(ctx, { status, type, body });
  };

  /** undefined: nobody signed this, and nothing of it is used. */
  const hear = async (ctx: Context): Promise<Heard | undefined> => {
    const body = await readBody(ctx.req);
    const headers = Object.fromEntries(
      Object.entries(ctx.headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
    );
    try {
      return line.read({ path: ctx.originalUrl, headers, body });
    } catch (error) {
      if (isProblem(error, 'forged')) return undefined;
      throw error;
    }
  };

  const answer = async (ctx: Context): Promise<void> => {
    const heard = await hear(ctx);
    if (heard === undefined) {
      await refuse(ctx, 'forged');
      ctx.status = 403;
      ctx.body = '';
      return;
    }
    if ('progress' in heard) {
      const isKnown = await challenges.report(heard.token, heard.progress, heard.reference);
      if (!isKnown) await refuse(ctx, 'unknown');
      ctx.status = isKnown ? 204 : 403;
      return;
    }
    const { outcome, language } = await challenges.hear(heard);
    if (!outcome.ok && outcome.why === 'unfinished' && outcome.turn !== undefined) {
      speak(ctx, 200, outcome.turn, heard.token);
      return;
    }
    const { status, say } = replyTo(outcome);
    if (status !== 200) await refuse(ctx, status === 409 ? 'replayed' : 'unknown');
    const { phone } = wording(language ?? '');
    speak(ctx, status, { say: phone[say], language: phone.voice, hear: 'none' }, heard.token);
  };

  const router = new Router();
  for (const step of ['answered', 'keys', 'status']) router.post(`/callbacks/twilio/call/:token/${step}`, answer);
  return router;
};
