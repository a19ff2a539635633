/** Who picks up, as machine detection hears it. */
export type Voice = 'human' | 'machine' | 'beeping machine' | 'fax' | 'unclear';

/** What a telephone does when it is called. */
export interface CallDoing {
  readonly label: string;
  /** At the top of the phone's screen while it is set so, and below its calls. */
  readonly state?: string;
  readonly note?: string;
  /** What happens without anybody touching the phone; rings: it waits for a person. The last two are for an office. */
  readonly first: 'rings' | 'busy' | 'no-answer' | 'unreachable' | 'answers' | 'menu' | 'direct';
  readonly voice: Voice;
  /** Once answered by itself. `early` keys do not wait for the announcement. */
  readonly next?: { readonly press: string; readonly early?: boolean } | 'hang up';
}

/** A new behaviour is a new row. */
export const callDoings = {
  rings: { label: 'Rings', first: 'rings', voice: 'human' },
  busy: { label: 'Busy', state: 'Engaged', note: 'Engaged until you change “Calls”.', first: 'busy', voice: 'human' },
  'no-answer': {
    label: 'No answer',
    state: 'Nobody there',
    note: 'Nobody picks up until you change “Calls”.',
    first: 'no-answer',
    voice: 'human',
  },
  unreachable: {
    label: 'Unreachable',
    state: 'Switched off',
    note: 'Switched off until you change “Calls”.',
    first: 'unreachable',
    voice: 'human',
  },
  voicemail: {
    label: 'Voicemail',
    state: 'Voicemail',
    note: 'A machine answers and records.',
    first: 'answers',
    voice: 'machine',
  },
  'voicemail-beep': {
    label: 'Voicemail, beep',
    state: 'Voicemail',
    note: 'A machine answers, beeps and records.',
    first: 'answers',
    voice: 'beeping machine',
  },
  'voicemail-tone': {
    label: 'Voicemail with #',
    state: 'Voicemail',
    note: 'A machine answers; its greeting holds the tone of #.',
    first: 'answers',
    voice: 'machine',
    next: { press: '#', early: true },
  },
  fax: { label: 'Fax', state: 'Fax machine', note: 'A fax machine answers.', first: 'answers', voice: 'fax' },
  unknown: {
    label: 'Answers, unclear',
    note: 'Answers; nobody can tell whether it is a person.',
    first: 'answers',
    voice: 'unclear',
  },
  'presses-hash': {
    label: 'Presses #',
    note: 'Answers by itself and presses #.',
    first: 'answers',
    voice: 'human',
    next: { press: '#' },
  },
  'presses-0-hash': {
    label: 'Presses 0#',
    note: 'Answers by itself and says: not me.',
    first: 'answers',
    voice: 'human',
    next: { press: '0#' },
  },
  'presses-wrong': {
    label: 'Presses 5',
    note: 'Answers by itself and presses a wrong key.',
    first: 'answers',
    voice: 'human',
    next: { press: '5' },
  },
  silent: { label: 'Stays silent', note: 'Answers by itself and waits.', first: 'answers', voice: 'human' },
  'hangs-up': {
    label: 'Hangs up',
    note: 'Answers by itself and hangs up.',
    first: 'answers',
    voice: 'human',
    next: 'hang up',
  },
  switchboard: {
    label: 'Switchboard',
    state: 'Switchboard',
    note: 'Takes the extension that is dialled.',
    first: 'menu',
    voice: 'machine',
  },
  direct: {
    label: 'Extension rings',
    note: 'The first extension rings at once.',
    first: 'direct',
    voice: 'human',
  },
} as const satisfies Readonly<Record<string, CallDoing>>;

export type CallDoingName = keyof typeof callDoings;

/** Milliseconds until detection knows, and what it says, by what was ordered. 'patience': as long as the order lets it try. */
export const detections: Readonly<
  Record<
    Voice,
    Readonly<Record<'Enable' | 'DetectMessageEnd', { readonly says: string; readonly after: number | 'patience' }>>
  >
> = {
  human: {
    Enable: { says: 'human', after: 1870 },
    DetectMessageEnd: { says: 'human', after: 1870 },
  },
  machine: {
    Enable: { says: 'machine_start', after: 3200 },
    DetectMessageEnd: { says: 'machine_end_silence', after: 9000 },
  },
  'beeping machine': {
    Enable: { says: 'machine_start', after: 3200 },
    DetectMessageEnd: { says: 'machine_end_beep', after: 8000 },
  },
  fax: { Enable: { says: 'fax', after: 2500 }, DetectMessageEnd: { says: 'fax', after: 2500 } },
  unclear: {
    Enable: { says: 'unknown', after: 'patience' },
    DetectMessageEnd: { says: 'unknown', after: 'patience' },
  },
};
