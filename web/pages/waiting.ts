/** What `…/events` tells a waiting page, in the words the page itself would use. */
import type { Words } from '../../src/wording.ts';
import type { CallPage, WaitingEvent } from './props.ts';

/** From the very props the page is drawn of, so that page and event cannot differ. */
export const waitingEvent = ({ state, now }: Pick<CallPage, 'state' | 'now'>, { calls }: Words): WaitingEvent => {
  if (state.kind === 'calling') {
    const { progress, until } = state;
    return { phase: 'pending', progress, status: calls.status[progress], until, now, version: `${progress} ${until}` };
  }
  const phase = state.kind === 'passed' ? 'passed' : 'over';
  return { phase, progress: 'answered', status: calls.status.over, until: now, now, version: state.kind };
};
