/**
 * R22. A push service does not know a device any more, is busy, fails, or cannot be trusted (TLS). The subscription that is gone must be
 * forgotten, a wait must be kept, and nobody may stop the pushes of others. A sign-in goes on in any case.
 *
 * Guards: `adapters/web-push/back-off.ts#BackOff`, `adapters/web-push.ts#refusalOf`, `src/mfa/push/subscriptions.ts#forget`.
 */
import { describe, expect, test } from '@jest/globals';
import { BackOff, retryAfterOf } from '../../adapters/web-push/back-off.ts';

const google = (path: string): URL => new URL(`https://fcm.googleapis.com/fcm/send/${path}`);

describe('R22 waits', () => {
  const start = Date.UTC(2026, 10, 29, 12);
  const apple = new URL('https://web.push.apple.com/Q1');
  const setup = () => {
    const time = { now: start };
    const backOff = new BackOff(() => time.now);
    /** Seconds until a push to this endpoint may be sent. */
    const wait = (endpoint: URL): number => ((backOff.waitsUntil(endpoint) ?? time.now) - time.now) / 1000;
    return { time, backOff, wait };
  };

  test('R22 a push that was taken leaves no wait', () => {
    const { backOff, wait } = setup();
    backOff.taken(google('1'));
    expect(wait(google('1'))).toBe(0);
  });

  test('R22 429 stops the pushes to that subscription, as long as Retry-After says, and to no other', () => {
    const { backOff, wait, time } = setup();
    backOff.tooMany(google('1'), 90_000);
    expect([wait(google('1')), wait(google('2')), wait(apple)]).toEqual([90, 0, 0]);
    time.now += 90_000;
    expect(wait(google('1'))).toBe(0);
    backOff.tooMany(google('1'), undefined);
    expect(wait(google('1'))).toBe(5);
    backOff.tooMany(google('1'), 90_000_000);
    expect(wait(google('1'))).toBe(3600);
  });

  test('R22 503 with Retry-After stops the pushes to that service, and to no other', () => {
    const { backOff, wait } = setup();
    backOff.failed(google('1'), 20_000);
    expect([wait(google('1')), wait(google('2')), wait(apple)]).toEqual([20, 20, 0]);
  });

  test('R22 the third failure in a row stops the pushes to a service, each further one for twice as long, five minutes at most', () => {
    const { backOff, wait, time } = setup();
    const waits = Array.from({ length: 12 }, () => {
      backOff.failed(google('1'), undefined);
      const seconds = wait(google('2'));
      time.now += seconds * 1000;
      return seconds;
    });
    expect(waits).toEqual([0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
    backOff.taken(google('2'));
    backOff.failed(google('1'), undefined);
    expect(wait(google('1'))).toBe(0);
  });

  test('R22 a hundred pushes that fail together count as one more failure', () => {
    const { backOff, wait } = setup();
    for (let at = 0; at < 102; at += 1) backOff.failed(google('1'), undefined);
    expect(wait(google('1'))).toBe(5);
  });

  test('R22 a thousand invented hosts and subscriptions are remembered, and no more', () => {
    const { backOff, wait } = setup();
    backOff.failed(google('1'), 20_000);
    for (let at = 0; at < 999; at += 1) backOff.failed(new URL(`https://h${at}.notify.windows.com/`), 20_000);
    expect(wait(google('1'))).toBe(20);
    backOff.failed(new URL('https://one-more.notify.windows.com/'), 20_000);
    expect(wait(google('1'))).toBe(0);
    expect(wait(new URL('https://one-more.notify.windows.com/'))).toBe(20);
  });

  test.each([
    ['30', 30_000],
    ['0', 0],
    [new Date(start + 7000).toUTCString(), 7000],
    [new Date(start - 7000).toUTCString(), 0],
    ['soon', undefined],
    ['-1', undefined],
    [null, undefined],
  ])('R22 Retry-After: %s', (header, wait) => {
    expect(retryAfterOf(header, start)).toBe(wait);
  });
});
