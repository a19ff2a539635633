/** GET …/events: how far the call is, as server-sent events, or once as JSON. */
import type { Context } from 'koa';
import type { ChallengeView } from '../../src/mfa/challenge/record.ts';
import { codeEvent, waitingEvent } from '../../web/pages/index.ts';
import type { WaitingEvent } from '../../web/pages/props.ts';
import { callProps, codeProps } from '../page-props.ts';
import { userContext, type InteractionDeps, type UserContext, type InteractionContext } from '../context.ts';
import type { Streams } from './streams.ts';

/** From the same props as the page; a page that is watching something else now has to be drawn anew. */
const eventOf = (deps: InteractionDeps, context: UserContext, view: ChallengeView): WaitingEvent => {
  if (view.userId !== context.user.id) return nothingToWatch(deps, context);
  const now = deps.clock();
  if (view.prompt.kind === 'wait') return waitingEvent({ ...callProps(deps, context, view), now }, context.words);
  return codeEvent({ ...codeProps(context, view), now }, context.words);
};

const nothingToWatch = ({ clock }: InteractionDeps, { words }: InteractionContext): WaitingEvent =>
  waitingEvent({ state: { kind: 'ended', reason: 'elsewhere' }, now: clock() }, words);

async function* eventLines(deps: InteractionDeps, context: UserContext, signal: AbortSignal): AsyncGenerator<string> {
  for await (const view of deps.challenges.watch(context.boundTo, signal)) {
    const event = eventOf(deps, context, view);
    yield JSON.stringify(event);
    if (event.phase !== 'pending') return;
  }
  if (!signal.aborted) yield JSON.stringify(nothingToWatch(deps, context));
}

async function* once(line: string): AsyncGenerator<string> {
  yield line;
}

export const getEvents =
  (deps: InteractionDeps, streams: Streams) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step } = context;
    const event = step.at === 'factor' ? eventOf(deps, userContext(context), step.view) : nothingToWatch(deps, context);
    const wantsStream =
      ctx.method === 'GET' && ctx.accepts('text/event-stream', 'application/json') === 'text/event-stream';
    if (!wantsStream) {
      ctx.body = event;
      return;
    }
    ctx.type = 'text/event-stream';
    ctx.set('x-accel-buffering', 'no');
    ctx.body = streams.open(context.boundTo, signal =>
      event.phase === 'pending' ? eventLines(deps, userContext(context), signal) : once(JSON.stringify(event)),
    );
  };
