/**
 * Tests over HTTP that a person sets up a passkey and uses it as a second step, what it proves to a client, and that a sign-in by it
 * costs at most sixty store operations.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { models, SoftwareAuthenticator, type RequestChanges } from '../support/authenticator/authenticator.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import { hashOf } from '../support/hash-of.ts';
import { newcomerAt, proposedName } from '../support/human/newcomer.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { givePasskey } from '../support/world/passkeys.ts';
import { startWorld, type World } from '../support/world/world.ts';

const password = 'oasis-comet-basil';
const operations = countOperations();

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({
    hostname: 'localhost',
    env: { SALLYPORT_FACTORS: 'passkey,totp', SALLYPORT_REQUIRED_METHODS: '1' },
    wrap: operations.wrap,
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

let count = 0;
/** A new account without a method. */
const newAccount = async () => {
  count += 1;
  const name = `person${count}`;
  const passwordHash = await hashOf(world.services, password);
  const added = await world.services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(added.reason);
  return { name, password, user: added.user };
};

/** What the script of the page hands to the browser. */
const optionsOn = ({ text }: Answer): unknown =>
  JSON.parse((/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
const requestOn = (page: Answer) => optionsOn(page) as PublicKeyCredentialRequestOptionsJSON;

const enter = async (at: RelyingParty, person: { readonly name: string; readonly password: string }) => {
  const browser = world.browser();
  const request = await at.begin();
  return { browser, request, page: await enterPassword(browser, await browser.visit(request.url), person) };
};

/** Makes a passkey on the page that asks for one. */
const make = async (browser: Browser, page: Answer, device: SoftwareAuthenticator, copy?: SoftwareAuthenticator) => {
  const [credential] = copy?.credentials ?? [];
  const options = optionsOn(page) as PublicKeyCredentialCreationOptionsJSON;
  const made = device.create(options, world.issuer.origin, credential && { credential });
  return browser.visit(formTo(page, /\/enroll\/answer$/).action, { form: { credential: JSON.stringify(made) } });
};

/** Uses a passkey on the page that asks for one. */
const use = async (browser: Browser, page: Answer, device: SoftwareAuthenticator, changes: RequestChanges = {}) => {
  const credential = JSON.stringify(device.get(requestOn(page), world.issuer.origin, changes));
  return browser.visit(formTo(page, /\/factor$/).action, { form: { credential } });
};

describe('a passkey', () => {
  test('is set up at a sign-in, is its second step at once, and that of the next one', async () => {
    const device = new SoftwareAuthenticator(models.phone);
    const person = await newAccount();
    const { browser, request, page } = await enter(rp, person);
    const hands = newcomerAt(browser, world.clock);
    const named = await make(browser, await hands.choose(page, 'passkey'), device);
    expect(proposedName(named)).toBe('Apple Passwords');
    const phr = { sub: person.user.id, acr: 'phr', amr: ['pwd', 'swk', 'user', 'mfa'] };
    expect((await request.redeem(atClient(browser, await hands.name(named)))).claims()).toMatchObject(phr);

    const next = await enter(rp, person);
    expect(requestOn(next.page)).toMatchObject({ rpId: 'localhost', userVerification: 'preferred' });
    const done = await use(next.browser, next.page, device);
    expect((await next.request.redeem(atClient(next.browser, done))).claims()).toMatchObject(phr);
  });

  test('that only notices a touch is mfa, and no step at a client that wants aal2: a stronger one is set up', async () => {
    const person = await newAccount();
    const { authenticator } = await givePasskey(world, person, new SoftwareAuthenticator(models.touchOnly));
    const plain = await enter(rp, person);
    const done = await use(plain.browser, plain.page, authenticator);
    const tokens = await plain.request.redeem(atClient(plain.browser, done));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa', amr: ['pwd', 'hwk', 'user', 'mfa'] });

    const strict = await openRelyingParty(world, await world.addClient({ id: 'strict', min_acr: 'aal2' }));
    const { browser, request, page } = await enter(strict, person);
    const choosing = await use(browser, page, authenticator);
    expect([heading(choosing), browser.next(choosing)]).toEqual(['A stronger method is needed', undefined]);
    const hands = newcomerAt(browser, world.clock);
    const making = await hands.choose(choosing, 'passkey');
    const touched = new SoftwareAuthenticator(models.securityKey).create(
      optionsOn(making) as PublicKeyCredentialCreationOptionsJSON,
      world.issuer.origin,
      { flags: { uv: false } },
    );
    const credential = JSON.stringify(touched);
    const refused = await browser.visit(formTo(making, /\/enroll\/answer$/).action, { form: { credential } });
    expect([refused.status, browser.next(refused)]).toEqual([422, undefined]);
    const named = await make(browser, making, new SoftwareAuthenticator(models.securityKey));
    expect(proposedName(named)).toBe('YubiKey 5');
    const finished = atClient(browser, await hands.name(named));
    expect((await request.redeem(finished)).claims()).toMatchObject({ acr: 'phr' });
  });

  test('checks PIN, finger or face where the client wants phr', async () => {
    const person = await newAccount();
    const { authenticator } = await givePasskey(world, person, new SoftwareAuthenticator(models.securityKey));
    const strict = await openRelyingParty(world, await world.addClient({ id: 'phishing-resistant', min_acr: 'phr' }));
    const { browser, request, page } = await enter(strict, person);
    expect(requestOn(page).userVerification).toBe('required');
    const refused = await use(browser, page, authenticator, { flags: { uv: false } });
    expect([refused.status, browser.next(refused)]).toEqual([422, undefined]);
    const done = await use(browser, refused, authenticator);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ acr: 'phr' });
  });

  test('that somebody has bound already is refused on a page, and another one is taken', async () => {
    const owner = await newAccount();
    const { authenticator } = await givePasskey(world, owner);
    const { browser, page, request } = await enter(rp, await newAccount());
    const hands = newcomerAt(browser, world.clock);
    const making = await hands.choose(page, 'passkey');
    const refused = await make(browser, making, new SoftwareAuthenticator(models.phone), authenticator);
    expect([refused.status, browser.next(refused)]).toEqual([422, undefined]);
    const named = await make(browser, refused, new SoftwareAuthenticator(models.phone));
    await request.redeem(atClient(browser, await hands.name(named)));
  });

  test('costs a sign-in at most sixty store operations', async () => {
    const person = await newAccount();
    const { authenticator } = await givePasskey(world, person);
    operations.done.length = 0;
    const { browser, request, page } = await enter(rp, person);
    await request.redeem(atClient(browser, await use(browser, page, authenticator)));
    process.stdout.write(`store operations of a sign-in by password and passkey: ${operations.done.length}\n`);
    expect(operations.done.length).toBeLessThanOrEqual(60);
  });
});
