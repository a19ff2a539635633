/**
 * A38. An attacker who knows the password signs in again and again. The owner answers the first call with `0#`: this
 * was not me. At that moment the attacker's next password is being checked, against the account as it was before. The
 * phone must not ring again.
 * Guard: `src/mfa/challenge/running-messages.ts#reserveCall`, which keeps the place of the one call after a denial.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { createTestCarrier, postAnswered, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(stores)('A38 a password that is being checked on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  /** Runs after the account was read and before the password check answers. */
  let meanwhile: () => Promise<void>;
  beforeEach(async () => {
    meanwhile = async () => {};
    carrier = createTestCarrier();
    world = await startWorld({
      store,
      wrap: resources => ({
        ...carrier.wrap(resources),
        passwords: {
          ...resources.passwords,
          async verify(password, phc) {
            const isRight = await resources.passwords.verify(password, phc);
            await meanwhile();
            return isRight;
          },
        },
      }),
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const enter = async () => {
    const browser = world.browser();
    return enterPassword(browser, await browser.visit((await rp.begin()).url), world.people.grace);
  };
  const isEnded = (keys: readonly string[]) => async () => {
    meanwhile = async () => {};
    await postAnswered(world, carrier.last());
    for (const key of keys) await postKeys(world, carrier.last(), key);
  };

  test('A38 a password checked while a call is approved starts the next call', async () => {
    await enter();
    meanwhile = isEnded(['#']);
    await enter();
    expect(carrier.sent).toHaveLength(2);
  });

  test('A38 a password checked while a call is denied starts no call', async () => {
    await enter();
    meanwhile = isEnded(['0#']);
    const page = await enter();
    expect(await world.audited('challenge.denied')).toHaveLength(1);
    expect(carrier.sent).toHaveLength(1);
    expect(page.text).toContain('IDP-');
    expect((await world.audited('challenge.refused')).map(({ facts }) => facts['reason'])).toEqual(['paused']);
    expect(await world.audited('challenge.sent')).toHaveLength(1);
  });
});
