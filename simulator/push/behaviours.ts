/** Lists the ways in which the push service may treat a push. A new way is a new row. */

/** How the push service treats a push. */
export interface PushBehaviour {
  /** Name on the page. */
  readonly label: string;
  /** Status of the answer instead of 201; 'reset' breaks the connection. The push is not taken. */
  readonly instead?: number | 'reset';
  /** Further headers of that answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Milliseconds from the answer to the arrival; Infinity: it never arrives. */
  readonly onTheWay?: number;
}

/** All behaviours by name. */
export const pushBehaviours = {
  delivers: { label: 'Delivers' },
  late: { label: 'Delivers after 20 s', onTheWay: 20_000 },
  loses: { label: 'Takes and loses', onTheWay: Infinity },
  slow: { label: 'Answers after 3 s', delay: 3000 },
  hangs: { label: 'Hangs', delay: 30_000, instead: 504 },
  reset: { label: 'Breaks the connection', instead: 'reset' },
  redirects: { label: 'Redirects (307)', instead: 307, headers: { location: '/push/elsewhere' } },
  unauthorized: { label: 'Refuses us (403)', instead: 403 },
  unknown: { label: 'Does not know the device (404)', instead: 404 },
  gone: { label: 'Device gone (410)', instead: 410 },
  'too-large': { label: 'Too large (413)', instead: 413 },
  'too-many': { label: 'Too many (429)', instead: 429, headers: { 'retry-after': '30' } },
  'server-error': { label: 'Server error (500)', instead: 500 },
  unavailable: { label: 'Unavailable (503)', instead: 503, headers: { 'retry-after': '10' } },
} as const satisfies Readonly<Record<string, PushBehaviour>>;

export type PushBehaviourName = keyof typeof pushBehaviours;
export const isPushBehaviourName = (name: unknown): name is PushBehaviourName =>
  typeof name === 'string' && Object.hasOwn(pushBehaviours, name);
