/**
 * A28. An attacker who knows a password wants the code on a phone of their own. They begin the second step by a form
 * with `phone`, `to`, `email` or `factorId`, or with a method of another account. Only enrolled destinations are called
 * or texted. An unknown field is refused or ignored, and a method of another account does not exist for this one.
 *
 * Guards: `interactions/start-challenge.ts#optionFields` and `src/http/body.ts#parseForm`;
 * `src/mfa/factor.ts#candidatesFor` over the person's own list, called by
 * `src/mfa/challenge/ceremonies.ts#begin`.
 * Takes more than a second: whole sign-ins over HTTP, with calls and texts of the simulator.
 */
import { withChannels } from '../support/carrier/wrap.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Resources } from '../../server/services.ts';
import { destinationOf, type Message } from '../../src/ports/carriers.ts';
import { formTo, uidOf } from '../support/browser/plain.ts';
import { glance } from '../support/human/person.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const attacker = '+12025550177';
const sent: Message[] = [];
const listen = (resources: Resources): Resources =>
  withChannels(resources, channel => ({
    ...channel,
    send: async (message, signal) => {
      sent.push(message);
      return channel.send(message, signal);
    },
  }));

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({ wrap: listen, env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  sent.length = 0;
});

const methodOf = (factor: string, whose: 'ada' | 'grace'): string =>
  `${factor}:${world.people[whose].user.authenticators[0] ?? ''}`;
const begin = async () => {
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
  const form = (name: string, fields: Readonly<Record<string, string>>) =>
    browser.visit(`/interaction/${uidOf(page)}/${name}`, { form: fields });
  return { browser, request, form };
};
const reached = (): readonly string[] => [...new Set(sent.flatMap(message => destinationOf(message)?.to ?? []))];

test('A28 the enrolled number gets the text, and its code signs in', async () => {
  const { browser, request, form } = await begin();
  const page = await form('options', { method: methodOf('sms', 'ada') });
  const { code } = await glance(world.people.ada.phone);
  expect(formTo(page, /\/factor$/)).toBeDefined();
  const tokens = await request.redeem(atClient(browser, await enterCode(browser, page, code)));
  expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'sms', 'mfa'] });
  expect(reached()).toEqual([world.people.ada.number]);
});

const extras: readonly Readonly<Record<string, string>>[] = [
  { phone: attacker },
  { to: attacker },
  { number: attacker },
  { email: 'eve@example.com' },
  { factorId: 'of somebody else' },
  { chosen: 'of somebody else' },
  { sentTo: attacker },
  { 'method[to]': attacker },
];
const forms = ['options', 'again', 'resend'] as const;

test.each(forms.flatMap(name => extras.map(extra => [name, extra] as const)))(
  'A28 POST %s with %j sends to the enrolled number only',
  async (name, extra) => {
    const { form } = await begin();
    if (name === 'resend') {
      await form('options', { method: methodOf('sms', 'ada') });
      world.clock.advance(30_000);
    }
    const before = sent.length;
    const answer = await form(name, name === 'options' ? { method: methodOf('sms', 'ada'), ...extra } : extra);
    expect(answer.status).toBeLessThan(500);
    expect(sent.length - before).toBeLessThanOrEqual(1);
    expect(reached()).toEqual([world.people.ada.number]);
    expect(JSON.stringify(sent)).not.toContain(attacker.slice(-7));
  },
);

test.each(['call', 'sms', 'spoken'])('A28 the phone of another account is refused for %s', async factor => {
  const { form } = await begin();
  const before = sent.length;
  const answer = await form('options', { method: methodOf(factor, 'grace') });
  expect([answer.status < 500, sent.length - before]).toEqual([true, 0]);
  expect(reached()).toEqual([world.people.ada.number]);
  expect((await world.people.grace.phone.phone()).calls).toEqual([]);
  expect(await world.people.grace.phone.messages()).toEqual([]);
});

test.each(['call', 'sms', 'spoken'])(
  'A28 without any page, the phone of another account is refused for %s',
  async factor => {
    const { ada, grace } = world.people;
    const asked = { userId: ada.user.id, factor, chosen: grace.user.authenticators[0] ?? '' };
    const moment = {
      reference: 'AB12CD34',
      client: 'Contoso',
      language: 'en',
      origin: world.issuer.origin,
      address: '127.0.0.1',
      person: { id: ada.user.id, name: ada.name },
    };
    await expect(world.services.challenges.begin(asked, 'uid', moment)).rejects.toMatchObject({ code: 'bad-request' });
    expect(sent).toEqual([]);
  },
);
