/** GET …/events: how far the call is, as server-sent events, or once as JSON. */
import type { Context } from 'koa';
import type { ChallengeView } from '../../src/mfa/challenge/record.ts';
import { codeEvent, waitingEvent } from '../../web/pages/index.ts';
import type { WaitingEvent } from '../../web/pages/props.ts';
import { callProps, codeProps } from '../page-props.ts';
import { personal, type ConversationParts, type PersonalScene, type Scene } from '../context.ts';
import type { Streams } from './streams.ts';

/** From the same props as the page; a page that is watching something else now has to be drawn anew. */
const eventOf = (parts: ConversationParts, scene: PersonalScene, view: ChallengeView): WaitingEvent => {
  if (view.userId !== scene.user.id) return nothingToWatch(parts, scene);
  const now = parts.clock();
  if (view.prompt.kind === 'wait') return waitingEvent({ ...callProps(parts, scene, view), now }, scene.words);
  return codeEvent({ ...codeProps(scene, view), now }, scene.words);
};

const nothingToWatch = ({ clock }: ConversationParts, { words }: Scene): WaitingEvent =>
  waitingEvent({ state: { kind: 'ended', reason: 'elsewhere' }, now: clock() }, words);

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
