/** Pages of a passkey: what they offer with script, without script, and after a failure. */
import { describe, expect, test } from '@jest/globals';
import { languages, wording } from '../../src/locales/wording.ts';
import type { PasskeyCreationOptions, PasskeyRequestOptions } from '../../src/passkey-options.ts';
import { enrollPasskeyPage, passkeyPage, passwordPage } from '../../web/pages/index.ts';
import type { EnrollPasskeyPage } from '../../web/pages/enroll-props.ts';
import { enrollLinksOf, linksOf } from '../../web/pages/links.ts';
import type { PasskeyPage, StepFrame } from '../../web/pages/step-props.ts';
import type { PasswordPage } from '../../web/pages/password-props.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const step: StepFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada', options: true };
const request: PasskeyRequestOptions = {
  challenge: 'Y2hhbGxlbmdl"<&',
  rpId: 'login.example',
  timeout: 300_000,
  userVerification: 'required',
  allowCredentials: [],
};
const creation: PasskeyCreationOptions = {
  challenge: request.challenge,
  rp: { id: 'login.example', name: 'login.example' },
  user: { id: 'YWRh', name: 'ada', displayName: 'ada' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 300_000,
  attestation: 'none',
  authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
  excludeCredentials: [],
};
const lasts = 14 * 86_400_000;

const asked = (more: Partial<PasskeyPage> = {}): string =>
  passkeyPage({ ...step, request, asksAtOnce: true, state: { kind: 'open' }, ...more }, words).text;
const setUp = (more: Partial<EnrollPasskeyPage> = {}): string =>
  enrollPasskeyPage({ ...step, options: creation, state: { kind: 'open' }, ...more }, words).text;
const offer = { options: request, ticket: 'T' };
const signIn = (more: Partial<PasswordPage> = {}): string =>
  passwordPage({ ...step, forgottenAt: '/password/forgotten', passkey: offer, ...more }, words).text;

/** The form of the passkey, from its tag to its end. */
const formOf = (page: string): string => /<form[^>]*data-passkey.*?<\/form>/su.exec(page)?.[0] ?? '';
const tagOf = (page: string): string => /^<form[^>]*>/u.exec(formOf(page))?.[0] ?? '';
const asksAtOnce = (page: string): boolean => tagOf(page).includes('data-at-once');
/** The place where a failure is told. */
const alertOf = (page: string): string => /<p class="wrong"[^>]*>.*?<\/p>/su.exec(formOf(page))?.[0] ?? '';
/** The options that the script reads. */
const read = (page: string): unknown =>
  JSON.parse(
    (/data-passkey="([^"]*)"/u.exec(page)?.[1] ?? '').replaceAll(/&(quot|lt|amp);/gu, (_, name: string) =>
      name === 'quot' ? '"' : name === 'lt' ? '<' : '&',
    ),
  );

describe.each([
  ['second step', asked(), linksOf(uid).factor, request],
  ['set-up', setUp(), enrollLinksOf(uid).answer, creation],
  ['sign-in', signIn(), linksOf(uid).passkey, request],
])('the form of the %s', (_, page, action, options) => {
  test('posts the answer, is hidden until its script shows it, and holds the options as they are', () => {
    expect(tagOf(page)).toContain(`method="post" action="${action}"`);
    expect(tagOf(page)).toMatch(/ hidden>$/u);
    expect(formOf(page)).toContain('<input type="hidden" name="credential" value="">');
    expect(read(page)).toEqual(options);
  });
});

test('without script the pages of a passkey name the other ways, and have them', () => {
  expect(asked()).toContain(`<noscript><p class="block">${words.passkeys.noScript}</p></noscript>`);
  expect(asked()).toContain(`href="${linksOf(uid).options}"`);
  expect(asked({ options: false })).toContain(`href="${linksOf(uid).helpNothingLeft}"`);
  expect(setUp()).toContain(`<noscript><p class="block">${words.passkeys.setUp.noScript}</p></noscript>`);
  expect(setUp()).toContain(`href="${enrollLinksOf(uid).choose}"`);
  // There the password is the other way.
  expect(signIn()).not.toContain('<noscript>');
});

test('the browser asks at once only on the first page of a second step, and never before a box could be ticked', () => {
  expect(asksAtOnce(asked())).toBe(true);
  expect(asksAtOnce(asked({ asksAtOnce: false }))).toBe(false);
  expect(asksAtOnce(asked({ remember: { lasts } }))).toBe(false);
  expect(formOf(asked({ remember: { lasts } }))).toContain('name="remember"');
  expect(asksAtOnce(asked({ state: { kind: 'wrong', attemptsLeft: 2 } }))).toBe(false);
  expect([setUp(), signIn()].map(asksAtOnce)).toEqual([false, false]);
  // An invitation is tried without a question.
  expect(asksAtOnce(setUp({ isInvited: true }))).toBe(true);
});

describe('a refused answer is told beside the button', () => {
  const wrong = { kind: 'wrong', attemptsLeft: 2 } as const;
  const { step: asking, setUp: creating } = words.passkeys;
  test.each([
    ['a second step', asked({ state: wrong }), asking.wrong, 'IDP-2901'],
    ['a copied passkey', asked({ state: { ...wrong, because: 'copied' } }), asking.copied, 'IDP-2901'],
    ['no answer', asked({ state: { kind: 'malformed' } }), asking.malformed, 'IDP-2900'],
    ['a new passkey', setUp({ state: wrong }), creating.wrong, 'IDP-2901'],
    ['one that is bound', setUp({ state: { ...wrong, because: 'bound' } }), creating.bound, 'IDP-2305'],
    ['one that is not allowed', setUp({ state: { ...wrong, because: 'policy' } }), creating.policy, 'IDP-2306'],
    ['one alone', signIn({ state: { kind: 'passkey-refused' } }), words.pages.password['passkey-refused'], 'IDP-1104'],
    ['a late one', signIn({ state: { kind: 'passkey-late' } }), words.pages.password['passkey-late'], 'IDP-1107'],
  ])('of %s', (_, page, sentence, label) => {
    expect(alertOf(page)).toContain(`<span>${sentence}</span>`);
    expect(alertOf(page)).not.toMatch(/^<p[^>]* hidden/u);
    expect(formOf(page)).toContain('aria-describedby="passkey-problem"');
    expect(page).toContain(`${label} `);
    expect(page).toContain('<title>Error: ');
  });

  test('nothing is told where nothing was refused, and a wrong password is told at the password', () => {
    for (const page of [asked(), setUp(), signIn(), signIn({ state: { kind: 'refused' } })])
      expect(alertOf(page)).toMatch(/^<p[^>]* hidden=""/u);
  });

  test('a wait is counted down, and holds the button of the passkey but not that of the password', () => {
    const page = signIn({ state: { kind: 'passkey-wait', until: now + 30_000 } });
    expect(formOf(page)).toMatch(/id="wait" role="alert" data-wait="30000"/u);
    expect(page.match(/data-after="wait"/gu)).toHaveLength(1);
    expect(formOf(page)).toContain('data-after="wait"');
  });
});

test('an invited person may put the passkey off on every page of it, and others choose another method', () => {
  const { skip, choose } = enrollLinksOf(uid);
  const states = [{ kind: 'open' }, { kind: 'wrong', attemptsLeft: 2 }, { kind: 'ended', reason: 'expired' }] as const;
  for (const state of states) {
    expect(setUp({ state, isInvited: true })).toContain(`<form method="post" action="${skip}">`);
    expect(setUp({ state })).not.toContain(skip);
    expect(setUp({ state })).toContain(`<a class="link" href="${choose}">`);
  }
});

test('the field of the name takes passkeys only where they are in use', () => {
  expect(signIn()).toContain('autocomplete="username webauthn"');
  const { passkey: _, ...bare } = { ...step, forgottenAt: '/password/forgotten', passkey: offer };
  const without = passwordPage(bare, words).text;
  expect(without).toContain('autocomplete="username"');
  expect(without).not.toMatch(/passkey/iu);
});

test.each(languages)('in %s one sentence says what a passkey is, and pages say what to do where it fails', language => {
  const own = wording(language);
  expect(own.passkeys.what.split('.')).toHaveLength(2);
  expect(enrollPasskeyPage({ ...step, options: creation, state: { kind: 'open' } }, own).text).toContain(
    own.passkeys.what,
  );
  const page = passkeyPage({ ...step, request, asksAtOnce: true, state: { kind: 'open' } }, own).text;
  expect(own.passkeys.trouble.steps).toHaveLength(3);
  for (const sentence of own.passkeys.trouble.steps) expect(page).toContain(`<li>${sentence}</li>`);
});
