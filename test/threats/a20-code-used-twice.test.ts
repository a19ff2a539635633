/**
 * A20. An attacker reads a code over a shoulder or through a phishing page. A few seconds later they type it in a
 * sign-in of their own. The code stays right for half a minute. It must pass once. The second use is refused and
 * counted as a failed attempt. The owner is told, because two people know the code (RFC 6238 §5.2).
 * Guards: `src/mfa/factors/totp.ts#totp`, which accepts only a step after the last one;
 * `src/mfa/authenticator-data.ts#burning`, which stores that step before the answer is sent.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { failedAttemptsKind } from '../../src/records.ts';
import { codeAt, totpPeriod } from '../support/codes.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeEach(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterEach(() => world.close());

/** A sign-in of Noor in a browser of its own, up to the page that asks for the code. */
const begin = async () => {
  const browser = world.browser();
  const request = await rp.begin();
  return { browser, request, page: await enterPassword(browser, await browser.visit(request.url), world.people.noor) };
};
const lastStep = async (): Promise<unknown> => {
  const user = await world.services.users.get(world.people.noor.user.id);
  return (user && (await world.services.authenticators.of(user)))?.[0]?.data;
};

test('A20 a code that signed in is refused within the same 30 s, and its owner is notified', async () => {
  const { noor } = world.people;
  const code = codeAt(noor, world.clock());

  const owner = await begin();
  const done = await enterCode(owner.browser, owner.page, code);
  const tokens = await owner.request.redeem(atClient(owner.browser, done));
  expect(tokens.claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
  const burnt = await lastStep();
  expect(burnt).toMatchObject({ lastStep: Math.floor(world.clock() / totpPeriod) });

  const thief = await begin();
  const refused = await enterCode(thief.browser, thief.page, code);

  expect(refused.status).toBe(422);
  expect(thief.browser.next(refused)).toBeUndefined();
  expect((await thief.browser.visit(refused.path.replace('/factor', ''))).status).toBe(200);
  expect(await lastStep()).toEqual(burnt);
  expect(await world.store.durable.collection(failedAttemptsKind).get(`${noor.user.id}:totp`)).toMatchObject({
    count: 1,
  });
  expect(await world.audited('challenge.passed')).toHaveLength(1);
  expect(await world.audited('sign-in.finished')).toHaveLength(1);
  expect(await world.audited('factor.reused')).toMatchObject([{ subject: noor.user.id, outcome: 'refused' }]);
  expect(await world.audited('notice.sent')).toMatchObject([
    { subject: noor.user.id, facts: { notice: 'code-reused', factor: 'totp' } },
  ]);
  expect(world.logged.filter(({ event }) => event === 'notice.sent')).toHaveLength(1);
});

test('A20 the next code of the same app signs in after a replay', async () => {
  const { noor } = world.people;
  const [first, second] = [await begin(), await begin()];
  const code = codeAt(noor, world.clock());
  expect(first.browser.next(await enterCode(first.browser, first.page, code))?.host).toBe('contoso.test');
  expect((await enterCode(second.browser, second.page, code)).status).toBe(422);

  world.clock.advance(totpPeriod);
  const done = await enterCode(second.browser, second.page, codeAt(noor, world.clock()));

  const tokens = await second.request.redeem(atClient(second.browser, done));
  expect(tokens.claims()).toMatchObject({ sub: noor.user.id });
});

test('A20 the code that bound an app cannot be used for the first sign-in', async () => {
  const { noor } = world.people;
  const { challenges, enrollments } = world.services;
  const moment = {
    reference: '7K3MQ2XA',
    client: 'Contoso Office',
    language: 'en',
    origin: world.issuer.origin,
    address: '127.0.0.1',
    person: { id: noor.user.id, name: noor.name },
  };
  const { view } = await enrollments.begin({ userId: noor.user.id, factor: 'totp' }, 'enrol', moment);
  const uri = view.prompt.kind === 'scan' ? view.prompt.uri : '';
  const bound = { ...noor, totpSecret: new URL(uri).searchParams.get('secret') ?? '' };
  const code = codeAt(bound, world.clock());
  expect(await challenges.answer('enrol', code)).toMatchObject({ ok: true });
  expect(await enrollments.finish('enrol', 'cli')).toBeDefined();

  const { browser, page } = await begin();
  expect((await enterCode(browser, page, code)).status).toBe(422);

  expect(await world.audited('factor.reused')).toHaveLength(1);
  world.clock.advance(totpPeriod);
  expect(browser.next(await enterCode(browser, page, codeAt(bound, world.clock())))?.host).toBe('contoso.test');
});
