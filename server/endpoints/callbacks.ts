/**
 * Serves the callbacks of carriers below `/callbacks/<carrier>`: keys pressed on a call, who answered it, and progress. Only
 * pressed keys can approve a sign-in. No route reads a cookie, and no page contains a callback token.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Audit } from '../../src/audit.ts';
import type { CountedAudit } from '../../src/counted-audit.ts';
import { isProblem } from '../../src/errors.ts';
import { readBody } from '../../src/http/body.ts';
import { wording } from '../../src/locales/wording.ts';
import type { MachineDetection } from '../../src/mfa/challenge/machine-detection.ts';
import type { MessageStatus } from '../../src/mfa/challenge/message-status.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { VoiceDialogue } from '../../src/mfa/challenge/voice-dialogue.ts';
import { clientAddress } from '../../src/oidc/http/host.ts';
import type { CallbackRoute, Carrier, CarrierEvent, VoicePrompt } from '../../src/ports/carriers.ts';
import type { Millis } from '../../src/ports/time.ts';

/** The services that the callback routes use. */
export interface CallbackDeps {
  readonly carriers: readonly Carrier[];
  readonly voiceDialogue: VoiceDialogue;
  readonly messageStatus: MessageStatus;
  readonly machineDetection: MachineDetection;
  readonly audit: Audit;
  readonly countedAudit: Pick<CountedAudit, 'count'>;
  /** Number of trusted proxies in front of us. */
  readonly proxyHops: number;
  /** How long calls to an account pause after "this was not me". */
  readonly pause: Millis;
}

type ClosingSentence = 'approved' | 'enrolled' | 'denied' | 'declined' | 'silence' | 'tooLate' | 'over';

interface CallbackReply {
  readonly status: number;
  readonly say: ClosingSentence;
}

const replies = {
  approved: { status: 200, say: 'approved' },
  enrolled: { status: 200, say: 'enrolled' },
  notMe: { status: 200, say: 'denied' },
  declined: { status: 200, say: 'declined' },
  unfinished: { status: 200, say: 'silence' },
  silence: { status: 200, say: 'silence' },
  /** A voicemail may record this sentence, so it only says that no sign-in took place. */
  machine: { status: 200, say: 'silence' },
  expired: { status: 200, say: 'tooLate' },
  over: { status: 200, say: 'over' },
  refused: { status: 403, say: 'over' },
} as const satisfies Record<string, CallbackReply>;

/** Selects the closing sentence of a call and the status for the carrier. Only an approved result says approved. */
const replyTo = (result: AnswerResult): CallbackReply => {
  if (result.ok) return result.enrolls ? replies.enrolled : replies.approved;
  if (result.reason === 'notMe' && result.unconfirmed === true) return replies.declined;
  if (result.reason === 'over') {
    const { ended } = result;
    return ended === 'expired' || ended === 'silence' || ended === 'machine' ? replies[ended] : replies.over;
  }
  return result.reason === 'notMe' || result.reason === 'unfinished' || result.reason === 'refused'
    ? replies[result.reason]
    : replies.over;
};

/**
 * True for keys of a challenge that was answered before: a replay, or a carrier that repeats its request. They change nothing,
 * and a carrier speaks no words from an answer other than 200.
 */
const isReplay = (result: AnswerResult): boolean => {
  if (result.ok || result.reason === 'notMe') return result.repeated === true;
  return result.reason === 'over' && result.phase !== 'ended';
};

/** Reads the event of a callback. Gives undefined if the carrier's signature is not valid; the content is then ignored. */
const readEvent = async (ctx: Context, route: CallbackRoute): Promise<CarrierEvent | undefined> => {
  const body = await readBody(ctx.req);
  const headers = Object.fromEntries(
    Object.entries(ctx.headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
  try {
    return route.read({ path: ctx.originalUrl, headers, body });
  } catch (error) {
    if (isProblem(error, 'forged')) return undefined;
    throw error;
  }
};

/**
 * Creates one POST route for each callback of each carrier. Refused callbacks get 403. A replay is about a call of ours and is
 * audited; forged and unknown ones are counted, because anyone can send any number of them.
 */
export const callbackRoutes = (deps: CallbackDeps): Router => {
  const { carriers, voiceDialogue, messageStatus, machineDetection, audit, countedAudit, proxyHops, pause } = deps;
  const refused = async (ctx: Context, reason: 'forged' | 'unknown' | 'replayed'): Promise<void> => {
    const address = clientAddress(ctx.req.rawHeaders, proxyHops, ctx.ip);
    const event = { event: 'callback.refused', actor: 'carrier', outcome: 'refused', reason, address } as const;
    if (reason === 'replayed') await audit(event);
    else countedAudit.count(event);
  };
  const refuse = async (ctx: Context, reason: 'forged' | 'unknown'): Promise<void> => {
    await refused(ctx, reason);
    ctx.status = 403;
    ctx.body = '';
  };

  const answer = async (ctx: Context, route: CallbackRoute): Promise<void> => {
    const event = await readEvent(ctx, route);
    if (event === undefined) return refuse(ctx, 'forged');
    if ('progress' in event || 'answerer' in event) {
      const { token, reference } = event;
      const isKnown =
        'progress' in event
          ? await messageStatus.report(token, event.progress, reference)
          : await machineDetection.report(token, event.answerer, reference);
      if (!isKnown) return refuse(ctx, 'unknown');
      ctx.status = 204;
      return undefined;
    }
    if (route.render === undefined) return refuse(ctx, 'forged');
    const { result, language } = await voiceDialogue.hear(event);
    const next = !result.ok && result.reason === 'unfinished' ? result.voicePrompt : undefined;
    const { status, say } = replyTo(result);
    if (status !== 200) await refused(ctx, 'unknown');
    else if (isReplay(result)) await refused(ctx, 'replayed');
    const { phone } = wording(language ?? '');
    const sentence = say === 'denied' ? phone.denied(pause) : phone[say];
    const closing: VoicePrompt = { say: sentence, language: language ?? phone.voice, gather: 'none' };
    const { type, body } = route.render(next ?? closing, event.token);
    Object.assign(ctx, { status, type, body });
    return undefined;
  };

  const router = new Router();
  for (const { name, callbacks } of carriers) {
    for (const route of callbacks) router.post(`/callbacks/${name}${route.path}`, async ctx => answer(ctx, route));
  }
  return router;
};
