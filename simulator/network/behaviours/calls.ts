/** Lists what a telephone may do when it is called, and how machine detection judges it. A new way is a new row. */

/** Who or what answers, as machine detection hears it. */
export type AnsweringParty = 'human' | 'machine' | 'beeping machine' | 'fax' | 'unclear';

/** What a telephone does when it is called. */
export interface CallBehaviour {
  /** Name on the page. */
  readonly label: string;
  /** Shown at the top of the phone's screen while this is set. */
  readonly state?: string;
  /** Shown below its calls while this is set. */
  readonly note?: string;
  /**
   * What happens without a person. rings: it waits for a person. menu: a switchboard answers. direct: the first
   * extension rings. The last two need an office.
   */
  readonly first: 'rings' | 'busy' | 'no-answer' | 'unreachable' | 'answers' | 'menu' | 'direct';
  readonly party: AnsweringParty;
  /** After `answers`. `early`: presses before the announcement has ended. */
  readonly next?: { readonly press: string; readonly early?: boolean } | 'hang up';
  /** Of a menu: when it begins to take digits (milliseconds from its answer), and the key that ends them. */
  readonly menu?: { readonly takesAfter: number; readonly endKey: string };
  /** The network keeps keys that come while no Gather listens, for the next one. Twilio promises neither. */
  readonly carriesKeys?: true;
}

/** All behaviours by name. */
export const callBehaviours = {
  rings: { label: 'Rings', first: 'rings', party: 'human' },
  busy: { label: 'Busy', state: 'Busy', note: 'Busy until you change “Calls”.', first: 'busy', party: 'human' },
  'no-answer': {
    label: 'No answer',
    state: 'No answer',
    note: 'Does not answer until you change “Calls”.',
    first: 'no-answer',
    party: 'human',
  },
  unreachable: {
    label: 'Unreachable',
    state: 'Switched off',
    note: 'Switched off until you change “Calls”.',
    first: 'unreachable',
    party: 'human',
  },
  voicemail: {
    label: 'Voicemail',
    state: 'Voicemail',
    note: 'A machine answers and records.',
    first: 'answers',
    party: 'machine',
  },
  'voicemail-beep': {
    label: 'Voicemail, beep',
    state: 'Voicemail',
    note: 'A machine answers, beeps and records.',
    first: 'answers',
    party: 'beeping machine',
  },
  'voicemail-tone': {
    label: 'Voicemail with #',
    state: 'Voicemail',
    note: 'A machine answers. Its greeting contains a # tone.',
    first: 'answers',
    party: 'machine',
    next: { press: '#', early: true },
  },
  'voicemail-hash': {
    label: 'Voicemail presses #',
    state: 'Voicemail',
    note: 'A machine answers, and presses # after the announcement.',
    first: 'answers',
    party: 'machine',
    next: { press: '#' },
  },
  fax: { label: 'Fax', state: 'Fax machine', note: 'A fax machine answers.', first: 'answers', party: 'fax' },
  unknown: {
    label: 'Unknown',
    note: 'Answers. Detection cannot tell whether it is a person.',
    first: 'answers',
    party: 'unclear',
  },
  'presses-hash': {
    label: 'Presses #',
    note: 'Answers automatically and presses #.',
    first: 'answers',
    party: 'human',
    next: { press: '#' },
  },
  'presses-0-hash': {
    label: 'Presses 0#',
    note: 'Answers automatically and presses 0#: “not me”.',
    first: 'answers',
    party: 'human',
    next: { press: '0#' },
  },
  impatient: {
    label: 'Presses # # at once',
    note: 'Answers automatically and presses # twice without listening. The network carries keys over.',
    first: 'answers',
    party: 'human',
    next: { press: '##', early: true },
    carriesKeys: true,
  },
  'presses-wrong': {
    label: 'Presses 5',
    note: 'Answers automatically and presses 5, a wrong key.',
    first: 'answers',
    party: 'human',
    next: { press: '5' },
  },
  silent: { label: 'Stays silent', note: 'Answers automatically and stays silent.', first: 'answers', party: 'human' },
  'hangs-up': {
    label: 'Hangs up',
    note: 'Answers automatically and hangs up.',
    first: 'answers',
    party: 'human',
    next: 'hang up',
  },
  switchboard: {
    label: 'Switchboard',
    state: 'Switchboard',
    note: 'Connects calls to the extension that is dialled.',
    first: 'menu',
    party: 'machine',
  },
  'switchboard-slow': {
    label: 'Slow switchboard',
    state: 'Switchboard',
    note: 'Takes digits after 4 s, and connects after a #.',
    first: 'menu',
    party: 'machine',
    menu: { takesAfter: 4_000, endKey: '#' },
  },
  direct: {
    label: 'Extension rings',
    note: 'The first extension rings at once.',
    first: 'direct',
    party: 'human',
  },
} as const satisfies Readonly<Record<string, CallBehaviour>>;

/** Name of a row. */
export type CallBehaviourName = keyof typeof callBehaviours;

/** Whether only a number with extensions can do this. */
export const needsOffice = (name: string): boolean =>
  Object.entries(callBehaviours).some(([each, { first }]) => each === name && (first === 'menu' || first === 'direct'));

/**
 * Result of machine detection and milliseconds until it is known, by the requested mode. 'timeout': detection tries for
 * as long as the request allows. https://www.twilio.com/docs/voice/answering-machine-detection
 */
export const detections: Readonly<
  Record<
    AnsweringParty,
    Readonly<Record<'Enable' | 'DetectMessageEnd', { readonly result: string; readonly after: number | 'timeout' }>>
  >
> = {
  human: {
    Enable: { result: 'human', after: 1870 },
    DetectMessageEnd: { result: 'human', after: 1870 },
  },
  machine: {
    Enable: { result: 'machine_start', after: 3200 },
    DetectMessageEnd: { result: 'machine_end_silence', after: 9000 },
  },
  'beeping machine': {
    Enable: { result: 'machine_start', after: 3200 },
    DetectMessageEnd: { result: 'machine_end_beep', after: 8000 },
  },
  fax: { Enable: { result: 'fax', after: 2500 }, DetectMessageEnd: { result: 'fax', after: 2500 } },
  unclear: {
    Enable: { result: 'unknown', after: 'timeout' },
    DetectMessageEnd: { result: 'unknown', after: 'timeout' },
  },
};
