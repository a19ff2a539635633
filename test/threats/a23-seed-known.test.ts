/**
 * A23. An attacker gets the seed of a victim's app: because two enrollments share one, because the seed of an enrollment that was
 * left still counts, or because a page shows it again after it was confirmed. Each enrollment makes a seed of its own, which only
 * its challenge has; a seed that was not confirmed is bound nowhere; and the page of the challenge ends with it.
 * Guards: `src/mfa/factors/totp.ts#totp`, which makes a seed for each enrollment; `src/mfa/challenge/enrollments.ts#finish`,
 * which binds what was proven; `interactions/enrollment/enrolling.ts#placeOf`, which shows no challenge that is finished.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import { interactionRoutes } from '../../interactions/index.ts';
import { createStreams } from '../../src/http/event-streams.ts';
import { heading } from '../support/browser/plain.ts';
import { keyOn } from '../support/human/newcomer.ts';
import { atClient, enterCode } from '../support/world/relying-party.ts';
import { addAccount, atTheList, boundTo } from './support/newcomers.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ env: { SALLYPORT_FACTORS: 'totp,sms', SALLYPORT_REQUIRED_METHODS: '2' } });
});
afterAll(() => world.close());

const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(world.clock() / 1000) });

test('A23 a confirmed seed signs in, and each enrollment shows another one', async () => {
  const account = await addAccount(world, 'hana');
  const first = await atTheList(world, account);
  const seeds = [keyOn(await first.person.choose(first.page, 'totp'))];
  const second = await atTheList(world, account);
  const scan = await second.person.choose(second.page, 'totp');
  seeds.push(keyOn(scan));
  // Another method in between ends the first attempt.
  await second.person.choose(second.page, 'phone');
  expect(new Set(seeds).size).toBe(2);
  expect(seeds.every(seed => /^[A-Z2-7]{32}$/.test(seed))).toBe(true);

  const ready = await second.person.enterCode(scan, codeOf(seeds[1] ?? ''));
  const backup = await second.person.name(ready);
  const tokens = await second.request.redeem(atClient(second.browser, await second.person.skip(backup)));
  expect(tokens.claims()).toMatchObject({ sub: account.id, acr: 'aal2' });
  expect((await boundTo(world, account)).map(({ type }) => type)).toEqual(['totp']);
});

test('A23 the seed of an enrollment that was left never validates', async () => {
  const account = await addAccount(world, 'ivo');
  const left = await atTheList(world, account);
  const abandoned = keyOn(await left.person.choose(left.page, 'totp'));
  await left.browser.visit(`/interaction/${left.uid}/cancel`, { form: {} });
  expect(await boundTo(world, account)).toEqual([]);

  const next = await atTheList(world, account);
  const scan = await next.person.choose(next.page, 'totp');
  const refused = await next.person.enterCode(scan, codeOf(abandoned));
  expect([refused.status, await boundTo(world, account)]).toEqual([422, []]);
  const ready = await next.person.enterCode(scan, codeOf(keyOn(scan)));
  await next.person.name(ready);
  expect((await boundTo(world, account)).length).toBe(1);

  world.clock.advance(60_000);
  const later = await atTheList(world, account);
  expect(heading(later.page)).toBe('Enter the code from your app');
  expect((await enterCode(later.browser, later.page, codeOf(abandoned))).status).toBe(422);
  // The enrollment that was left cannot be answered either.
  const late = await left.browser.go(`/interaction/${left.uid}/enroll/answer`, { form: { code: codeOf(abandoned) } });
  expect(late.status).toBe(400);
  expect((await boundTo(world, account)).length).toBe(1);
});

test('A23 no address shows a seed once it is confirmed', async () => {
  const account = await addAccount(world, 'jun');
  const { person, page, uid, browser } = await atTheList(world, account);
  const scan = await person.choose(page, 'totp');
  const seed = keyOn(scan);
  expect(scan.text).toContain(seed.slice(0, 4));
  await person.name(await person.enterCode(scan, codeOf(seed)));
  const paths = interactionRoutes({} as never, createStreams())
    .stack.filter(({ methods }) => methods.includes('GET'))
    .map(each => String(each.path).replace(':uid', uid));
  expect(paths.length).toBeGreaterThan(6);
  expect(heading(await browser.visit(`/interaction/${uid}`))).toBe('Add a backup');
  for (const path of paths) {
    const shown = await browser.visit(path, { headers: { accept: 'text/html, application/json' } });
    expect([path, keyOn(shown), shown.text.replaceAll(/\s/g, '').includes(seed)]).toEqual([path, '', false]);
  }
  expect((await world.audited('authenticator.bound')).some(each => JSON.stringify(each).includes(seed))).toBe(false);
});
