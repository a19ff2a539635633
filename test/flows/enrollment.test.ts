/** Tests over HTTP that a person with a password and nothing else sets up their methods in their first sign-in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { newcomerAt, proposedName, type Newcomer } from '../support/human/newcomer.ts';
import { glance } from '../support/human/person.ts';
import { person as atPhone } from '../../simulator/person.ts';
import {
  atClient,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const mobile = '+12025550171';
const home = '+12025550172';
const password = 'oasis-comet-basil';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_REQUIRED_METHODS: '2', SALLYPORT_ENROLL_GRACE: '0s', SALLYPORT_FACTORS: 'totp,sms,spoken,call' },
    phones: [
      { name: 'mobile', number: mobile },
      { name: 'home', number: home },
    ],
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

let count = 0;
interface Stage {
  readonly id: string;
  readonly browser: Browser;
  readonly person: Newcomer;
  readonly request: Request;
  readonly page: Answer;
}
/** A new account that has typed its password. */
const begin = async (): Promise<Stage> => {
  count += 1;
  const name = `newcomer${count}`;
  const added = await world.services.users.add(
    { name, displayName: name, passwordHash: await hashOf(world.services, password) },
    'system',
  );
  if (!added.ok) throw new Error(added.reason);
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), { name, password });
  return { id: added.user.id, browser, person: newcomerAt(browser, world.clock), request, page };
};
const boundTo = async (id: string) => {
  const user = await world.services.users.get(id);
  return user === undefined ? [] : world.services.authenticators.of(user);
};

describe('a new person', () => {
  test('sets up an app and a phone that is no mobile, names them, and is signed in', async () => {
    const { id, browser, person, request, page } = await begin();
    expect(heading(page)).toBe('More information required');
    const scan = await person.choose(page, 'totp');
    expect(heading(scan)).toBe('Set up your app');
    const ready = await person.enterCode(scan, await person.scanned(scan));
    expect(heading(ready)).toBe('Your app is ready');
    const backup = await person.name(ready, 'Work app');
    expect(heading(backup)).toBe('Add a backup');
    const form = await person.choose(backup, 'phone');
    const asked = await person.enterPhone(form, {
      country: 'US',
      number: '(202) 555-0172',
      kind: 'alternate',
      by: 'sms',
    });
    const { code } = await glance(atPhone(world.simulator, home));
    const named = await person.enterCode(asked, code);
    expect(heading(named)).toBe('Your phone is ready');
    const tokens = await request.redeem(atClient(browser, await person.name(named)));
    expect(tokens.claims()).toMatchObject({ sub: id, acr: 'aal2' });
    expect((await boundTo(id)).map(({ type, label, data }) => [type, label, type === 'phone' ? data : ''])).toEqual([
      ['totp', 'Work app', ''],
      ['phone', 'alternate', { number: home, kind: 'alternate' }],
    ]);
  });

  test('proves a phone by a call, and the same answer is the second step of this sign-in', async () => {
    const { id, person, page, browser } = await begin();
    const form = await person.choose(page, 'phone');
    const calling = await person.enterPhone(form, { number: '+1 202 555 0171', by: 'call' });
    expect(heading(calling)).toBe('We’re calling +1 ••• 71');
    await pickUp({ phone: atPhone(world.simulator, mobile) }, '#');
    const ready = await person.checkAgain(calling);
    expect([heading(ready), proposedName(ready)]).toEqual(['Your phone is ready', 'Mobile']);
    const backup = await person.name(ready);
    expect(heading(backup)).toBe('Add a backup');
    // An app would be lost with the mobile phone.
    expect(backup.text).not.toContain('value="totp"');
    expect((await browser.visit(`/interaction/${uidOf(backup)}`)).text).toContain('Add a backup');
    expect((await boundTo(id)).map(({ label }) => label)).toEqual(['mobile']);
  });
});
