/**
 * What the scripts of passkeys do, in Chromium with its virtual authenticator: ask, post what the server can read, and tell a
 * failure in words.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { wording } from '../../src/locales/wording.ts';
import { readAssertion, readRegistration } from '../../src/mfa/passkeys/credential.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { openGallery, type Gallery } from './gallery.ts';

const { failures, unsupported, alone, setUp } = wording('en').passkeys;
const { start = '' } = wording('en').pages.methods['passkey'] ?? {};
const here = '/interaction/V1StGXR8Z5jdHi6B';
/** Those of the samples. */
const credentialId = 'Y3JlZGVudGlhbCBvZiB0aGUgc2FtcGxlcw';
const challenge = 'Y2hhbGxlbmdlIG9mIHRoZSBzYW1wbGUgcGFnZXM';
const userHandle = Buffer.from('0198c1c2').toString('base64url');

interface Posted {
  readonly path: string;
  readonly form: URLSearchParams;
}

let browser: Browser;
let gallery: Gallery;
let context: BrowserContext;
let tab: Page;
let session: CDPSession;
let authenticatorId: string;
let posted = Promise.withResolvers<Posted>();
/** What the server gives for `GET …/passkey`; undefined: nothing. */
let renewed: object | undefined;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
  const { url: path = '', method } = request;
  if (path === `${here}/passkey` && method === 'GET' && renewed !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(renewed));
    return true;
  }
  if (method === 'POST') void text(request).then(body => posted.resolve({ path, form: new URLSearchParams(body) }));
  return false;
};

beforeAll(async () => {
  // Passkeys need the name localhost, and the gallery does not send all headers of the server.
  browser = await launchBrowser({ visitsOthers: true });
  gallery = await openGallery(answer);
}, 60_000);
beforeEach(async () => {
  renewed = undefined;
  posted = Promise.withResolvers();
  gallery.asked.length = 0;
  context = await browser.newContext();
  tab = await context.newPage();
  session = await context.newCDPSession(tab);
  await session.send('WebAuthn.enable');
  ({ authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
});
afterEach(() => context.close());
afterAll(async () => {
  await browser?.close();
  await gallery?.close();
});

/** The authenticator has the passkey of the samples. */
const bind = (): Promise<unknown> =>
  session.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: Buffer.from(credentialId, 'base64url').toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from(userHandle, 'base64url').toString('base64'),
      signCount: 1,
    },
  });
/** `until`: commit, for a page that posts its form at once and so never gets further. */
const open = (name: string, host = 'localhost', until: 'domcontentloaded' | 'commit' = 'domcontentloaded') =>
  tab.goto(`${gallery.origin.replace('127.0.0.1', host)}/${name}`, { waitUntil: until });
const press = (name: string): Promise<void> => tab.getByRole('button', { name }).click();
const told = (): Promise<string | null> => tab.getByRole('alert').textContent();
/** True after everything that the page had begun by now. */
const hasPosted = async (): Promise<boolean> => {
  await tab.evaluate("fetch('/settle')");
  return gallery.asked.some(each => each.startsWith('POST'));
};
const clientDataOf = (form: URLSearchParams): unknown => {
  const read = readAssertion(form.get('credential') ?? '') ?? readRegistration(form.get('credential') ?? '');
  return JSON.parse(Buffer.from(read?.clientDataJSON ?? '', 'base64url').toString());
};
/** The browser offers no passkeys in the field of the name, so that the button is what asks. */
const withoutOffers = (): Promise<unknown> =>
  tab.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false');

/** Waits until the page has noted so many things in `asked`. The policy of the page forbids Playwright's own wait. */
const asked = async (count: number): Promise<void> => {
  for (let turn = 0; turn < 500; turn += 1) {
    if (Number(await tab.evaluate('globalThis.asked.length')) >= count) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`expected ${count} notes of the page`);
};
/** Browsers tell by this whether they create a passkey without a question, after they filled in a saved password. */
const canCreateSilently = (can: boolean): Promise<unknown> =>
  tab.addInitScript(`PublicKeyCredential.getClientCapabilities = async () => ({ conditionalCreate: ${can} })`);

describe('as second step', () => {
  test('the button asks for a passkey of the list and posts its answer', async () => {
    await bind();
    await open('passkey/open');
    expect(await hasPosted()).toBe(false);
    await press(start);
    const { path, form } = await posted.promise;
    expect(path).toBe(`${here}/factor`);
    expect(readAssertion(form.get('credential') ?? '')).toMatchObject({ id: credentialId, userHandle });
    expect(clientDataOf(form)).toMatchObject({ type: 'webauthn.get', challenge });
  });

  test('it is asked for at once where the page says so', async () => {
    await bind();
    await open('passkey/at-once', 'localhost', 'commit');
    expect(readAssertion((await posted.promise).form.get('credential') ?? '')?.id).toBe(credentialId);
  });

  test('a page with a box waits for its button, and posts the box with the answer', async () => {
    await bind();
    await open('passkey/remember');
    await tab.getByRole('checkbox').check();
    expect(await hasPosted()).toBe(false);
    await press(start);
    expect((await posted.promise).form.get('remember')).toBe('yes');
  });

  test('an address that the passkeys are not for is told', async () => {
    await open('passkey/open', '127.0.0.1');
    await press(start);
    await tab.getByText(failures.insecure).waitFor();
    expect(await told()).toContain(failures.insecure);
  });

  test('a browser without passkeys shows no button, says so, and leads to the other methods', async () => {
    await tab.addInitScript('delete globalThis.PublicKeyCredential');
    await open('passkey/open');
    await tab.getByText(unsupported).waitFor();
    expect(await tab.getByRole('button', { name: start }).count()).toBe(0);
    expect(await tab.getByRole('link', { name: 'Use a different verification option' }).isVisible()).toBe(true);
  });
});

describe('alone', () => {
  test('a passkey that is chosen in the field of the name signs in, without a press', async () => {
    await bind();
    await open('passkey-alone/open', 'localhost', 'commit');
    const { path, form } = await posted.promise;
    expect(path).toBe(`${here}/passkey`);
    expect([...form.keys()].toSorted()).toEqual(['credential', 'name', 'ticket']);
    expect(readAssertion(form.get('credential') ?? '')).toMatchObject({ id: credentialId, userHandle });
  });

  test('the button asks too, and the typed name goes with the answer', async () => {
    await bind();
    await withoutOffers();
    await open('passkey-alone/open');
    await tab.getByRole('textbox', { name: 'Name or e-mail address' }).fill('ada');
    await press(alone);
    const { form } = await posted.promise;
    expect(form.get('name')).toBe('ada');
    expect(form.get('ticket')).toBe('dGlja2V0IG9mIHRoZSBzYW1wbGUgcGFnZXM');
  });

  test('the button ends the offer in the field of the name, which comes back after it', async () => {
    await tab.addInitScript(`{
      const get = CredentialsContainer.prototype.get;
      globalThis.asked = [];
      CredentialsContainer.prototype.get = function (options) {
        globalThis.asked.push(options.mediation);
        if (options.mediation !== 'conditional') return Promise.reject(new DOMException('', 'NotAllowedError'));
        options.signal.addEventListener('abort', () => globalThis.asked.push('ended'));
        return get.call(this, options);
      };
    }`);
    await open('passkey-alone/open');
    await asked(1);
    await press(alone);
    await asked(4);
    expect(await tab.evaluate('globalThis.asked')).toEqual(['conditional', 'ended', 'optional', 'conditional']);
    await tab.getByText(failures.cancelled).waitFor();
  });

  test('a person who cancels is told that nothing happened, and the next press works', async () => {
    await bind();
    await withoutOffers();
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await open('passkey-alone/open');
    await press(alone);
    await tab.getByText(failures.cancelled).waitFor();
    expect(await hasPosted()).toBe(false);
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await press(alone);
    await posted.promise;
    expect(await tab.getByText(failures.cancelled).isVisible()).toBe(false);
  });

  test('before its challenge expires the page gets a newer one, and answers that', async () => {
    const next = Buffer.from('the next challenge').toString('base64url');
    renewed = {
      options: { challenge: next, rpId: 'localhost', timeout: 300_000, userVerification: 'required' },
      ticket: 'next',
    };
    await withoutOffers();
    await tab.clock.install();
    await open('passkey-alone/open');
    await tab.clock.runFor(239_000);
    expect(gallery.asked).toEqual([]);
    const response = tab.waitForResponse(`**${here}/passkey`);
    await tab.clock.runFor(2000);
    await (await response).finished();
    await bind();
    await press(alone);
    const { form } = await posted.promise;
    expect(form.get('ticket')).toBe('next');
    expect(clientDataOf(form)).toMatchObject({ challenge: next });
  });

  test('a browser without passkeys shows the password alone', async () => {
    await tab.addInitScript('delete globalThis.PublicKeyCredential');
    await open('passkey-alone/open');
    await tab.getByRole('button', { name: 'Show' }).waitFor();
    expect(await tab.getByRole('button', { name: alone }).count()).toBe(0);
    expect(await tab.getByText(unsupported).count()).toBe(0);
  });
});

describe('set-up', () => {
  test('the button creates a passkey and posts it', async () => {
    await open('enroll-passkey/open');
    await press(setUp.button);
    const { path, form } = await posted.promise;
    expect(path).toBe(`${here}/enroll/answer`);
    expect(readRegistration(form.get('credential') ?? '')).toMatchObject({ transports: ['internal'] });
    expect(clientDataOf(form)).toMatchObject({ type: 'webauthn.create', challenge });
  });

  test('a device that has one already is told', async () => {
    await bind();
    await open('enroll-passkey/open');
    await press(setUp.button);
    await tab.getByText(failures.known).waitFor();
    expect(await hasPosted()).toBe(false);
  });
});

describe('invited', () => {
  test('the invitation goes on by itself where the browser can create a passkey without a question', async () => {
    await canCreateSilently(true);
    await open('enroll-choose/passkey', 'localhost', 'commit');
    const { path, form } = await posted.promise;
    expect(`${path}?${form.toString()}`).toBe(`${here}/enroll?method=passkey`);
  });

  test.each([
    ['where the browser cannot', false, 'navigate'],
    ['after a reload or Back', true, 'reload'],
  ])('the invitation waits for the person %s', async (_, can, type) => {
    await canCreateSilently(can);
    await tab.addInitScript(
      `Object.defineProperty(PerformanceNavigationTiming.prototype, 'type', { value: '${type}' })`,
    );
    await open('enroll-choose/passkey');
    expect(await hasPosted()).toBe(false);
    await tab.getByRole('button', { name: 'Passkey' }).click();
    expect((await posted.promise).form.get('method')).toBe('passkey');
  });

  test('the passkey is tried without a question first, and a browser that wants one is not told as a failure', async () => {
    await canCreateSilently(true);
    await tab.addInitScript(`{
      const create = CredentialsContainer.prototype.create;
      globalThis.asked = [];
      CredentialsContainer.prototype.create = function (options) {
        globalThis.asked.push(options.mediation);
        if (options.mediation !== 'conditional') return create.call(this, options);
        return Promise.reject(new DOMException('no saved password was used', 'NotAllowedError'));
      };
    }`);
    await open('enroll-passkey/invited');
    await asked(1);
    expect(await hasPosted()).toBe(false);
    expect(await tab.getByRole('alert').count()).toBe(0);
    await press(setUp.button);
    await posted.promise;
    expect(await tab.evaluate('globalThis.asked.map(String)')).toEqual(['conditional', 'undefined']);
  });
});
