/** What `…/events` tells a page that watches, in the words the page itself would use. */
import type { Words } from '../../src/locales/wording.ts';
import type { CallPage, CallProgress, CodePage, CodeProgress, CodeSent, WaitingEvent } from './props.ts';

type Told = Pick<CallPage, 'show' | 'extension'>;

/** Behind a switchboard the page cannot know who has answered: it says where the key is to be pressed. */
export const callStatus = (progress: CallProgress, { show, extension }: Told, { calls: said }: Words): string => {
  if (progress !== 'answered') return said.status[progress];
  if (extension !== undefined) return said.answeredBehind;
  return show === undefined ? said.status.answered : said.number.answered;
};

const texts = { starting: 'starting', sent: 'sent', delivered: 'delivered' } as const satisfies Partial<
  Record<CodeProgress, string>
>;
const calls = {
  starting: 'starting',
  dialled: 'dialled',
  ringing: 'ringing',
  answered: 'answered',
  over: 'answered',
} as const;
const knownTo = <Step extends string>(steps: Readonly<Record<string, Step>>, progress: string): Step | undefined =>
  steps[progress];

/** How far the call that dictates a code is; the steps of a text are none of it. */
export const dictating = (progress: CodeProgress): CallProgress => knownTo(calls, progress) ?? 'starting';

export const codeStatus = ({ by, progress }: CodeSent, words: Words): string => {
  const { texted, dictated } = words.codes;
  if (by === 'call' && (progress === 'answered' || progress === 'over')) return dictated[progress];
  if (by === 'call') return words.calls.status[dictating(progress)];
  return progress === 'undelivered' ? texted.undelivered.bold : texted.status[knownTo(texts, progress) ?? 'starting'];
};

/** From the very props the page is drawn of, so that page and event cannot differ. */
export const waitingEvent = (
  { state, now, show, extension }: Pick<CallPage, 'state' | 'now'> & Told,
  words: Words,
): WaitingEvent => {
  if (state.kind === 'calling') {
    const { progress, until } = state;
    const told = { ...(show !== undefined && { show }), ...(extension !== undefined && { extension }) };
    const status = callStatus(progress, told, words);
    return { phase: 'pending', progress, status, until, now, version: `${progress} ${until}` };
  }
  const phase = state.kind === 'passed' ? 'passed' : 'over';
  return { phase, progress: 'answered', status: words.calls.status.over, until: now, now, version: state.kind };
};

/** The same for a code that was sent: how far it is, until the page has to be drawn anew. */
export const codeEvent = (
  { state, sent, now }: Pick<CodePage, 'state' | 'sent' | 'now'>,
  words: Words,
): WaitingEvent => {
  const over = state.kind === 'ended' || sent === undefined;
  const progress = sent?.progress ?? 'starting';
  const status = over ? words.calls.status.over : codeStatus(sent, words);
  return { phase: over ? 'over' : 'pending', progress, status, until: now, now, version: over ? 'over' : progress };
};
