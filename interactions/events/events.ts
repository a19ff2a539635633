/** Serves GET …/events: reports the state of a challenge to its page, as server-sent events or once as JSON. */
import type { Context } from 'koa';
import type { ChallengeView } from '../../src/mfa/challenge/record.ts';
import { waitingEvent } from '../../web/pages/index.ts';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import { userContext, type InteractionContext, type InteractionDeps, type UserContext } from '../context.ts';
import { prompts } from '../prompts.ts';
import type { Streams } from '../../src/http/event-streams.ts';

/** Makes the event from the props of the page. If the challenge is another person's now, the page must reload. */
const eventOf = (deps: InteractionDeps, context: UserContext, view: ChallengeView): WaitingEvent =>
  view.userId === context.user.id ? prompts[view.prompt.kind].event(deps, context, view) : endedEvent(deps, context);

/** Makes a page load itself again. It says nothing of a call, because there may have been none. */
export const endedEvent = ({ clock }: InteractionDeps, { words }: Pick<InteractionContext, 'words'>): WaitingEvent => ({
  ...waitingEvent({ state: { kind: 'ended', reason: 'elsewhere' }, now: clock() }, words),
  status: '',
});

async function* eventLines(deps: InteractionDeps, context: UserContext, signal: AbortSignal): AsyncGenerator<string> {
  const { challenge, boundTo, runningCall } = context;
  if (runningCall !== undefined) {
    await deps.runningMessages.callEnded(context.user.id, runningCall, signal);
  } else {
    for await (const view of deps.challenges.watch(boundTo, signal, challenge?.record.boundTo)) {
      const event = eventOf(deps, context, view);
      yield JSON.stringify(event);
      if (event.phase !== 'pending') return;
    }
  }
  if (!signal.aborted) yield JSON.stringify(endedEvent(deps, context));
}

async function* oneLine(line: string): AsyncGenerator<string> {
  yield line;
}

/**
 * Answers with the event, as JSON or as a stream that begins with it. `lines` go on where it is pending; `name` limits the streams
 * of one sign-in. @throws Problem 'overloaded'
 */
export const answerEvents = (
  ctx: Context,
  event: WaitingEvent,
  streams: Streams,
  { name, lines }: { readonly name: string; readonly lines: (signal: AbortSignal) => AsyncIterable<string> },
): void => {
  const wantsStream =
    ctx.method === 'GET' && ctx.accepts('text/event-stream', 'application/json') === 'text/event-stream';
  if (!wantsStream) {
    ctx.body = event;
    return;
  }
  ctx.type = 'text/event-stream';
  ctx.set('x-accel-buffering', 'no');
  const of = { name, address: ctx.ip };
  ctx.body = streams.open(of, signal => (event.phase === 'pending' ? lines(signal) : oneLine(JSON.stringify(event))));
};

/** Handles GET …/events. The stream ends with the first event that is not pending. @throws Problem 'overloaded' */
export const getEvents =
  (deps: InteractionDeps, streams: Streams) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step } = context;
    const event = step.at === 'factor' ? eventOf(deps, userContext(context), step.view) : endedEvent(deps, context);
    answerEvents(ctx, event, streams, {
      name: context.boundTo,
      lines: signal => eventLines(deps, userContext(context), signal),
    });
  };
