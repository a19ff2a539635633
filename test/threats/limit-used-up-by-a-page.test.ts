/**
 * CWE 352. A page of another site, or of a neighbouring host, loads the authorization endpoint as its images, frames and
 * prefetched links. Each visitor sends the requests from their own address. Counted with the sign-ins of people, they would
 * refuse everybody who has not signed in before at that address, and on a neighbouring host also known browsers.
 * Guard: `interactions/begin.ts#countedAs`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const most = 5;
let world: World;
let rp: RelyingParty;
beforeEach(async () => {
  world = await startWorld({
    env: {
      SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: `${most}`,
      SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: `${most}`,
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterEach(() => world.close());

/** Headers of a browser that follows a link. */
const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
const embedded: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['images', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['scripts', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  ['requests of scripts', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' }],
  ['frames', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ['prefetched links', { ...link, 'sec-purpose': 'prefetch;anonymous-client-ip' }],
];
const begin = async (browser = world.browser(), headers: Readonly<Record<string, string>> = link): Promise<number> =>
  (await browser.go((await rp.begin()).url, { headers })).status;

describe('CWE 352 a page that loads the authorization endpoint', () => {
  test('CWE 352 links to it count towards the limit of the address', async () => {
    for (let each = 0; each < most; each += 1) expect(await begin()).toBe(303);
    expect(await begin()).toBe(429);
  });

  test.each(embedded)('CWE 352 as %s stops nobody at the address of its visitors', async (_, headers) => {
    const visitor = world.browser();
    for (let each = 0; each < most; each += 1) expect(await begin(visitor, headers)).toBe(303);
    expect(await begin(visitor, headers)).toBe(429);
    const person = world.browser();
    expect(await begin(person)).toBe(303);
    await signIn(rp, person, world.people.linus);
  });

  test.each(embedded)('CWE 352 as %s on a neighbouring host stops no known browser', async (_, headers) => {
    const known = world.browser();
    await signIn(rp, known, world.people.linus);
    world.clock.advance(60_000);
    for (let each = 0; each < most; each += 1) expect(await begin(known, headers)).toBe(303);
    expect(await begin(known, headers)).toBe(429);
    expect(await begin(known)).toBe(303);
  });
});
