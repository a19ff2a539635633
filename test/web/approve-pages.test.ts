/** The page of a request in the authenticator: what it shows while the request waits, and what it offers after each end. */
import { describe, expect, test } from '@jest/globals';
import type { EndReason } from '../../src/end-reason.ts';
import { languages, wording } from '../../src/locales/wording.ts';
import { approvePage, optionsPage, requestEvent, stepUpPage } from '../../web/pages/index.ts';
import { linksOf } from '../../web/pages/links.ts';
import { outcomeCodes } from '../../web/pages/outcome-codes.ts';
import type { ApprovePage, Option, PushProgress, StepFrame } from '../../web/pages/step-props.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const links = linksOf(uid);
const step: StepFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada', options: true };

const request = (state: ApprovePage['state'], more: Partial<ApprovePage> = {}): string =>
  approvePage({ ...step, sentTo: 'Ada’s Pixel', show: '47', state, ...more }, words).text;
const waiting = (progress: PushProgress, age = 2000): ApprovePage['state'] => ({
  kind: 'waiting',
  progress,
  begunAt: now - age,
  until: now - age + 60_000,
});
const actions = (page: string): readonly string[] =>
  [...page.matchAll(/<form[^>]* action="([^"]*)"/gu)].map(([, to = '']) => to);
const hidesHint = (page: string): boolean => /data-hint="\d+"><span hidden/u.test(page);

describe('a request that waits', () => {
  const page = request(waiting('sent'));

  test('shows its number, its device and the time that is left, and no field', () => {
    expect(page).toContain('<p class="visually-hidden">4 7</p>');
    expect(page).toMatch(/class="number-display".*<span>47<\/span>/su);
    expect(page).toContain('<bdi>Ada’s Pixel</bdi>');
    expect(page).toContain('Sent to Ada’s Pixel');
    expect(page).toContain('58 s left');
    expect(page).not.toMatch(/<input(?! type="hidden")/u);
    expect(page).toContain(`href="${links.options}"`);
    expect(request(waiting('sent'), { show: '470913' })).toContain('<span>470 913</span>');
  });

  test('is kept up to date by events, and without script by loading the page again', () => {
    expect(page).toContain(`data-waiting="${links.events}"`);
    expect(page).toContain(`<noscript><meta http-equiv="refresh" content="5;url='${links.here}'"></noscript>`);
    expect(actions(page)).toContain(links.factor);
  });

  test.each<[PushProgress, age: number, isTold: boolean]>([
    ['sent', 7999, false],
    ['sent', 8000, true],
    ['starting', 8000, true],
    ['delivered', 20_000, false],
    ['undelivered', 0, true],
  ])('as %s after %i ms tells where it is: %s', (progress, age, isTold) => {
    expect(hidesHint(request(waiting(progress, age)))).toBe(!isTold);
  });

  test('has an event with the sentence of the page', () => {
    const state = waiting('delivered');
    const event = requestEvent({ state, sentTo: 'Ada’s Pixel', now }, words);
    expect(event).toMatchObject({ phase: 'pending', progress: 'delivered', now, until: now + 58_000 });
    expect(request(state)).toContain(event.status);
    const versions = (['starting', 'sent', 'delivered', 'undelivered'] as const).map(
      progress => requestEvent({ state: waiting(progress), sentTo: 'A', now }, words).version,
    );
    expect(new Set(versions).size).toBe(4);
  });
});

test('an approved request continues, and its event says so', () => {
  const page = request({ kind: 'passed' });
  expect(actions(page)).toContain(links.factor);
  expect(page).toContain('data-autosubmit');
  expect(page).not.toContain('47');
  expect(requestEvent({ state: { kind: 'passed' }, sentTo: '', now }, words).phase).toBe('passed');
});

describe('after the end', () => {
  test.each<EndReason>(['expired', 'declined', 'lost', 'cancelled'])('%s offers a new request', reason => {
    const page = request({ kind: 'ended', reason });
    expect(actions(page)).toContain(links.again);
    expect(page).toContain('Send a new request');
    expect(page).toContain(`${outcomeCodes.request(reason)} ${words.approve.ends[reason]?.term ?? ''}`);
    expect(page).not.toContain('>47<');
    expect(requestEvent({ state: { kind: 'ended', reason }, sentTo: '', now }, words).phase).toBe('over');
  });

  test.each<EndReason>(['paused', 'disabled'])('%s offers no request, which would be refused', reason => {
    const page = request({ kind: 'ended', reason, until: now + 1000 });
    expect(actions(page)).not.toContain(links.again);
    expect(page).toContain(`href="${links.options}"`);
  });

  test('a request for another sign-in lets the person wait', () => {
    const page = request({ kind: 'ended', reason: 'elsewhere', until: now + 40_000 });
    expect(page).toContain('data-wait="40000"');
    expect(page).toContain('button later');
  });

  test('a report tells of the pause, and what works meanwhile', () => {
    const page = request({ kind: 'denied', until: now + 86_400_000 }, { works: ['totp'] });
    expect(page).toMatch(/We send no requests and make no calls before <time/u);
    expect(page).toContain('Code from your app');
    expect(actions(page)).not.toContain(links.again);
    expect(request({ kind: 'denied' }, { works: [] })).toContain(`href="${links.helpNothingLeft}"`);
  });

  test('a reason without words of its own is shown as lost, with its number', () => {
    expect(request({ kind: 'ended', reason: 'busy' })).toContain(`${outcomeCodes.request('lost')} state lost`);
  });
});

const list = (...rows: readonly Option[]): string => optionsPage({ ...step, rows }, words).text;

describe('the list of options', () => {
  const pixel = { method: 'push:1', type: 'push', label: 'Ada’s Pixel' } as const;
  const app = { method: 'totp', type: 'totp', label: 'App' } as const;
  const call = { method: 'call:1', type: 'call', label: 'mobile', target: '+49 ••• 42' } as const;
  const paused = { unavailableUntil: now + 86_400_000, unavailableReason: 'paused' } as const;
  test('names the device of each request', () => {
    expect(list(pixel, app)).toContain('<b>Approve in the authenticator</b><small>Ada’s Pixel</small>');
    expect(list({ ...pixel, now: 'over' })).toContain('<b>Send a new request</b>');
    expect(list({ ...pixel, now: 'waiting', answeredElsewhere: true }, app)).toContain('<b>Back to the request</b>');
  });

  test('says of a pause whether it is about calls alone', () => {
    expect(list({ ...pixel, ...paused }, { ...call, ...paused }, app)).toContain('Calls and requests are paused');
    expect(list({ ...call, ...paused }, app)).toContain('Calls are paused');
  });

  test('says why a request must wait', () => {
    const limited = { ...pixel, unavailableUntil: now + 200_000, unavailableReason: 'requests' } as const;
    expect(list(limited, app)).toMatch(/There were too many requests, or no answers\. Try again after/u);
  });

  test('names devices that must be paired again, which cannot be chosen', () => {
    const page = optionsPage({ ...step, rows: [app], pairAgain: ['Old <phone>'] }, words).text;
    expect(page).toContain('<bdi>Old &lt;phone&gt;</bdi> must be paired again');
    expect(page).not.toContain('value="push');
  });
});

test('a step-up names the device that will be asked', () => {
  const page = stepUpPage({ ...step, reason: 'stronger', method: { type: 'push', label: 'Ada’s Pixel' } }, words).text;
  expect(page).toContain('<small>Ada’s Pixel</small>');
  expect(page).toContain('Send me a request');
});

test.each(languages)('%s has words for the same ends', language => {
  expect(Object.keys(wording(language).approve.ends).toSorted()).toEqual(Object.keys(words.approve.ends).toSorted());
});
