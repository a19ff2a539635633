/** Samples of the pages of pairing a device, in every state. */
import type { CallEndReason } from '../../../src/end-reason.ts';
import * as pages from '../index.ts';
import type { EnrollApprovePage, EnrollFrame, EnrollPairPage } from '../enroll-props.ts';
import type { PushProgress } from '../step-props.ts';
import { ended, frame, hostile, now, type Sample } from './shared.ts';

const step: EnrollFrame = { ...frame, account: 'ada@contoso.example', progress: { at: 1, of: 3 } };
const device = 'Ada’s Pixel';
const link = 'https://login.contoso.example/authenticator/#pair=c2VjcmV0IG9mIHNhbXBsZQ';

const pair = (name: string, state: EnrollPairPage['state'], more: Partial<EnrollPairPage> = {}): Sample => ({
  name: `enroll-pair/${name}`,
  draw: words => pages.enrollPairPage({ ...step, state, ...more }, words),
});
const test = (name: string, state: EnrollApprovePage['state'], more: Partial<EnrollApprovePage> = {}): Sample => ({
  name: `enroll-approve/${name}`,
  draw: words => pages.enrollApprovePage({ ...step, sentTo: device, show: '47', state, ...more }, words),
});
const waiting = (progress: PushProgress, age: number): EnrollApprovePage['state'] => ({
  kind: 'waiting',
  progress,
  begunAt: now - age,
  until: now - age + 60_000,
});
const over = (reason: CallEndReason): EnrollApprovePage['state'] => {
  const { until } = ended(reason);
  return { kind: 'ended', reason, ...(until !== undefined && { until }) };
};
const reasons: readonly CallEndReason[] = ['expired', 'declined', 'elsewhere', 'paused', 'lost'];

export const pairings: readonly Sample[] = [
  pair('open', { kind: 'open', code: '7K3M-Q2XA', link, until: now + 580_000 }),
  pair('last-seconds', { kind: 'open', code: '7K3M-Q2XA', link, until: now + 40_000 }),
  pair('claimed', { kind: 'claimed', device, digits: '31', until: now + 420_000 }),
  pair('hostile', { kind: 'claimed', device: hostile.slice(0, 60), digits: '04', until: now + 420_000 }),
  ...(['expired', 'guessed', 'refused', 'lost'] as const).map(because => pair(because, { kind: 'ended', because })),
  test('sent', waiting('sent', 2000)),
  test('late', waiting('sent', 12_000)),
  test('delivered', waiting('delivered', 9000)),
  test('undelivered', waiting('undelivered', 2000)),
  test('passed', { kind: 'passed' }),
  test('denied', { kind: 'denied', until: now + 86_000_000 }),
  test('bound', { kind: 'ended', reason: 'bound' }),
  ...reasons.map(reason => test(reason, over(reason))),
];
