/** Tests over HTTP what each rule of a sign-in makes of a passkey alone: tickets, names, limits, accounts, levels and notices. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/crypto.ts';
import { Problem } from '../../src/errors.ts';
import { isAccepted } from '../../src/mfa/passkeys/policy.ts';
import { key } from '../../src/ports/stores.ts';
import { authenticatorKind, userKind, type User } from '../../src/records.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import { addDeviceClient, answer as answerDevice, askForCodes, poll, typeCode } from '../support/world/device.ts';
import {
  answerTo,
  givePasskey,
  newOffer,
  usePasskey,
  withPasskeys,
  type OwnPasskey,
} from '../support/world/passkeys.ts';
import {
  atClient,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { withHook } from '../support/world/failing-store.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const operations = countOperations();
/** Awaited before each call of the store. */
let beforeCall: (call: string) => Promise<void> = async () => {};
let world: World;
let rp: RelyingParty;
let noor: TestPerson;
let passkey: OwnPasskey;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({
    ...withPasskeys,
    wrap(resources) {
      const counted = operations.wrap(resources);
      return { ...counted, ...withHook(counted, async call => beforeCall(call)) };
    },
  });
  ({ noor } = world.people);
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  passkey = await givePasskey(world, noor);
});
afterAll(() => world.close());
beforeEach(async () => {
  beforeCall = async () => {};
  await world.nextDay();
  browser = world.browser();
});

const refused = 'This passkey did not work here. Try again, or use your password.';
const ofAnother =
  'This passkey belongs to another account than the name you typed. Empty the name field to use it, or choose another passkey.';
const late = 'That took too long. Please try the passkey again.';
const unknown = 'This passkey no longer belongs to an account here. Choose another one, or use your password.';

/** Status, and the sentence about the passkey. */
const told = ({ status, text }: Answer): readonly [number, string] => [
  status,
  (/id="passkey-problem"[^>]*>[^]*?<span>([^<]*)</.exec(text)?.[1] ?? '').trim(),
];
/** What the page lets the browser tell its password manager. */
const signalsOn = ({ text }: Answer): unknown => {
  const signals = /data-passkey-signals="([^"]*)"/.exec(text)?.[1];
  return signals === undefined ? undefined : (JSON.parse(signals.replaceAll('&quot;', '"')) as unknown);
};
const open = async (wish: Readonly<Record<string, string>> = {}, at = browser): Promise<Answer> =>
  at.visit((await rp.begin(wish)).url);
const post = async (page: Answer, form: Readonly<Record<string, string>>, at = browser): Promise<Answer> =>
  at.visit(`/interaction/${uidOf(page)}/passkey`, { form });
/** The claims after a whole sign-in. */
const claimsBy = async (
  authenticator = passkey.authenticator,
  {
    wish = { prompt: 'login' },
    at = browser,
  }: { readonly wish?: Readonly<Record<string, string>>; readonly at?: Browser } = {},
) => {
  const request = await rp.begin(wish);
  const done = await usePasskey(world, at, await at.visit(request.url), authenticator);
  return (await request.redeem(atClient(at, done))).claims();
};
const stored = async ({ user }: Pick<TestPerson, 'user'>): Promise<User> => {
  const found = await world.services.users.get(user.id);
  if (found === undefined) throw new Error('the account is gone');
  return found;
};
const change = async (person: Pick<TestPerson, 'user'>, members: Partial<User>): Promise<void> => {
  await world.store.durable.collection(userKind).replace({ ...(await stored(person)), ...members });
};
const reasons = async (): Promise<readonly unknown[]> =>
  (await world.audited('passkey.refused')).map(({ facts }) => facts['reason']);

/** Runs once, right before the counter of the passkey is stored. */
const beforeUse = (happens: () => Promise<unknown>): void => {
  beforeCall = async call => {
    if (call !== 'replace authenticators') return;
    beforeCall = async () => {};
    await happens();
  };
};
/** Noor proves a passkey in a browser that is signed in as Linus: the sign-in waits at the question whether to switch. */
const waiting = async (own: OwnPasskey): Promise<Answer> => {
  await signIn(rp, browser, world.people.linus);
  const page = await usePasskey(world, browser, await open({ prompt: 'login' }), own.authenticator);
  expect(heading(page)).toBe('Continue as noor?');
  return page;
};
const confirm = async (page: Answer): Promise<Answer> => browser.visit(formTo(page, /\/switch$/).action, { form: {} });

describe('the ticket of a challenge', () => {
  test('is made by a page and by a GET for JSON, which store nothing', async () => {
    const page = await open();
    operations.done.length = 0;
    const again = await browser.visit(page.path);
    const offer = await newOffer(browser, page);
    expect(operations.done.filter(each => !/^(?:get|getMany|find|counts) /.test(each))).toEqual([]);
    expect(offer.options).toEqual({
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      rpId: 'localhost',
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: [],
    });
    expect(formTo(again, /\/passkey$/).hidden['ticket']).not.toBe(formTo(page, /\/passkey$/).hidden['ticket']);
  });

  test('signs in from the page itself', async () => {
    const page = await open();
    const { hidden } = formTo(page, /\/passkey$/);
    const options = JSON.parse(
      (/data-passkey="([^"]*)"/.exec(page.text)?.[1] ?? '').replaceAll('&quot;', '"'),
    ) as Parameters<SoftwareAuthenticator['get']>[0];
    const credential = JSON.stringify(passkey.authenticator.get(options, world.issuer.origin));
    expect(browser.next(await post(page, { ...hidden, credential }))?.origin).toBe('https://contoso.test');
  });

  test('takes one answer, right or wrong', async () => {
    const page = await open();
    const offer = await newOffer(browser, page);
    const wrong = answerTo(offer, passkey.authenticator, 'http://evil.test');
    const right = answerTo(offer, passkey.authenticator, world.issuer.origin);
    expect(told(await post(page, wrong))).toEqual([422, refused]);
    expect(told(await post(page, right))).toEqual([422, refused]);
    expect(await reasons()).toEqual(expect.arrayContaining(['reused', 'wrong']));
  });

  test('is good for five minutes', async () => {
    const [page, other] = [await open(), await open()];
    const [form, slow] = [await newOffer(browser, page), await newOffer(browser, other)].map(offer =>
      answerTo(offer, passkey.authenticator, world.issuer.origin),
    );
    world.clock.advance(300_000);
    expect(told(await post(other, slow ?? {}))).toEqual([422, late]);
    world.clock.advance(-1);
    expect(browser.next(await post(page, form ?? {}))?.origin).toBe('https://contoso.test');
  });

  test('is good in its sign-in and its browser only', async () => {
    const [page, other] = [await open(), await open()];
    const answerOf = async () => answerTo(await newOffer(browser, page), passkey.authenticator, world.issuer.origin);
    expect(told(await post(other, await answerOf()))).toEqual([422, refused]);
    const thief = world.browser();
    const theirs = await open({}, thief);
    expect(told(await post(theirs, await answerOf(), thief))).toEqual([422, refused]);
    expect(told(await post(page, { ...(await answerOf()), ticket: `${(await answerOf()).ticket}A` }))).toEqual([
      422,
      refused,
    ]);
    expect(browser.next(await post(page, await answerOf()))?.origin).toBe('https://contoso.test');
  });
});

test('an accepted answer is refused again after the short-lived store has lost its keys', async () => {
  const { passkeySignIn } = world.services;
  if (passkeySignIn === undefined) throw new Error('passkeys are not in use');
  const browserInteraction = { interaction: 'one', browser: 'this-browser' };
  const offer = passkeySignIn.offer(browserInteraction);
  const given = { ...answerTo(offer, passkey.authenticator, world.issuer.origin), name: '' };
  const from = { browserInteraction, reference: '7K3MQ2XA', client: 'contoso', app: 'Contoso Office' };
  expect(await passkeySignIn.verify(given, from)).toMatchObject({ ok: true, user: { id: noor.user.id } });
  const used = key<boolean>('passkey-tickets', sha256(offer.options.challenge));
  expect(await world.store.shortLived.ephemeral.getAndDelete(used)).toBe(true);
  expect(await passkeySignIn.verify(given, from)).toEqual({ ok: false, reason: 'refused' });
  expect(await reasons()).toContain('repeated');
});

describe('the name that was typed', () => {
  test.each(['noor', ' NOOR ', 'noor@example.com', ''])('may be that of the account (%j)', async name => {
    const done = await usePasskey(world, browser, await open(), passkey.authenticator, { name });
    expect(browser.next(done)?.origin).toBe('https://contoso.test');
  });

  test('refuses a passkey of another account, in the same words for a name without an account', async () => {
    const page = await open();
    const answers = [];
    for (const name of ['grace', 'qghox']) {
      const given = await usePasskey(world, browser, page, passkey.authenticator, { name });
      expect(told(given)).toEqual([422, ofAnother]);
      const mask = /value="[^"]*"|data-passkey="[^"]*"|[0-9A-HJKMNP-TV-Z]{4}-?[0-9A-HJKMNP-TV-Z]{4}|grace|qghox/g;
      answers.push(given.text.replaceAll(mask, ''));
    }
    expect(answers[0]).toBe(answers[1]);
    expect((await world.audited('passkey.refused')).at(-1)).toMatchObject({
      subject: noor.user.id,
      facts: { reason: 'other-account', authenticator: passkey.id },
    });
    expect(browser.next(await usePasskey(world, browser, page, passkey.authenticator))?.origin).toBe(
      'https://contoso.test',
    );
  });

  test('of two accounts in one authenticator, the chosen passkey decides', async () => {
    const { ada } = world.people;
    const both = new SoftwareAuthenticator(models.phone);
    await givePasskey(world, ada, both);
    await givePasskey(world, noor, both);
    const credential = both.credentials.find(
      ({ userHandle }) => userHandle === Buffer.from(ada.user.id).toString('base64url'),
    );
    const done = await usePasskey(world, browser, await open(), both, credential && { credential });
    expect(browser.next(done)?.origin).toBe('https://contoso.test');
    expect((await world.audited('passkey.accepted')).at(-1)?.subject).toBe(ada.user.id);
  });
});

describe('an answer is refused', () => {
  test.each([
    ['without user verification', { flags: { uv: false } }],
    ['without user presence', { flags: { up: false } }],
    ['with the flags of a device-bound key', { flags: { be: false, bs: false } }],
    ['for another RP ID', { rpId: 'evil.test' }],
  ])('%s', async (_, changes) => {
    const before = await world.store.durable.collection(authenticatorKind).get(passkey.id);
    expect(told(await usePasskey(world, browser, await open(), passkey.authenticator, changes))).toEqual([
      422,
      refused,
    ]);
    expect(await world.store.durable.collection(authenticatorKind).get(passkey.id)).toEqual(before);
  });

  test.each(['', '{}', 'null', '[1]', '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}'])(
    'that cannot be read: %j',
    async credential => {
      const page = await open();
      const { ticket } = await newOffer(browser, page);
      expect(told(await post(page, { ticket, credential }))).toEqual([422, refused]);
    },
  );

  test('without a user handle, or with that of another account', async () => {
    const page = await open();
    for (const userHandle of [undefined, Buffer.from(world.people.ada.user.id).toString('base64url')]) {
      const { ticket, credential } = answerTo(
        await newOffer(browser, page),
        passkey.authenticator,
        world.issuer.origin,
      );
      const given = JSON.parse(credential) as { response: object };
      const changed = JSON.stringify({ ...given, response: { ...given.response, userHandle } });
      expect(told(await post(page, { ticket, credential: changed }))).toEqual([422, refused]);
    }
  });

  test('of a locked account, as a wrong one is; and works once it is unlocked', async () => {
    await world.services.users.lock(noor.user.id, 'system');
    const page = await open();
    expect(told(await usePasskey(world, browser, page, passkey.authenticator))).toEqual([422, refused]);
    expect((await world.audited('passkey.refused')).at(-1)).toMatchObject({
      subject: noor.user.id,
      facts: { reason: 'locked' },
    });
    await world.services.users.unlock(noor.user.id, 'system');
    world.clock.advance(2000);
    expect(await claimsBy()).toMatchObject({ sub: noor.user.id });
  });

  test('of a removed passkey, with words of its own and a signal for the password manager', async () => {
    const gone = await givePasskey(world, noor);
    await world.services.authenticatorRemoval.remove(noor.user.id, gone.id);
    const given = await usePasskey(world, browser, await open(), gone.authenticator);
    expect(told(given)).toEqual([422, unknown]);
    expect(signalsOn(given)).toEqual({ unknown: { rpId: 'localhost', credentialId: gone.handle } });
    expect(signalsOn(await open())).toBeUndefined();
  });

  test('of an unknown passkey without that signal where other sites make passkeys of this RP ID', async () => {
    const shared = { SALLYPORT_PASSKEY_ORIGINS: 'https://www.example.net' };
    const other = await startWorld({ ...withPasskeys, env: { ...withPasskeys.env, ...shared } });
    try {
      const at = await openRelyingParty(other, await other.addClient({ id: 'contoso' }));
      const { authenticator, id } = await givePasskey(other, other.people.noor);
      await other.services.authenticatorRemoval.remove(other.people.noor.user.id, id);
      const there = other.browser();
      const given = await usePasskey(other, there, await there.visit((await at.begin()).url), authenticator);
      expect([told(given), signalsOn(given)]).toEqual([[422, unknown], undefined]);
    } finally {
      await other.close();
    }
  });

  test('of a key whose registration verified nobody', async () => {
    const { credentials } = (
      await givePasskey(
        world,
        world.people.ada,
        new SoftwareAuthenticator({ ...models.securityKey, verifiesUser: false }),
      )
    ).authenticator;
    const thief = new SoftwareAuthenticator(models.securityKey, credentials);
    expect(told(await usePasskey(world, browser, await open(), thief))).toEqual([422, refused]);
  });

  test('of a key that exists twice, and its owner is told', async () => {
    const own = await givePasskey(world, noor, new SoftwareAuthenticator(models.securityKey));
    const copy = own.authenticator.clone();
    expect(await claimsBy(own.authenticator)).toMatchObject({ amr: ['hwk', 'user', 'mfa'] });
    const before = await world.store.durable.collection(authenticatorKind).get(own.id);
    const elsewhere = world.browser();
    expect(told(await usePasskey(world, elsewhere, await open({}, elsewhere), copy))).toEqual([422, refused]);
    expect((await world.audited('factor.copied')).at(-1)).toMatchObject({
      subject: noor.user.id,
      facts: { factor: 'passkey', authenticator: own.id },
    });
    expect((await world.mailsTo(noor))[0]?.text).toContain('passkey');
    expect(await world.store.durable.collection(authenticatorKind).get(own.id)).toEqual(before);
    await world.services.authenticatorRemoval.remove(noor.user.id, own.id);
  });

  test('of a model that the operator blocks meanwhile', async () => {
    const { passkeys } = world.settings;
    const policy = { ...passkeys, block: [models.phone.aaguid] };
    expect(isAccepted(policy, models.phone.aaguid)).toBe(false);
    Object.assign(passkeys, { block: [models.phone.aaguid] });
    try {
      expect(told(await usePasskey(world, browser, await open(), passkey.authenticator))).toEqual([422, refused]);
      expect((await world.audited('passkey.refused')).at(-1)?.facts['reason']).toBe('policy');
    } finally {
      Object.assign(passkeys, { block: [] });
    }
  });
});

describe('while an answer is verified', () => {
  test('a lock of the account refuses it', async () => {
    beforeUse(async () => world.services.users.lock(noor.user.id, 'system'));
    expect(told(await usePasskey(world, browser, await open(), passkey.authenticator))).toEqual([422, refused]);
    await world.services.users.unlock(noor.user.id, 'system');
  });

  test('the removal of the passkey refuses it', async () => {
    const own = await givePasskey(world, noor);
    const { authenticators } = await stored(noor);
    beforeUse(async () => change(noor, { authenticators: authenticators.filter(id => id !== own.id) }));
    expect(told(await usePasskey(world, browser, await open(), own.authenticator))).toEqual([422, refused]);
  });

  test('another answer by the same passkey wins once', async () => {
    const record = world.store.durable.collection(authenticatorKind);
    beforeUse(async () => {
      const now = await record.get(passkey.id);
      if (now !== undefined) await record.replace(now);
    });
    expect(told(await usePasskey(world, browser, await open(), passkey.authenticator))).toEqual([422, refused]);
  });

  test.each(['incrementMany', 'setIfAbsent', 'find authenticators', 'replace authenticators', 'insert audit-events'])(
    'an outage (%s) signs nobody in, and is no fault of the passkey',
    async broken => {
      const page = await open();
      const form = answerTo(await newOffer(browser, page), passkey.authenticator, world.issuer.origin);
      beforeCall = async call => {
        if (call === broken) throw new Problem('unavailable', `${call} is out of order`);
      };
      const given = await post(page, form);
      beforeCall = async () => {};
      expect([given.status, browser.next(given)]).toEqual([503, undefined]);
      expect(browser.next(await usePasskey(world, browser, page, passkey.authenticator))?.origin).toBe(
        'https://contoso.test',
      );
    },
  );
});

describe('wrong answers of strangers', () => {
  test('are twenty in ten minutes from an address; the owner goes on in a known browser, everybody with the password', async () => {
    const own = world.browser();
    await claimsBy(passkey.authenticator, { at: own });
    const page = await open();
    const before = (await world.audited('passkey.refused')).length;
    const stranger = new SoftwareAuthenticator(models.phone, passkey.authenticator.credentials);
    for (let at = 0; at < 20; at += 1) {
      expect(told(await usePasskey(world, browser, page, stranger, { rpId: 'evil.test' }))).toEqual([422, refused]);
    }
    const last = await usePasskey(world, browser, page, passkey.authenticator);
    expect(last.status).toBe(429);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    expect(last.text).toContain('Too many attempts with a passkey. Your password still works.');
    // Counted: one record stands for all that are equal.
    expect((await world.audited('passkey.refused')).length - before).toBeLessThanOrEqual(2);

    expect(await claimsBy(passkey.authenticator, { at: own })).toMatchObject({ sub: noor.user.id });
    expect(heading(await enterPassword(browser, page, noor))).toBe('Use your passkey');
    world.clock.advance(600_000);
    expect(await claimsBy(passkey.authenticator, { at: world.browser() })).toMatchObject({ sub: noor.user.id });
  });

  test('C41 right answers beside the name of another account are counted, so that one sign-in cannot fill the audit', async () => {
    const page = await open();
    const before = (await world.audited('passkey.refused')).length;
    const statuses: number[] = [];
    for (let at = 0; at < 22; at += 1) {
      statuses.push((await usePasskey(world, browser, page, passkey.authenticator, { name: 'grace' })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 422), 429, 429]);
    expect((await world.audited('passkey.refused')).length - before).toBe(21);
  });

  test('right answers cost nothing', async () => {
    for (let at = 0; at < 22; at += 1) {
      const claims = await claimsBy(passkey.authenticator, { at: world.browser() });
      expect(claims).toMatchObject({ sub: noor.user.id });
    }
  });
});

describe('the rest of a sign-in', () => {
  test('a password before it counts, and the call that it began is hung up', async () => {
    const { grace } = world.people;
    const own = await givePasskey(world, grace);
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    expect(heading(await enterPassword(browser, page, grace))).toContain('We’re calling');
    await grace.phone.ringing();
    const done = await usePasskey(world, browser, page, own.authenticator);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({
      acr: 'phr',
      amr: ['pwd', 'swk', 'user', 'mfa'],
    });
    expect((await world.audited('challenge.ended')).at(-1)).toMatchObject({ facts: { reason: 'cancelled' } });
  });

  test('another person who typed a password before it is not signed in, and their call is hung up', async () => {
    const { ada } = world.people;
    const request = await rp.begin();
    const page = await browser.visit(request.url);
    await enterPassword(browser, page, ada);
    await ada.phone.ringing();
    const done = await usePasskey(world, browser, page, passkey.authenticator);
    const claims = (await request.redeem(atClient(browser, done))).claims();
    expect(claims).toMatchObject({ sub: noor.user.id, amr: ['swk', 'user', 'mfa'] });
    expect((await world.audited('challenge.ended')).at(-1)).toMatchObject({
      subject: ada.user.id,
      facts: { reason: 'cancelled' },
    });
  });

  test('the first browser that proves a step keeps the sign-in', async () => {
    const page = await open();
    const victim = world.browser();
    victim.jar = browser.jar.copy(({ name }) => /^sallyport-(?:interaction|request)\b/.test(name));
    await enterPassword(browser, page, noor);
    const given = await victim.visit(`/interaction/${uidOf(page)}/passkey`, {
      form: answerTo(await newOffer(browser, page), passkey.authenticator, world.issuer.origin),
    });
    expect(given.status).toBe(403);
  });

  test('C41 a sign-in that waits after a passkey takes no more of them', async () => {
    const page = await waiting(passkey);
    const before = await world.audited('passkey.accepted');
    for (let at = 0; at < 3; at += 1) {
      expect(heading(await usePasskey(world, browser, page, passkey.authenticator))).toBe('Continue as noor?');
    }
    expect(await world.audited('passkey.accepted')).toHaveLength(before.length);
    expect(browser.next(await confirm(page))?.searchParams.get('code')).not.toBeNull();
  });

  test('a browser that is signed in as somebody else asks first', async () => {
    const page = await waiting(passkey);
    expect(browser.next(await confirm(page))?.searchParams.get('code')).not.toBeNull();
  });

  test.each<[string, (own: OwnPasskey) => Promise<unknown>]>([
    ['the account is locked', async () => world.services.users.lock(noor.user.id, 'system')],
    ['the passkey is removed', async ({ id }) => world.services.authenticatorRemoval.remove(noor.user.id, id)],
  ])('does not end where %s meanwhile', async (_, happens) => {
    const own = await givePasskey(world, noor);
    const page = await waiting(own);
    world.clock.advance(2000);
    await happens(own);
    world.clock.advance(2000);
    const after = await confirm(page);
    expect(browser.next(after)).toBeUndefined();
    expect(heading(await browser.visit(page.path))).toBe('Sign in to Contoso Office');
    await world.services.users.unlock(noor.user.id, 'system');
    await world.services.authenticatorRemoval.remove(noor.user.id, own.id);
    world.clock.advance(2000);
  });

  test('a required new password is asked for where the password was used, and not otherwise', async () => {
    await change(noor, { passwordChangeRequiredAt: world.clock() });
    world.clock.advance(2000);
    expect(await claimsBy(passkey.authenticator, { at: world.browser() })).toMatchObject({ sub: noor.user.id });
    const page = await open();
    await enterPassword(browser, page, noor);
    expect(heading(await usePasskey(world, browser, page, passkey.authenticator))).toBe('Choose a new password');
    const { passwordChangeRequiredAt: _asked, ...rest } = await stored(noor);
    await world.store.durable.collection(userKind).replace(rest);
  });

  test('a passkey alone does not confirm a password that was reset by mail: its owner may not have it', async () => {
    await change(noor, { resetByMailAt: world.clock(), resetByMailTo: 'noor@example.com' });
    world.clock.advance(2000);
    await claimsBy();
    expect((await stored(noor)).resetByMailAt).toBeDefined();
    const request = await rp.begin({ prompt: 'login' });
    const asked = await enterPassword(browser, await browser.visit(request.url), noor);
    const typing = await chooseOption(browser, asked, /app/);
    await request.redeem(atClient(browser, await enterCode(browser, typing, await noor.phone.code())));
    expect((await stored(noor)).resetByMailAt).toBeUndefined();
  });

  test('a new browser is told to its owner once', async () => {
    const newBrowsers = async () =>
      (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'new-browser').length;
    const before = await newBrowsers();
    await claimsBy();
    await world.mailsTo(noor);
    expect((await newBrowsers()) - before).toBe(1);
    await claimsBy();
    await world.mailsTo(noor);
    expect((await newBrowsers()) - before).toBe(1);
  });

  test('the security page opens, also for changes, and tells of the sign-in', async () => {
    const page = await usePasskey(world, browser, await browser.visit('/account'), passkey.authenticator);
    const account = await browser.visit(browser.next(page)?.href ?? '/account');
    expect(account.path).toMatch(/^\/account/);
    const sessions = await browser.visit('/account/sessions');
    expect(sessions.text.replaceAll(/<[^>]*>/g, '')).toContain('You used your passkey.');
    let adding = await browser.visit('/account/add-method');
    for (let hops = 0; hops < 3 && heading(adding) !== 'Add a method'; hops += 1) {
      adding = await browser.visit(browser.next(adding)?.href ?? '/account/add-method');
    }
    expect(heading(adding)).toBe('Add a method');
  });

  test('a frozen account signs in', async () => {
    await change(noor, { changesFrozenUntil: world.clock() + 1_000_000 });
    expect(await claimsBy()).toMatchObject({ sub: noor.user.id });
    const { changesFrozenUntil: _until, ...rest } = await stored(noor);
    await world.store.durable.collection(userKind).replace(rest);
  });

  test('an account that was removed is unknown', async () => {
    const added = await world.services.users.add({ name: 'zoe', displayName: 'Zoe' }, 'system');
    if (!added.ok) throw new Error(added.reason);
    const own = await givePasskey(world, added);
    expect(await claimsBy(own.authenticator, { at: world.browser() })).toMatchObject({ sub: added.user.id });
    await world.store.durable.collection(userKind).remove(added.user.id);
    expect(told(await usePasskey(world, browser, await open(), own.authenticator))).toEqual([422, unknown]);
  });

  test.each([
    ['acr_values', { acr_values: 'phr' }],
    ['an essential acr', { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['phr'] } } }) }],
    ['max_age', { max_age: '60' }],
    ['prompt=select_account', { prompt: 'select_account' }],
  ])('gives what %s asks for', async (_, wish) => {
    expect(await claimsBy(passkey.authenticator, { wish, at: world.browser() })).toMatchObject({ acr: 'phr' });
  });

  test('gives what a client requires, and a second step that is recent enough for it', async () => {
    const strict = await openRelyingParty(
      world,
      await world.addClient({ id: 'strict', min_acr: 'phr', mfa_max_age: 120 }),
    );
    const request = await strict.begin();
    const done = await usePasskey(world, browser, await browser.visit(request.url), passkey.authenticator);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ acr: 'phr' });
    world.clock.advance(60_000);
    expect(browser.next(await browser.visit((await strict.begin()).url))?.searchParams.get('code')).not.toBeNull();
    world.clock.advance(120_000);
    expect(heading(await browser.visit((await strict.begin()).url))).not.toBe('Sign in to Contoso Office');
    expect(browser.next(await browser.visit((await strict.begin()).url))).toBeUndefined();
  });

  test('connects a device', async () => {
    await addDeviceClient(world, 'tv');
    const codes = await askForCodes(world, 'tv');
    const page = await answerDevice(browser, await typeCode(browser, codes.user_code), 'allow');
    expect(heading(await usePasskey(world, browser, page, passkey.authenticator))).toBe('Device connected');
    expect(await poll(world, 'tv', codes)).toMatchObject({ token_type: 'Bearer' });
  });
});
