/** The pages of pairing a device: how it finds the pairing, how the person recognises it, and the way on after each end. */
import { describe, expect, test } from '@jest/globals';
import type { EndReason } from '../../src/end-reason.ts';
import { wording } from '../../src/locales/wording.ts';
import { enrollApprovePage, enrollChoosePage, enrollPairPage, pairingEvent } from '../../web/pages/index.ts';
import type { EnrollApprovePage, EnrollFrame, EnrollPairPage } from '../../web/pages/enroll-props.ts';
import { enrollLinksOf, fields, linksOf } from '../../web/pages/links.ts';
import { outcomeCodes } from '../../web/pages/outcome-codes.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const links = enrollLinksOf(uid);
const step: EnrollFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada' };
const link = 'https://login.example/authenticator/#pair=c2VjcmV0';

const pair = (state: EnrollPairPage['state']): string => enrollPairPage({ ...step, state }, words).text;
const trial = (state: EnrollApprovePage['state']): string =>
  enrollApprovePage({ ...step, sentTo: 'Ada’s Pixel', show: '47', state }, words).text;
const actions = (page: string): readonly string[] =>
  [...page.matchAll(/<form[^>]* action="([^"]*)"/gu)].map(([, to = '']) => to);
const open = { kind: 'open', code: '7K3M-Q2XA', link, until: now + 580_000 } as const;

describe('an open pairing', () => {
  const page = pair(open);

  test('has a picture, and for typing a code and the address without the secret', () => {
    expect(page).toContain('<svg class="qr"');
    expect(page).toContain('<code aria-hidden="true">7K3M-Q2XA</code>');
    expect(page).toContain('Code: 7 K 3 M Q 2 X A');
    expect(page).toContain('<code>login.example/authenticator</code>');
    expect(page).toContain(`href="${link}"`);
    expect(page).toContain('Add to Home Screen');
  });

  test('tells the minutes that are left, and waits for the device with script and without', () => {
    expect(page).toContain('data-left-minutes="{n} min left">10 min left');
    expect(page).toContain(`data-waiting="${links.events}"`);
    expect(page).toContain(`<noscript><meta http-equiv="refresh" content="10;url='${linksOf(uid).here}'"></noscript>`);
    expect(pairingEvent({ state: open, now }, words)).toMatchObject({ phase: 'pending', until: open.until });
  });
});

test('a device that claimed a pairing is shown with its digits, and each answer has its own button', () => {
  const page = pair({ kind: 'claimed', device: 'Ada’s Pixel', digits: '04', until: now + 60_000 });
  expect(page).toContain('Pair <bdi>Ada’s Pixel</bdi>?');
  expect(page).toMatch(/class="number-display".*<span>04<\/span>/su);
  expect(actions(page)).toContain(links.pair);
  const values = [...page.matchAll(new RegExp(`name="${fields.isOwnDevice}" value="([^"]*)"`, 'gu'))];
  expect(values.map(([, value]) => value)).toEqual(['yes', 'no']);
  expect(page).not.toContain('data-autosubmit');
});

test.each(['expired', 'guessed', 'refused', 'lost'] as const)('after %s a new code is one press away', because => {
  const page = pair({ kind: 'ended', because });
  expect(actions(page)).toContain(links.choose);
  expect(page).toContain(`name="${fields.method}" value="push"`);
  expect(page).toContain(`${outcomeCodes.pairing(because)} ${words.pairing.ends[because].term}`);
  expect(page).not.toContain('class="qr"');
  expect(pairingEvent({ state: { kind: 'ended', because }, now }, words).phase).toBe('over');
});

describe('the test of a pairing', () => {
  test('shows its number and reports the answer to the set-up', () => {
    const page = trial({ kind: 'waiting', progress: 'sent', begunAt: now, until: now + 60_000 });
    expect(page).toContain('<span>47</span>');
    expect(page).toContain(`data-waiting="${links.events}"`);
    expect(actions(page)).toContain(links.answer);
    expect(actions(trial({ kind: 'passed' }))).toContain(links.answer);
  });

  test.each<EndReason>(['expired', 'declined', 'lost', 'elsewhere'])('after %s asks the same device again', reason => {
    const page = trial({ kind: 'ended', reason });
    expect(actions(page)).toContain(links.pair);
    expect(page).toContain(`<input type="hidden" name="${fields.isOwnDevice}" value="yes">`);
    expect(page).toContain(`href="${links.choose}"`);
  });

  test('where the device was paired before does not ask it again', () => {
    const page = trial({ kind: 'ended', reason: 'bound' });
    expect(actions(page)).not.toContain(links.pair);
    expect(page).toContain('was paired before. Nothing was added.');
    expect(page).toContain(outcomeCodes.request('bound'));
    expect(page).toContain(`href="${links.choose}"`);
  });

  test('after "this was not me" does not ask again', () => {
    const page = trial({ kind: 'denied', until: now + 86_400_000 });
    expect(actions(page)).not.toContain(links.pair);
    expect(page).toContain('someone knows your password');
  });
});

const list = (kinds: readonly string[]): string => enrollChoosePage({ ...step, for: 'more', kinds }, words).text;

test('beside the Sallyport Authenticator another app is called another one', () => {
  expect(list(['push', 'totp'])).toMatch(/<b>Sallyport Authenticator<\/b>.*<b>Another authenticator app<\/b>/su);
  expect(list(['totp'])).toContain('<b>Authenticator app</b>');
});
