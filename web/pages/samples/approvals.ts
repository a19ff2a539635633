/** Samples of the page of a request in the authenticator, in every state. */
import type { EndReason } from '../../../src/end-reason.ts';
import * as pages from '../index.ts';
import type { ApprovePage, PushProgress } from '../step-props.ts';
import { ended, hostile, now, step, type Sample } from './shared.ts';

const device = 'Ada’s Pixel';

const approve = (name: string, state: ApprovePage['state'], more: Partial<ApprovePage> = {}): Sample => ({
  name: `approve/${name}`,
  draw: words => pages.approvePage({ ...step, sentTo: device, show: '47', state, ...more }, words),
});
const waiting = (progress: PushProgress, left: number): ApprovePage['state'] => ({
  kind: 'waiting',
  progress,
  begunAt: now - 60_000 + left * 1000,
  until: now + left * 1000,
});
const waits: Partial<Readonly<Record<EndReason, number>>> = {
  elsewhere: ended('elsewhere').until ?? now,
  paused: ended('paused').until ?? now,
  'push-limit': now + 240_000,
  'push-unanswered': now + 540_000,
};
const over = (reason: EndReason): ApprovePage['state'] => {
  const until = waits[reason];
  return { kind: 'ended', reason, ...(until !== undefined && { until }) };
};
const reasons: readonly EndReason[] = [
  'expired',
  'wrong-number',
  'push-limit',
  'push-unanswered',
  'push-spent',
  'declined',
  'elsewhere',
  'cancelled',
  'paused',
  'disabled',
  'lost',
];

export const approvals: readonly Sample[] = [
  approve('starting', waiting('starting', 60)),
  approve('sent', waiting('sent', 58)),
  approve('late', waiting('sent', 42)),
  approve('delivered', waiting('delivered', 37)),
  approve('undelivered', waiting('undelivered', 55)),
  approve('six-digits', waiting('delivered', 37), { show: '470913' }),
  approve('remember', waiting('sent', 42), { remember: { lasts: 14 * 86_400_000 } }),
  approve('only-method', waiting('sent', 42), { options: false }),
  approve('hostile', waiting('sent', 42), { sentTo: hostile.slice(0, 60) }),
  approve('passed', { kind: 'passed' }),
  approve('passed-remember', { kind: 'passed' }, { remember: { lasts: 14 * 86_400_000 } }),
  approve('denied', { kind: 'denied', until: now + 86_400_000 }, { works: ['totp', 'sms'] }),
  approve('denied-only-method', { kind: 'denied', until: now + 86_400_000 }, { options: false }),
  ...reasons.map(reason => approve(reason, over(reason))),
];
