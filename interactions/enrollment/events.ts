/** Serves GET …/enroll/events: reports the state of a challenge or pairing to its page, as `interactions/events` does for a sign-in. */
import type { Context } from 'koa';
import type { ChallengeView } from '../../src/mfa/challenge/record.ts';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import type { InteractionDeps } from '../context.ts';
import { answerEvents, endedEvent } from '../events/events.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import { placeOf, provingView, type Enrolling } from './enrolling.ts';
import { pairEvent, pairLines } from './pair-page.ts';
import { enrollmentPrompts } from './prompts.ts';

const eventOf = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): WaitingEvent =>
  enrollmentPrompts[view.prompt.kind].event(deps, enrolling, view);

async function* eventLines(deps: InteractionDeps, enrolling: Enrolling, signal: AbortSignal): AsyncGenerator<string> {
  for await (const view of deps.challenges.watch(enrolling.binding, signal)) {
    const event = eventOf(deps, enrolling, view);
    yield JSON.stringify(event);
    if (event.phase !== 'pending') return;
  }
  if (!signal.aborted) yield JSON.stringify(endedEvent(deps, enrolling));
}

/** Handles GET …/enroll/events. @throws Problem 'overloaded' */
export const getEvents =
  (deps: InteractionDeps, streams: Streams) =>
  (ctx: Context, enrolling: Enrolling): void => {
    const place = placeOf(enrolling);
    const isProving = place === 'proving';
    const other = place === 'pairing' ? pairEvent(deps, enrolling) : endedEvent(deps, enrolling);
    answerEvents(ctx, isProving ? eventOf(deps, enrolling, provingView(enrolling)) : other, streams, {
      name: enrolling.binding,
      lines: signal => (place === 'pairing' ? pairLines(deps, enrolling, signal) : eventLines(deps, enrolling, signal)),
    });
  };
