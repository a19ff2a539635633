/** Tests over HTTP how a passkey alone signs a person in, and what each part of a sign-in makes of it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { uidOf } from '../support/browser/plain.ts';
import {
  answerTo,
  givePasskey,
  newOffer,
  usePasskey,
  withPasskeys,
  type OwnPasskey,
} from '../support/world/passkeys.ts';
import { atClient, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(stores)('on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let passkey: OwnPasskey;
  beforeAll(async () => {
    world = await startWorld({ ...withPasskeys, store, nodes: 2 });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    passkey = await givePasskey(world, world.people.noor);
  });
  afterAll(() => world.close());

  test('a passkey alone signs in without a user name: both steps, by one request', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    world.clock.advance(20_000);
    const done = await usePasskey(world, browser, page, passkey.authenticator);
    const tokens = await request.redeem(atClient(browser, done));
    expect(tokens.claims()).toMatchObject({
      sub: noor.user.id,
      acr: 'phr',
      amr: ['swk', 'user', 'mfa'],
      auth_time: Math.floor(world.clock() / 1000),
    });
    expect(await world.audited('challenge.begun')).toEqual([]);
    expect((await world.audited('passkey.accepted')).at(-1)).toMatchObject({
      subject: noor.user.id,
      outcome: 'success',
      facts: { factor: 'passkey', authenticator: passkey.id, acr: 'phr', client: 'contoso' },
    });
  });

  test('of twenty equal answers at once, on two nodes, one signs in', async () => {
    const browser = world.browser();
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    const form = answerTo(await newOffer(browser, page), passkey.authenticator, world.issuer.origin);
    const before = (await world.audited('passkey.accepted')).length;
    const to = `/interaction/${uidOf(page)}/passkey`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => browser.go(to, { form, node: at % 2 })),
    );
    const [through, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect((await world.audited('passkey.accepted')).length - before).toBe(1);
    expect(through && browser.next(through)).toBeDefined();
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });
});
