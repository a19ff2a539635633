/** What the telephone network tells us: keys that were pressed, how a call or a text goes. Only keys can approve, and only here. */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Audit } from '../../src/audit.ts';
import { isProblem } from '../../src/errors.ts';
import { readBody } from '../../src/http/body.ts';
import type { Challenges } from '../../src/mfa/challenge/challenges.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { Callback, Channel, CarrierEvent, VoiceChannel, Progress, VoicePrompt } from '../../src/ports/carriers.ts';
import { wording } from '../../src/locales/wording.ts';

export interface CallbackDeps {
  /** Those that carriers tell us something of. */
  readonly channels: readonly Channel[];
  readonly challenges: Challenges;
  readonly audit: Audit;
}

type LastWords = 'approved' | 'enrolled' | 'denied' | 'silence' | 'tooLate' | 'over';

interface CallbackReply {
  readonly status: number;
  readonly say: LastWords;
}

const replies = {
  approved: { status: 200, say: 'approved' },
  enrolled: { status: 200, say: 'enrolled' },
  notMe: { status: 200, say: 'denied' },
  unfinished: { status: 200, say: 'silence' },
  silence: { status: 200, say: 'silence' },
  /** What a voicemail keeps tells nothing but that nobody was signed in. */
  machine: { status: 200, say: 'silence' },
  expired: { status: 200, say: 'tooLate' },
  over: { status: 200, say: 'over' },
  /** It has been answered: a replay, or a carrier that says it twice. */
  answered: { status: 409, say: 'over' },
  refused: { status: 403, say: 'over' },
} as const satisfies Record<string, CallbackReply>;

/** What the person hears last, and what the carrier is told. Only an approval says so. */
const replyTo = (outcome: AnswerResult): CallbackReply => {
  if (outcome.ok) return outcome.enrolls ? replies.enrolled : replies.approved;
  if (outcome.reason === 'over') {
    if (outcome.phase !== 'ended') return replies.answered;
    const { ended } = outcome;
    return ended === 'expired' || ended === 'silence' || ended === 'machine' ? replies[ended] : replies.over;
  }
  return outcome.reason === 'notMe' || outcome.reason === 'unfinished' || outcome.reason === 'refused'
    ? replies[outcome.reason]
    : replies.over;
};

const isLine = (channel: Channel): channel is VoiceChannel => channel.via === 'call' && 'render' in channel;

/** undefined: nobody signed this, and nothing of it is used. */
const hear = async (ctx: Context, read: (callback: Callback) => CarrierEvent): Promise<CarrierEvent | undefined> => {
  const body = await readBody(ctx.req);
  const headers = Object.fromEntries(
    Object.entries(ctx.headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
  try {
    return read({ path: ctx.originalUrl, headers, body });
  } catch (error) {
    if (isProblem(error, 'forged')) return undefined;
    throw error;
  }
};

/** Routes of the carrier. None of them reads a cookie, and no browser has a token. */
export const callbackRoutes = ({ channels, challenges, audit }: CallbackDeps): Router => {
  const refuse = async (ctx: Context, status: number, reason: string): Promise<void> => {
    await audit({ event: 'callback.refused', actor: 'carrier', outcome: 'refused', reason, address: ctx.ip });
    ctx.status = status;
    ctx.body = '';
  };

  const note = async (ctx: Context, { token, reference, progress }: Extract<CarrierEvent, { progress: Progress }>) => {
    const isKnown = await challenges.report(token, progress, reference);
    if (isKnown) ctx.status = 204;
    else await refuse(ctx, 403, 'unknown');
  };

  const answerCall = async (ctx: Context, line: VoiceChannel): Promise<void> => {
    const heard = await hear(ctx, callback => line.read(callback));
    if (heard === undefined) return refuse(ctx, 403, 'forged');
    if ('progress' in heard) return note(ctx, heard);
    const { outcome, language } = await challenges.hear(heard);
    const isGoingOn = !outcome.ok && outcome.reason === 'unfinished' && outcome.voicePrompt !== undefined;
    const { status, say } = replyTo(outcome);
    if (status !== 200) await refuse(ctx, status, status === 409 ? 'replayed' : 'unknown');
    const { phone } = wording(language ?? '');
    const last: VoicePrompt = { say: phone[say], language: phone.voice, gather: 'none' };
    const { type, body } = line.render(isGoingOn ? (outcome.voicePrompt ?? last) : last, heard.token);
    Object.assign(ctx, { status, type, body });
  };

  const answerText = async (ctx: Context, read: (callback: Callback) => CarrierEvent): Promise<void> => {
    const heard = await hear(ctx, read);
    return heard === undefined || !('progress' in heard) ? refuse(ctx, 403, 'forged') : note(ctx, heard);
  };

  const router = new Router();
  const line = channels.find(isLine);
  const texts = channels.find(channel => channel.via === 'sms' && channel.read !== undefined);
  for (const step of line === undefined ? [] : ['answered', 'keys', 'status']) {
    router.post(`/callbacks/twilio/call/:token/${step}`, async ctx => line && answerCall(ctx, line));
  }
  const read = texts?.read?.bind(texts);
  if (read !== undefined) router.post('/callbacks/twilio/text/:token/status', async ctx => answerText(ctx, read));
  return router;
};
