/** Lists the ways in which the network may deliver its requests to the server. A new way is a new row. */

/** How the network sends webhooks: status callbacks and requests for TwiML. */
export interface CallbackBehaviour {
  /** Name on the page. */
  readonly label: string;
  /** Milliseconds by which each status callback is late. */
  readonly delay: number;
  /** How often each request is sent; the answer to the first one counts. */
  readonly times: 1 | 2;
  /** Sends each pair of consecutive status callbacks in reverse order. */
  readonly swaps: boolean;
  /**
   * last: the final status. verdict: the result of machine detection that has a request of its own. status: that and every status
   * callback. all: the requests for TwiML too.
   */
  readonly loses: 'nothing' | 'last' | 'verdict' | 'status' | 'all';
  /** Milliseconds by which that result is late, where it is not `delay`. */
  readonly verdictDelay?: number;
  /** It makes no difference to texts. */
  readonly isForCalls?: true;
}

/** All behaviours by name. */
export const callbackBehaviours = {
  normal: { label: 'Normal', delay: 0, times: 1, swaps: false, loses: 'nothing' },
  late: { label: 'Late callbacks', delay: 20_000, times: 1, swaps: false, loses: 'nothing' },
  doubled: { label: 'Doubled callbacks', delay: 0, times: 2, swaps: false, loses: 'nothing' },
  reordered: { label: 'Reordered callbacks', delay: 0, times: 1, swaps: true, loses: 'nothing' },
  'missing-last': { label: 'Last callback missing', delay: 0, times: 1, swaps: false, loses: 'last' },
  missing: { label: 'No callbacks', delay: 0, times: 1, swaps: false, loses: 'status' },
  'late-verdict': {
    label: 'Late verdict (AsyncAmd)',
    delay: 0,
    times: 1,
    swaps: false,
    loses: 'nothing',
    verdictDelay: 8_000,
    isForCalls: true,
  },
  'missing-verdict': {
    label: 'No verdict (AsyncAmd)',
    delay: 0,
    times: 1,
    swaps: false,
    loses: 'verdict',
    isForCalls: true,
  },
  'missing-all': { label: 'No webhooks', delay: 0, times: 1, swaps: false, loses: 'all' },
} as const satisfies Readonly<Record<string, CallbackBehaviour>>;

/** Name of a row. */
export type CallbackBehaviourName = keyof typeof callbackBehaviours;
