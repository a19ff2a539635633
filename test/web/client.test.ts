/** What the pages' own scripts do, in Chromium, under the policy of the real server. */
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { drawn as pages, openGallery, type Gallery } from './gallery.ts';

const here = '/interaction/V1StGXR8Z5jdHi6B';
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const ringing: WaitingEvent = {
  phase: 'pending',
  progress: 'ringing',
  status: 'Your phone is ringing',
  until: now + 40_000,
  now,
  version: '1',
};

let browser: Browser;
/** One for all tests: the pages keep no state in it, and opening one costs half a second. */
let context: BrowserContext;
let gallery: Gallery;
let tab: Page;
const complaints: string[] = [];
/** Streams that pages hold open; undefined refuses them. */
let streams: ServerResponse[] | undefined;
let polled: WaitingEvent = ringing;
let refused = false;
/** Resolves at the next request. */
let requested = Promise.withResolvers<void>();

const send = (event: WaitingEvent): void => streams?.forEach(each => each.write(`data: ${JSON.stringify(event)}\n\n`));
const posted = (): readonly string[] => gallery.asked.filter(each => each.startsWith('POST'));
const open = async (name: string): Promise<void> => {
  // Modules have run by then. A page that posts itself on never gets there.
  const waitUntil = name === 'call/passed' ? 'commit' : 'domcontentloaded';
  await tab.goto(`${gallery.origin}/${name}`, { waitUntil });
};

beforeAll(async () => {
  browser = await launchBrowser();
  context = await browser.newContext();
  gallery = await openGallery((request, response) => {
    requested.resolve();
    requested = Promise.withResolvers();
    if (request.url !== `${here}/events`) return false;
    if (refused) response.writeHead(503).end();
    else if (request.headers.accept === 'application/json') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(polled));
    } else if (streams === undefined) response.writeHead(503).end();
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
      streams.push(response);
    }
    return true;
  });
}, 60_000);

beforeEach(async () => {
  streams = [];
  polled = ringing;
  refused = false;
  complaints.length = 0;
  gallery.asked.length = 0;
  tab = await context.newPage();
  tab.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('503')) complaints.push(message.text());
  });
  tab.on('pageerror', error => complaints.push(error.message));
});
afterEach(async () => {
  await tab.close();
  if (complaints.length > 0) throw new Error(`the browser complained: ${complaints.join('; ')}`);
});
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

/** One way from the page to the server and back: what the page had begun to send by now has been sent. */
const settle = async (): Promise<void> => {
  await tab.evaluate("fetch('/settle')");
};
/** Waits until requests of the page have made this true. The time limit of the test ends a wait in vain. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await requested.promise;
  await settle();
};
const states = (): Promise<readonly (string | null)[]> =>
  Promise.all([0, 1, 2].map(i => tab.locator('.track li').nth(i).getAttribute('data-state')));

describe('the waiting page', () => {
  test('updates sentence, progress and clock with the call', async () => {
    await open('call/starting');
    expect(await states()).toEqual(['now', 'ahead', 'ahead']);
    await until(() => streams?.length === 1);
    send(ringing);
    await tab.getByText('Your phone is ringing').waitFor();
    expect(await states()).toEqual(['done', 'now', 'ahead']);
    expect(await tab.locator('[data-left]').textContent()).toMatch(/^(?:40|39) s left$/u);
    send({ ...ringing, progress: 'answered', status: 'Answered. Now press #', version: '2' });
    await tab.getByText('Answered. Now press #').waitFor();
    expect(await states()).toEqual(['done', 'done', 'now']);
    expect(await tab.locator('[data-waiting]').getAttribute('data-progress')).toBe('answered');
    expect(await tab.locator('.track [aria-current=step]').allTextContents()).toEqual(['Answered']);
    const [left = '0'] = (await tab.locator('.countdown .left').getAttribute('stroke-dasharray'))?.split(' ') ?? [];
    expect(Number(left)).toBeGreaterThan(55);
    expect(Number(left)).toBeLessThan(68);
    expect(posted()).toEqual([]);
  });

  test('submits its form once after the phone has answered', async () => {
    await open('call/answered');
    await until(() => streams?.length === 1);
    send({ ...ringing, phase: 'passed', version: 'passed' });
    send({ ...ringing, phase: 'passed', version: 'passed again' });
    await until(() => posted().length > 0);
    await settle();
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });

  test('reloads when the call is over', async () => {
    await open('call/ringing');
    await until(() => streams?.length === 1);
    const again = tab.waitForRequest(request => request.isNavigationRequest());
    const drawn = tab.waitForEvent('load');
    send({ ...ringing, phase: 'over', version: 'over' });
    expect((await again).method()).toBe('GET');
    await drawn;
    expect(posted()).toEqual([]);
  });

  test('polls if the stream is refused', async () => {
    streams = undefined;
    polled = { ...ringing, phase: 'passed', version: 'passed' };
    await open('call/answered');
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });

  test('has a button that works without a stream', async () => {
    streams = undefined;
    refused = true;
    await open('call/ringing');
    await tab.getByRole('button', { name: 'Check again' }).click();
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });

  test('ignores a malformed event', async () => {
    await open('call/ringing');
    await until(() => streams?.length === 1);
    streams?.forEach(each => each.write('data: null\n\ndata: {"phase":"passed"}\n\n'));
    send({ ...ringing, status: 'Still here', version: '9' });
    await tab.getByText('Still here').waitFor();
    expect(posted()).toEqual([]);
  });

  test('submits at once if the call has already passed', async () => {
    await open('call/passed');
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });
});

describe('leaving the waiting page by its button', () => {
  test('is not undone by the end of the call that it causes', async () => {
    await open('call/ringing');
    await until(() => streams?.length === 1);
    await tab.evaluate('globalThis.before = true');
    await tab.getByRole('button', { name: 'Not you?' }).click();
    await until(() => posted().length > 0);
    send({ ...ringing, phase: 'over', version: '2' });
    await settle();
    await settle();
    expect(await tab.evaluate('globalThis.before')).toBe(true);
  });
});

describe('the code field', () => {
  test('sends six digits as they are typed, once', async () => {
    await open('code/open');
    await tab.locator('#code').pressSequentially('12345');
    expect(posted()).toEqual([]);
    await tab.locator('#code').press('6');
    await until(() => posted().length > 0);
    await tab.locator('#code').press('7');
    await tab.locator('#code').press('Backspace');
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });

  test.each(['012 345', '012-345', '\u202A012345\u202C', ' 012345 ', '０１２３４５', '٠١٢٣٤٥'])(
    'sends a pasted %j',
    async pasted => {
      await open('code/open');
      await tab.locator('#code').fill(pasted);
      await until(() => posted().length > 0);
      expect(posted()).toEqual([`POST ${here}/factor`]);
    },
  );

  test.each(['01234a', '0123456', '⓪①②③④⑤', ''])('does not send %j', async typed => {
    await open('code/open');
    await tab.locator('#code').fill(typed);
    await settle();
    expect(posted()).toEqual([]);
  });

  test('waits for the button where there is a box to tick', async () => {
    await open('code/remember');
    await tab.locator('#code').fill('012345');
    await settle();
    expect(posted()).toEqual([]);
    await tab.locator('input[name=remember]').check();
    await tab.locator('#code').press('Enter');
    await until(() => posted().length > 0);
  });

  test('after an error waits for an edit', async () => {
    await open('code/wrong');
    await settle();
    expect(posted()).toEqual([]);
    await tab.locator('#code').fill('719025');
    await until(() => posted().length > 0);
  });
});

describe('the page of a sent code', () => {
  const sending: WaitingEvent = { ...ringing, progress: 'sent', status: 'Text sent', version: 'sent' };

  test('updates the status of a text while the person types', async () => {
    await open('text/starting');
    await until(() => streams?.length === 1);
    await tab.locator('#code').pressSequentially('123');
    send({ ...sending, progress: 'delivered', status: 'Text delivered', version: 'delivered' });
    await tab.getByText('Text delivered').waitFor();
    expect(await tab.locator('[data-waiting]').getAttribute('data-progress')).toBe('delivered');
    expect(await tab.locator('#code').inputValue()).toBe('123');
    expect(posted()).toEqual([]);
  });

  test('reports an undelivered text above the field, not while the person types', async () => {
    const undelivered: WaitingEvent = { ...sending, progress: 'undelivered', status: 'Not delivered', version: 'no' };
    await open('text/sent');
    await until(() => streams?.length === 1);
    await tab.locator('#code').pressSequentially('1');
    send(undelivered);
    await tab.getByText('Not delivered').waitFor();
    expect(await tab.locator('#code').inputValue()).toBe('1');
    await open('text/sent');
    await until(() => streams?.length === 2);
    const again = tab.waitForRequest(request => request.isNavigationRequest());
    // A tab that is closed in the middle of a navigation may never answer.
    const drawn = tab.waitForEvent('load');
    send(undelivered);
    expect((await again).method()).toBe('GET');
    await drawn;
  });

  test('updates the progress of the call of a dictated code', async () => {
    await open('spoken/starting');
    await until(() => streams?.length === 1);
    send({ ...ringing, progress: 'answered', status: 'Press # to hear the code', version: 'answered' });
    await tab.getByText('Press # to hear the code').waitFor();
    expect(await states()).toEqual(['done', 'done', 'now']);
  });
});

/** A browser that has it: what the page asked for, and a way to let a message come. */
const offerOtp = async (): Promise<void> => {
  await tab.addInitScript(`
    globalThis.OTPCredential = class {};
    globalThis.otp = { asked: [], aborted: 0 };
    navigator.credentials.get = ({ otp, signal }) => new Promise((come, gone) => {
      globalThis.otp.asked.push(otp.transport.join());
      globalThis.otp.come = code => come({ code });
      signal.addEventListener('abort', () => {
        sessionStorage.setItem('aborted', String(Number(sessionStorage.getItem('aborted') ?? 0) + 1));
        gone(new DOMException('left', 'AbortError'));
      });
    });`);
};

describe('WebOTP', () => {
  test('fills the field as if typed', async () => {
    await offerOtp();
    await open('text/open');
    expect(await tab.evaluate('otp.asked')).toEqual(['sms']);
    await tab.evaluate("otp.come('012345')");
    await until(() => posted().length > 0);
    expect(await tab.locator('#code').inputValue()).toBe('012345');
    await settle();
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });

  test('is aborted when the form is sent or the page left', async () => {
    await offerOtp();
    await open('text/open');
    await tab.locator('#code').fill('012345');
    await until(() => posted().length > 0);
    expect(await tab.evaluate("sessionStorage.getItem('aborted')")).toBe('1');
    await open('text/open');
    await open('code/open');
    expect(await tab.evaluate("sessionStorage.getItem('aborted')")).toBe('2');
  });

  test.each(['code/open', 'spoken/ringing', 'call/ringing', 'sign-in/named'])(
    'is not requested by the page %s',
    async name => {
      await offerOtp();
      await open(name);
      expect(await tab.evaluate('otp.asked')).toEqual([]);
    },
  );

  test('is optional: the field works without it', async () => {
    await tab.addInitScript('delete globalThis.OTPCredential');
    await open('text/open');
    await tab.locator('#code').fill('012345');
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });
});

/** Every page of the catalogue that shows a wait, with its length in milliseconds. */
const waits = [...pages].flatMap(([name, page]) => {
  const [, length] = /data-wait="(\d+)"/u.exec(page) ?? [];
  return length === undefined ? [] : [[name, Number(length)] as const];
});

/** Those at whose end the page is loaded again: more than a button may have changed. */
const isReloaded = ([name]: readonly [string, number]): boolean => pages.get(name)?.includes('data-reload') === true;

/** For `evaluate`: what the live regions of the page say now. Timers are none. */
const announced = `[...document.querySelectorAll('[role=status]')].map(each => each.textContent).join('')`;

/** Opens a page whose clock stands still until `runFor`. */
const openStopped = async (name: string): Promise<void> => {
  await tab.clock.install({ time: now });
  await tab.clock.pauseAt(now + 1000);
  await open(name);
};

describe('a wait', () => {
  test('is on pages of passwords, passkeys, requests, calls, codes, texts, devices, errors and enrollments', () => {
    const kinds = new Set(waits.map(([name]) => name.split('/')[0]));
    const wanted =
      'sign-in forgotten call code recovery text mail spoken options resend outage error device account enroll-call enroll-code passkey passkey-alone approve enroll-approve';
    expect(kinds).toEqual(new Set(wanted.split(' ')));
  });

  test.each(waits.filter(isReloaded))('on %s ends by loading the page again', async (name, length) => {
    await openStopped(name);
    await tab.clock.runFor(length - 1000);
    const reloaded = tab.waitForEvent('framenavigated');
    await tab.clock.runFor(1000);
    expect((await reloaded).url()).toBe(tab.url());
    // Closing a tab that still loads can hang.
    await tab.waitForLoadState();
  });

  test.each(waits.filter(each => !isReloaded(each)))(
    'on %s counts down, then gives way to its button, and is announced once',
    async (name, length) => {
      await openStopped(name);
      const [button, sentence] = [tab.locator('[data-after]'), tab.locator('#wait')];
      const before = await tab.evaluate(announced);
      const seconds = async (): Promise<string | undefined> =>
        /[0-9]+(?= second)/u.exec((await sentence.textContent()) ?? '')?.[0];
      // A long wait has the time of its end.
      const isCounted = length <= 90_000;
      expect(await seconds()).toBe(isCounted ? String(length / 1000) : undefined);
      await tab.clock.runFor(1000);
      expect(await seconds()).toBe(isCounted ? String(length / 1000 - 1) : undefined);
      expect(await button.getAttribute('class')).toBe('button later');
      expect(await tab.evaluate(announced)).toBe(before);
      // Playwright's own click waits until the button is enabled.
      await tab.evaluate("document.querySelector('[data-after]').click()");
      await settle();
      expect(gallery.asked.filter(each => !/settle|events/u.test(each))).toEqual([]);

      await tab.clock.runFor(length - 1000);
      expect(await sentence.textContent()).toBe('');
      expect(await button.getAttribute('class')).toMatch(/^button (?:primary|secondary)$/u);
      expect(await tab.locator('.primary').count()).toBe(1);
      expect(await tab.evaluate(announced)).toBe(`${String(before)}You can try again now.`);
    },
  );

  test('keeps the place of its button when it is over', async () => {
    await openStopped('resend/wait');
    const button = tab.locator('[data-after]');
    const before = await button.boundingBox();
    await tab.clock.runFor(22_000);
    expect(await button.boundingBox()).toEqual(before);
    await button.click();
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/resend`]);
  });

  test.each(['code/wait', 'code/too-soon', 'text/wait'])(
    'on %s holds six typed digits until it is over',
    async name => {
      await openStopped(name);
      await tab.locator('#code').fill('012345');
      await tab.locator('#code').press('Enter');
      await settle();
      expect(posted()).toEqual([]);
      await tab.clock.runFor(8000);
      await until(() => posted().length > 0);
      expect(posted()).toEqual([`POST ${here}/factor`]);
    },
  );

  test('does not send a code that was refused before, as nobody changed it', async () => {
    await openStopped('code/too-soon');
    await tab.clock.runFor(8000);
    await settle();
    expect(posted()).toEqual([]);
  });
});

/** The sentence that tells where a request is. */
const hint = () => tab.getByText('No notification?');

describe('the page of a request in the authenticator', () => {
  const sent: WaitingEvent = { ...ringing, progress: 'sent', status: 'Sent to Ada’s Pixel', version: 'sent' };

  test('tells after eight seconds where the request is, without moving a button', async () => {
    await openStopped('approve/sent');
    const button = tab.getByRole('link', { name: 'Use a different verification option' });
    const before = await button.boundingBox();
    await tab.clock.runFor(4500);
    expect(await hint().isVisible()).toBe(false);
    await tab.clock.runFor(1500);
    expect(await hint().isVisible()).toBe(true);
    expect(await button.boundingBox()).toEqual(before);
  });

  test('tells it no more once the device has fetched the request, and at once where no notification could be sent', async () => {
    await openStopped('approve/late');
    await until(() => streams?.length === 1);
    expect(await hint().isVisible()).toBe(true);
    send({ ...sent, progress: 'delivered', status: 'Open on Ada’s Pixel', version: 'delivered' });
    await tab.getByText('Open on Ada’s Pixel').waitFor();
    expect(await hint().isVisible()).toBe(false);
    await open('approve/sent');
    await until(() => streams?.length === 2);
    send({ ...sent, progress: 'undelivered', status: 'We could not notify Ada’s Pixel', version: 'undelivered' });
    await tab.getByText('We could not notify').waitFor();
    expect(await hint().isVisible()).toBe(true);
  });

  test('continues by itself once the request is answered', async () => {
    await open('approve/delivered');
    await until(() => streams?.length === 1);
    send({ ...sent, phase: 'passed', version: 'passed' });
    await until(() => posted().length > 0);
    expect(posted()).toEqual([`POST ${here}/factor`]);
  });
});

describe('the page of a pairing', () => {
  test('counts its minutes down, then its seconds', async () => {
    await openStopped('enroll-pair/open');
    const left = tab.locator('[data-left]');
    await tab.clock.runFor(61_000);
    expect(await left.textContent()).toBe('9 min left');
    await openStopped('enroll-pair/last-seconds');
    await tab.clock.runFor(1000);
    expect(await left.textContent()).toBe('39 s left');
  });
});

describe('password, reference and time', () => {
  test('the password can be shown, and is sent as a password', async () => {
    await open('sign-in/named');
    const field = tab.locator('#password');
    await field.fill('correct horse');
    await tab.getByRole('button', { name: 'Show' }).click();
    expect(await field.getAttribute('type')).toBe('text');
    expect(await tab.getByRole('button', { name: 'Hide' }).getAttribute('aria-pressed')).toBe('true');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await until(() => posted().length > 0);
    expect(await field.getAttribute('type')).toBe('password');
  });

  test('each password of a page has a button of its own', async () => {
    await open('account/profile/waiting');
    const buttons = tab.getByRole('button', { name: 'Show' });
    expect(await buttons.count()).toBe(2);
    await buttons.nth(1).click();
    expect(await tab.locator('#new-password').getAttribute('type')).toBe('text');
    expect(await tab.locator('#password').getAttribute('type')).toBe('password');
  });

  test('the reference can be copied where something went wrong', async () => {
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await open('call/busy');
    await tab.getByRole('button', { name: 'Copy' }).click();
    await tab.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await tab.evaluate('navigator.clipboard.readText()')).toBe('7K3M-Q2XA');
  });

  test('a time is shown in the time zone of the browser', async () => {
    const india = await browser.newContext({ timezoneId: 'Asia/Kolkata' });
    const far = await india.newPage();
    await far.goto(`${gallery.origin}/code/wait-long`);
    expect(await far.locator('time').textContent()).toMatch(/08:02|8:02/u);
    await india.close();
  });

  test('a day is that of the time zone and region of the browser', async () => {
    const east = await browser.newContext({ timezoneId: 'Pacific/Kiritimati', locale: 'en-US' });
    const far = await east.newPage();
    await far.clock.install({ time: now });
    await far.goto(`${gallery.origin}/account/full`);
    // In UTC the app was added on 3 October.
    expect(await far.locator('time').allTextContents()).toEqual(['today', 'yesterday', 'October 4', 'October 4']);
    await east.close();
  });
});
