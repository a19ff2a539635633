/** Makes the status lines of waiting pages and the events for `/interaction/:uid/events`, from the same props and words. */
import type { Words } from '../../src/locales/wording.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { messageWords } from './components/message-words.ts';
import type { EnrollPairPage } from './enroll-props.ts';
import type { CallProgress } from './props.ts';
import type {
  CallPage,
  CodePage,
  CodeProgress,
  CodeSent,
  OtherCall,
  RequestShown,
  WaitingEvent,
} from './step-props.ts';

type CallingState = Extract<CallPage['state'], { readonly kind: 'calling' }>;
type CallDetails = Pick<CallPage, 'show' | 'extension'>;

/** The status line of a call. With an extension a switchboard may have answered, so the sentence names the place of the key. */
export const callStatus = (
  { progress, isHeld }: Pick<CallingState, 'progress' | 'isHeld'>,
  { show, extension }: CallDetails,
  { calls: text }: Words,
): string => {
  if (isHeld === true) return text.held;
  if (progress !== 'answered') return text.status[progress];
  if (extension !== undefined) return text.answeredAtExtension;
  return show === undefined ? text.status.answered : text.number.answered;
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
const lookUp = <Step extends string>(steps: Readonly<Record<string, Step>>, progress: string): Step | undefined =>
  steps[progress];

/** Progress of the call that dictates a code. The steps of a text count as `starting`. */
export const dictationProgress = (progress: CodeProgress): CallProgress => lookUp(calls, progress) ?? 'starting';

/** True for a text or mail without a report of its delivery, once another one can be asked for. */
export const isLate = ({ by, progress, again }: CodeSent, now: EpochMillis): boolean =>
  by !== 'call' && again !== undefined && again.from <= now && (progress === 'starting' || progress === 'sent');

/** The status line of a code that was sent. */
export const codeStatus = (sent: CodeSent, now: EpochMillis, words: Words): string => {
  const { by, progress } = sent;
  const { texted, dictated } = words.codes;
  const message = messageWords(sent, words);
  if (isLate(sent, now)) return message.late;
  if (by === 'call' && (progress === 'answered' || progress === 'over')) return dictated[progress];
  if (by === 'call') return words.calls.status[dictationProgress(progress)];
  return progress === 'undelivered' ? texted.undelivered.bold : message.status[lookUp(texts, progress) ?? 'starting'];
};

/** The event of a page that waits for the end of another call. It reports no progress of that call. */
const otherCallEvent = ({ until }: OtherCall, now: EpochMillis): WaitingEvent => ({
  phase: 'pending',
  progress: 'starting',
  status: '',
  until,
  now,
  version: `other call ${until}`,
});

/** The event of a call page. It takes the props of the page, so that page and event cannot differ. */
export const waitingEvent = (
  { state, now, show, extension }: Pick<CallPage, 'state' | 'now'> & CallDetails,
  words: Words,
): WaitingEvent => {
  if (state.kind === 'calling') {
    const { progress, until, isHeld = false } = state;
    const details = { ...(show !== undefined && { show }), ...(extension !== undefined && { extension }) };
    const status = callStatus(state, details, words);
    return { phase: 'pending', progress, status, until, now, version: `${progress} ${until}${isHeld ? ' held' : ''}` };
  }
  if (state.kind === 'ended' && state.otherCall !== undefined) return otherCallEvent(state.otherCall, now);
  const phase = state.kind === 'passed' ? 'passed' : 'over';
  return { phase, progress: 'answered', status: words.calls.status.over, until: now, now, version: state.kind };
};

/** The event of a code page: the progress of the message, or `over` when the page must be loaded again. */
export const codeEvent = (
  { state, sent, now }: Pick<CodePage, 'state' | 'sent' | 'now'>,
  words: Words,
): WaitingEvent => {
  if (state.kind === 'ended' && state.otherCall !== undefined) return otherCallEvent(state.otherCall, now);
  const over = state.kind === 'ended' || sent === undefined;
  const progress = sent?.progress ?? 'starting';
  // Of a text or an app no call has ended.
  const ended = sent?.by === 'call' ? words.calls.status.over : '';
  const status = over ? ended : codeStatus(sent, now, words);
  return { phase: over ? 'over' : 'pending', progress, status, until: now, now, version: over ? 'over' : progress };
};

/** The event of a page whose request waits in the authenticator. */
export const requestEvent = (
  { state, sentTo, now }: Pick<RequestShown, 'state' | 'sentTo'> & { readonly now: EpochMillis },
  { approve: { status } }: Words,
): WaitingEvent => {
  if (state.kind === 'waiting') {
    const { progress, until } = state;
    return {
      phase: 'pending',
      progress,
      status: status[progress](sentTo),
      until,
      now,
      version: `${progress} ${until}`,
    };
  }
  const phase = state.kind === 'passed' ? 'passed' : 'over';
  return { phase, progress: 'delivered', status: status.over, until: now, now, version: state.kind };
};

/** The event of a page that waits for a device to claim its pairing. */
export const pairingEvent = (
  { state, now }: Pick<EnrollPairPage, 'state' | 'now'>,
  { pairing }: Words,
): WaitingEvent => {
  const isOpen = state.kind === 'open';
  const until = isOpen ? state.until : now;
  return {
    phase: isOpen ? 'pending' : 'over',
    progress: 'starting',
    status: pairing.status,
    until,
    now,
    version: state.kind,
  };
};
