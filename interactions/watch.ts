/** GET …/events: how far the call is, as server-sent events, or once as JSON. */
import type { Context } from 'koa';
import type { View } from '../src/mfa/challenge-record.ts';
import { waitingEvent } from '../web/pages/index.ts';
import type { WaitingEvent } from '../web/pages/props.ts';
import { personal, type ConversationParts, type PersonalScene, type Scene } from './scene.ts';
import { callState } from './show.ts';
import type { Streams } from './streams.ts';

/** From the same state as the page; a page that is watching something else now has to be drawn anew. */
const eventOf = ({ clock }: ConversationParts, { words, user }: PersonalScene, view: View): WaitingEvent => {
  const isCall = view.userId === user.id && view.prompt.kind === 'wait';
  const state = isCall ? callState(view, user.pausedUntil) : ({ kind: 'ended', why: 'elsewhere' } as const);
  return waitingEvent({ state, now: clock() }, words);
};

const nothingToWatch = ({ clock }: ConversationParts, { words }: Scene): WaitingEvent =>
  waitingEvent({ state: { kind: 'ended', why: 'elsewhere' }, now: clock() }, words);

async function* told(parts: ConversationParts, scene: PersonalScene, signal: AbortSignal): AsyncGenerator<string> {
  for await (const view of parts.challenges.watch(scene.boundTo, signal)) {
    const event = eventOf(parts, scene, view);
    yield JSON.stringify(event);
    if (event.phase !== 'pending') return;
  }
  if (!signal.aborted) yield JSON.stringify(nothingToWatch(parts, scene));
}

async function* once(line: string): AsyncGenerator<string> {
  yield line;
}

export const getEvents =
  (parts: ConversationParts, streams: Streams) =>
  async (ctx: Context, scene: Scene): Promise<void> => {
    const { step } = scene;
    const event = step.at === 'factor' ? eventOf(parts, personal(scene), step.view) : nothingToWatch(parts, scene);
    const wantsStream =
      ctx.method === 'GET' && ctx.accepts('text/event-stream', 'application/json') === 'text/event-stream';
    if (!wantsStream) {
      ctx.body = event;
      return;
    }
    ctx.type = 'text/event-stream';
    ctx.set('x-accel-buffering', 'no');
    ctx.body = streams.open(scene.boundTo, signal =>
      event.phase === 'pending' ? told(parts, personal(scene), signal) : once(JSON.stringify(event)),
    );
  };
