/**
 * C33. A browser must never approve a call. An attacker with the password also has a browser: if any address that a
 * browser can reach accepted `#`, the call would protect no account. So every route of a sign-in, of the provider and
 * of the carrier is tried. It is sent `#`, an empty answer, and the form of a callback without the carrier's signature.
 * Guards: the check of `answeredBy` in `src/mfa/challenge/challenges.ts#answer`;
 * `src/mfa/challenge/challenges.ts#redeemFacts`, for passed challenges only; the signature in
 * `adapters/twilio/signed-form.ts#createFormReader`.
 * Takes more than a second: some 150 requests on each store.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { linksOf } from '../../web/pages/links.ts';
import type { Answer, Ask, Browser } from '../support/browser/plain.ts';
import { createTestCarrier, postKeys, type TestCarrier, type SentCall } from '../support/carrier/test-carrier.ts';
import { openLimits } from '../support/counts/comparisons.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const form = (body: string): Ask => ({
  method: 'POST',
  body,
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'same-origin',
    origin: 'null',
  },
});
const asks: readonly (readonly [title: string, ask: Ask | ((call: SentCall, account: string) => Ask)])[] = [
  ['nothing', form('')],
  ['Digits=#', form('Digits=%23')],
  ['code=#', form('code=%23')],
  ['a bare #', form('%23')],
  ['code and Digits', form('code=%23&Digits=%23')],
  ['JSON', { ...form('{"Digits":"#","code":"#"}'), headers: { 'content-type': 'application/json' } }],
  ['GET', { method: 'GET' }],
  [
    'the callback of this very call, signed by nobody',
    ({ sid, message }, account) => {
      const fields = { AccountSid: account, CallSid: sid, To: message.to, CallStatus: 'in-progress', Digits: '#' };
      const callback = form(new URLSearchParams(fields).toString());
      return { ...callback, headers: { ...callback.headers, 'x-twilio-signature': 'c2lnbmVkIGJ5IG5vYm9keSE=' } };
    },
  ],
];
const links: readonly string[] = Object.values({ ...linksOf('UID') });
/** Routes that end the challenge by design. */
const isEnding = (route: string): boolean => /\/(?:cancel|restart)$/.test(route);

describe.each(stores)('C33 a browser on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ store, wrap: resources => carrier.wrap(openLimits(resources)) });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (): Promise<{ browser: Browser; request: Request; page: Answer; uid: string }> => {
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
    return { browser, request, page, uid: page.path.split('/')[2] ?? '' };
  };
  const phaseOf = async (uid: string) => (await world.services.challenges.current(`sign-in:${uid}`))?.phase;

  test('C33 a browser cannot approve a call by any request to any route', async () => {
    const legitimate = await begin();
    expect(await phaseOf(legitimate.uid)).toBe('pending');
    await postKeys(world, carrier.last(), '#');
    const done = await checkAgain(legitimate.browser, legitimate.page);
    expect(atClient(legitimate.browser, done).searchParams.get('code')).toBeTruthy();

    for (const [title, makes] of asks) {
      let signIn = await begin();
      const ask = typeof makes === 'function' ? makes(carrier.last(), world.settings.twilio?.accountSid ?? '') : makes;
      const { token } = carrier.last().message;
      const routes = [
        ...links.filter(to => !isEnding(to)),
        ...['answered', 'keys', 'keys?heard=', 'status'].map(each => `/callbacks/twilio/call/${token}/${each}`),
        '/auth',
        '/token',
        '/session/end',
        // Last, because they may end the sign-in.
        '/auth/UID',
        ...links.filter(isEnding),
      ];
      expect(routes.length).toBeGreaterThan(20);
      for (const route of routes) {
        const query = ask.method === 'GET' ? `${route.includes('?') ? '&' : '?'}Digits=%23&code=%23` : '';
        const headers = { ...ask.headers, ...(route.endsWith('/events') && { accept: 'application/json' }) };
        const at = `${title} to ${route}`;
        const answer = await signIn.browser.go(route.replace('UID', signIn.uid) + query, {
          ...ask,
          headers,
        });

        expect({ at, fails: answer.status >= 500 }).toEqual({ at, fails: false });
        const to = signIn.browser.next(answer);
        // A posted authorization request is answered by a redirect to our own address, with all its parameters.
        const isAnswer = to !== undefined && to.origin !== world.issuer.origin && to.searchParams.has('code');
        expect({ at, isAnswer }).toEqual({ at, isAnswer: false });
        const phase = await phaseOf(signIn.uid);
        const isEnded = isEnding(route) && phase === 'ended';
        expect({ at, phase: isEnded ? 'pending' : phase }).toEqual({ at, phase: 'pending' });
        if (isEnded) signIn = await begin();
      }
      // An account gets one call at a time, so this one is cancelled for the next route.
      await world.services.challenges.cancel(`sign-in:${signIn.uid}`);
    }

    expect(await world.audited('challenge.passed')).toHaveLength(1);
    expect(await world.audited('sign-in.finished')).toHaveLength(1);
    expect((await world.audited('callback.refused')).length).toBeGreaterThan(0);
  });
});
