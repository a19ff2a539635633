/** Tests the names of browsers and programs in User-Agents. */
import { expect, test } from '@jest/globals';
import { browserIn, browserOfText, browserText, programIn } from '../src/user-agent.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

// As these browsers sent them in 2025 and 2026.
test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox on Android'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/141.0.0.0 Safari/537.36`, 'Chrome on Windows'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
    'Edge on Windows',
  ],
  [`Mozilla/5.0 (Linux; Android 10; K) ${webKit} Chrome/141.0.0.0 Mobile Safari/537.36`, 'Chrome on Android'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webKit} Chrome/141.0.0.0 Safari/537.36`, 'Chrome on ChromeOS'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari on Mac',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${webKit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet on Android',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Windows'],
  ['curl/8.5.0', undefined],
  ['', undefined],
])('names the browser and the system of %s: %s', (userAgent, text) => {
  expect(browserText(userAgent)).toBe(text);
  expect(text && browserOfText(text)).toEqual(browserIn(userAgent));
});

test('searches no text longer than a browser sends', () => {
  expect(browserText(`${'x'.repeat(2000)} Firefox/140.0`)).toBeUndefined();
});

test('takes no word of the sender into the name of a browser', () => {
  expect(browserText('Firefox/1 (Your bank calls you. Press # now) on Windows')).toBe('Firefox on Windows');
});

test.each([
  ['curl/8.5.0', 'curl/8.5.0'],
  ['contoso-cli/2.4.1 (linux)', 'contoso-cli/2.4.1'],
  ['Press the button now', 'Press'],
  ['<b>', undefined],
])('names the program of %s', (userAgent, program) => {
  expect(programIn(userAgent)).toBe(program);
});
