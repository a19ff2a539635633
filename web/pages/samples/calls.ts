/** Samples of the page of a call, in every state. */
import * as pages from '../index.ts';
import type { CallProgress } from '../props.ts';
import type { CallPage } from '../step-props.ts';
import {
  now,
  developerNotes,
  step,
  sentTo,
  office,
  pause,
  callsFrom,
  hostile,
  endings,
  ended,
  type Sample,
} from './shared.ts';

const call = (name: string, state: CallPage['state'], more: Partial<CallPage> = {}): Sample => ({
  name: `call/${name}`,
  draw: words => pages.callPage({ ...step, sentTo, state, pause, ...more }, words),
});
const calling = (progress: CallProgress, left: number): CallPage['state'] => ({
  kind: 'calling',
  progress,
  begunAt: now - 60_000 + left * 1000,
  until: now + left * 1000,
});

export const calls: readonly Sample[] = [
  call('starting', calling('starting', 60)),
  call('dialled', calling('dialled', 57)),
  call('ringing', calling('ringing', 48)),
  call('answered', calling('answered', 31)),
  call('held', { kind: 'calling', progress: 'answered', isHeld: true, begunAt: now - 40_000, until: now + 20_000 }),
  call('ringing-only-method', calling('ringing', 48), { options: false }),
  call('hostile', calling('ringing', 48), { client: { name: hostile }, account: hostile }),
  call('number', calling('ringing', 48), { show: '472913' }),
  call('number-starting', calling('starting', 60), { show: '472913' }),
  call('number-answered', calling('answered', 31), { show: '472913' }),
  call('extension', calling('ringing', 48), { sentTo: office, extension: '421' }),
  call('extension-answered', calling('answered', 94), { sentTo: office, extension: '421' }),
  call('extension-number', calling('answered', 94), { sentTo: office, extension: '421', show: '472913' }),
  call('remember', calling('ringing', 48), { remember: { lasts: 14 * 86_400_000 } }),
  call('remember-number', calling('ringing', 48), { show: '472913', remember: { lasts: 14 * 86_400_000 } }),
  call('passed', { kind: 'passed' }),
  call('passed-remember', { kind: 'passed' }, { remember: { lasts: 14 * 86_400_000 } }),
  call('denied', { kind: 'denied', until: now + 86_400_000 }),
  call('denied-only-method', { kind: 'denied', until: now + 86_400_000 }, { options: false }),
  call('denied-works', { kind: 'denied', until: now + 86_400_000 }, { works: ['totp', 'sms'] }),
  call('paused-works', ended('paused'), { works: ['totp', 'sms'] }),
  call('elsewhere-own', {
    kind: 'ended',
    reason: 'elsewhere',
    otherCall: { until: now + 40_000, client: 'Fabrikam' },
  }),
  call('elsewhere-over', { kind: 'ended', reason: 'elsewhere' }),
  call('denied-developer', { kind: 'denied', until: now + 3_600_000 }, { developerNotes }),
  call('send-limit-developer', ended('send-limit'), { developerNotes }),
  call('paused-only-method', ended('paused'), { options: false }),
  ...endings.map(reason =>
    call(reason, ended(reason), reason === 'busy' || reason === 'no-answer' ? { callsFrom } : {}),
  ),
];
