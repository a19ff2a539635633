/** Serves GET …/enroll/events: reports the state of a challenge or pairing to its page, as `interactions/events` does for a sign-in. */
import type { Context } from 'koa';
import type { InteractionDeps } from '../context.ts';
import { answerEvents, endedEvent } from '../events/events.ts';
import { eventOf, waitingOf, type Waiting } from '../events/waiting-event.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import { pairingOwner } from '../pairing-owner.ts';
import { placeOf, provingView, type Enrolling } from './enrolling.ts';
import { pairEvent, pairLines } from './pair-page.ts';

async function* eventLines(
  deps: InteractionDeps,
  waiting: Waiting,
  binding: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const view of deps.challenges.watch(binding, signal)) {
    const event = eventOf(waiting, view, deps.clock());
    yield JSON.stringify(event);
    if (event.phase !== 'pending') return;
  }
  if (!signal.aborted) yield JSON.stringify(endedEvent(deps, waiting));
}

/** Handles GET …/enroll/events. @throws Problem 'overloaded' */
export const getEvents =
  (deps: InteractionDeps, streams: Streams) =>
  (ctx: Context, enrolling: Enrolling): void => {
    const place = placeOf(enrolling);
    const { binding, user, words } = enrolling;
    if (place === 'pairing') {
      const owner = pairingOwner(enrolling, user);
      const lines = (signal: AbortSignal): AsyncIterable<string> => pairLines(deps, { owner, words }, signal);
      answerEvents(ctx, pairEvent(deps, enrolling), streams, { name: binding, lines });
      return;
    }
    const waiting = waitingOf({ words, user });
    const event =
      place === 'proving' ? eventOf(waiting, provingView(enrolling), deps.clock()) : endedEvent(deps, waiting);
    answerEvents(ctx, event, streams, {
      name: binding,
      lines: signal => eventLines(deps, waiting, binding, signal),
    });
  };
