/** Serves GET …/events: reports the state of a challenge to its page, as server-sent events or once as JSON. */
import type { Context } from 'koa';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import { waitingEvent } from '../../web/pages/index.ts';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import { userContext, type InteractionContext, type InteractionDeps } from '../context.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import { eventOf, waitingOf, type Waiting } from './waiting-event.ts';

/** If the challenge is another person's now, the page must reload. */
const ownEvent = (deps: InteractionDeps, waiting: Waiting, view: ChallengeView): WaitingEvent =>
  view.userId === waiting.userId ? eventOf(waiting, view, deps.clock()) : endedEvent(deps, waiting);

/** Makes a page load itself again. It says nothing of a call, because there may have been none. */
export const endedEvent = ({ clock }: InteractionDeps, { words }: Pick<Waiting, 'words'>): WaitingEvent => ({
  ...waitingEvent({ state: { kind: 'ended', reason: 'elsewhere' }, now: clock() }, words),
  status: '',
});

/** The binding of the sign-in, and the one that began the challenge it shares. */
interface Bindings {
  readonly boundTo: string;
  readonly begunBy: string | undefined;
}

async function* eventLines(
  deps: InteractionDeps,
  waiting: Waiting,
  { boundTo, begunBy }: Bindings,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { runningCall, userId } = waiting;
  if (runningCall !== undefined) {
    await deps.runningMessages.callEnded(userId, runningCall, signal);
  } else {
    for await (const view of deps.challenges.watch(boundTo, signal, begunBy)) {
      const event = ownEvent(deps, waiting, view);
      yield JSON.stringify(event);
      if (event.phase !== 'pending') return;
    }
  }
  if (!signal.aborted) yield JSON.stringify(endedEvent(deps, waiting));
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
  const source = event.phase === 'pending' ? lines : () => oneLine(JSON.stringify(event));
  streams.open(ctx, { name, address: ctx.ip }, source);
};

/** Handles GET …/events. The stream ends with the first event that is not pending. @throws Problem 'overloaded' */
export const getEvents =
  (deps: InteractionDeps, streams: Streams) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step, boundTo, challenge } = context;
    if (step.at !== 'factor') {
      const event = endedEvent(deps, context);
      answerEvents(ctx, event, streams, { name: boundTo, lines: () => oneLine(JSON.stringify(event)) });
      return;
    }
    const waiting = waitingOf(userContext(context));
    const bindings = { boundTo, begunBy: challenge?.record.boundTo };
    answerEvents(ctx, ownEvent(deps, waiting, step.view), streams, {
      name: boundTo,
      lines: signal => eventLines(deps, waiting, bindings, signal),
    });
  };
