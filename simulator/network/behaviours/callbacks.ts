/** How the network tells the server what happened. */
export interface Reporting {
  readonly label: string;
  /** Milliseconds by which each status callback is late. */
  readonly late: number;
  /** How often each request leaves; the answer to the first one counts. */
  readonly times: 1 | 2;
  /** Two neighbours change places. */
  readonly swaps: boolean;
  /** last: the final status. status: every status callback. all: the requests for TwiML as well. */
  readonly loses: 'nothing' | 'last' | 'status' | 'all';
}

/** A new behaviour is a new row. */
export const reportings = {
  normal: { label: 'Normal', late: 0, times: 1, swaps: false, loses: 'nothing' },
  late: { label: 'Late callbacks', late: 20_000, times: 1, swaps: false, loses: 'nothing' },
  doubled: { label: 'Doubled callbacks', late: 0, times: 2, swaps: false, loses: 'nothing' },
  reordered: { label: 'Reordered callbacks', late: 0, times: 1, swaps: true, loses: 'nothing' },
  'missing-last': { label: 'No last callback', late: 0, times: 1, swaps: false, loses: 'last' },
  missing: { label: 'No callbacks', late: 0, times: 1, swaps: false, loses: 'status' },
  'missing-all': { label: 'Nothing at all', late: 0, times: 1, swaps: false, loses: 'all' },
} as const satisfies Readonly<Record<string, Reporting>>;

export type ReportingName = keyof typeof reportings;
