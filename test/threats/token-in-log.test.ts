/**
 * A89. An unreadable callback is logged with its address. That address holds the token of its call, and the store keeps
 * only a hash of it. A reader of the log must learn neither a token nor the id of a sign-in.
 * Guards: `src/masking.ts#maskTokens`, called by `src/http/problems.ts#answerProblems`.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { formTo } from '../support/browser/plain.ts';
import { post } from '../support/carrier/wire.ts';
import { enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { createTestCarrier, postAnswered, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let carrier: TestCarrier;
beforeEach(async () => {
  carrier = createTestCarrier();
  world = await startWorld({ wrap: carrier.wrap });
});
afterEach(() => world.close());

test('A89 an unreadable request is logged without the token of a call or the id of a sign-in', async () => {
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const browser = world.browser();
  const request = await rp.begin();
  const first = await browser.visit(request.url);
  const { action } = formTo(first, /\/password$/);
  await enterPassword(browser, first, world.people.grace);
  const { token } = carrier.last().message;
  expect((await postAnswered(world, carrier.last())).text).toContain(token);

  await post(world, { path: `/callbacks/twilio/call/${token}/keys`, body: 'a'.repeat(70_000) });
  await browser.go(action, { form: { name: 'a', twice: 'b' } });

  const refused = world.logged.filter(({ event }) => event === 'request.refused');
  expect(refused.map(({ fields }) => fields)).toMatchObject([
    { path: '/callbacks/twilio/call/…/keys', problem: 'too-large' },
    { path: '/interaction/…/password', problem: 'bad-request' },
  ]);
  expect(JSON.stringify(world.logged)).not.toContain(token);
});
