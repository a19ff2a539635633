/**
 * A91. An attacker reads a backup, a sold disk or a replica of the stores. The bytes must hold no readable seed, key,
 * password, token, code or phone number. An attacker who can write there must not lend one person's seed to another: a
 * sealed value opens only in the record for which it was sealed. Keys are changed by putting a new one first, and
 * values sealed before stay readable.
 * Guards: `src/crypto.ts#createSealer` with its bound data (authenticators, challenges, sessions, installation
 * secrets); digests as keys in `src/oidc/adapter/short-lived.ts#shortLivedAdapter`; Argon2id in
 * `src/users/passwords/password-hasher.ts#createPasswordHasher`; keyed hashes of numbers in
 * `src/mfa/limits/send-limits.ts#counter`; pairings in `src/mfa/push/pairing-record.ts#beginningOf`; PINs in
 * `src/mfa/push/unlocking.ts#hashOfPin`.
 */
import { randomBytes, createSecretKey, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomPKCECodeVerifier, refreshTokenGrant } from 'openid-client';
import type { SealingKey } from '../../src/crypto.ts';
import { loadSecrets } from '../../src/keys/rings.ts';
import { createApp } from '../../server/app.ts';
import {
  auditEventKind,
  authenticatorKind,
  dailySendsKind,
  oidcDocumentKind,
  secretKind,
  failedAttemptsKind,
  userKind,
} from '../../src/records.ts';
import { createInspectableStore } from '../support/world/inspectable-store.ts';
import { heading, uidOf, type Browser } from '../support/browser/plain.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { recordKeys } from '../support/counts/recorded-keys.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { beginPairing, pairPhone, withPhones } from '../support/world/phones.ts';
import { stores, type Store } from '../support/world/stores.ts';
import { createTestCarrier, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

/** Makes a store together with a function that reads all its bytes as text. */
type Readable = () => Promise<{ readonly store: Store; readonly bytes: (world: World) => Promise<string> }>;

const kinds = [
  userKind,
  authenticatorKind,
  failedAttemptsKind,
  dailySendsKind,
  secretKind,
  oidcDocumentKind,
  auditEventKind,
] as const;

const onDisk =
  (shortLived: 'sqlite' | 'redis'): Readable =>
  async () => {
    const store = await createInspectableStore(shortLived);
    return { store, bytes: () => store.bytes() };
  };
const inMemory: Readable = async () => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no memory');
  const store = recordKeys(memory);
  const bytes = async ({ store: { durable, shortLived } }: World): Promise<string> => {
    const lasting = await Promise.all(
      kinds.map(kind => durable.collection({ ...kind, index: [] }).find({}, { limit: 1000 })),
    );
    const keys = await store.present();
    const passing = await Promise.all(keys.map(key => shortLived.ephemeral.get(key)));
    return JSON.stringify([lasting, keys, passing]);
  };
  return { store, bytes };
};
const readable: readonly (readonly [string, Readable])[] = [
  ['memory', inMemory],
  ['sqlite', onDisk('sqlite')],
  ...(stores.some(({ name }) => name === 'redis') ? [['redis', onDisk('redis')] as const] : []),
];

const bytesOf = (key: KeyObject): Buffer => key.export();
const newKey = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });

describe.each(readable)('A91 on %s', (_name, open) => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  let bytes: (world: World) => Promise<string>;
  let sealingKeys: readonly [SealingKey, ...SealingKey[]];
  beforeEach(async () => {
    carrier = createTestCarrier();
    sealingKeys = [newKey('first')];
    const opened = await open();
    ({ bytes } = opened);
    world = await startWorld({
      store: opened.store,
      wrap: resources => carrier.wrap({ ...resources, settings: { ...resources.settings, sealingKeys } }),
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso', secret: randomPKCECodeVerifier() }));
  });
  afterEach(() => world.close());

  const callIn = async (browser: Browser) => {
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.ada);
    await postKeys(world, carrier.last(), '#');
    const back = atClient(browser, await checkAgain(browser, page));
    return { code: back.searchParams.get('code') ?? '', tokens: await request.redeem(back) };
  };

  test('A91 a whole run leaves no readable secret in the stores', async () => {
    const { ada, noor, grace } = world.people;
    const [adas, noors, graces, linus] = [world.browser(), world.browser(), world.browser(), world.browser()];
    const called = await callIn(adas);
    const refreshed = await refreshTokenGrant(rp.config, called.tokens.refresh_token ?? '');
    const typed = codeAt(noor, world.clock());
    const signedIn = await signIn(rp, noors, noor);
    // Also in progress: a ringing call, a wrong code, and an app that is being bound.
    const pending = await enterPassword(graces, await graces.visit((await rp.begin()).url), grace);
    expect(pending.status).toBe(200);
    const wrong = wrongCodeAt(noor, world.clock());
    await enterCode(linus, await enterPassword(linus, await linus.visit((await rp.begin()).url), noor), wrong);
    const moment = { reference: '7K3MQ2XA', client: 'Contoso Office', language: 'en', address: '127.0.0.1' };
    const asked = { ...moment, origin: world.issuer.origin, person: { id: ada.user.id, name: ada.name } };
    const enrolling = await world.services.enrollments.begin({ userId: ada.user.id, factor: 'totp' }, 'enrol', asked);
    const seed = enrolling.view.prompt.kind === 'scan' ? seedOf(enrolling.view.prompt.uri) : '';

    const { durable } = world.store;
    const { signingKeys, cookieKeys, hashKey } = await loadSecrets({ ...world.services, durable, clock: world.clock });
    const texts: Readonly<Record<string, string | undefined>> = {
      ...Object.fromEntries([ada, noor, grace].map(each => [`password of ${each.name}`, each.password])),
      ...Object.fromEntries([ada, noor].map(each => [`seed of ${each.name}`, each.totpSecret])),
      ...Object.fromEntries([ada, grace].map(each => [`number of ${each.name}`, each.number?.slice(2)])),
      'seed being bound': seed,
      'client secret': rp.client.secret,
      'authorization code': called.code,
      'access token': called.tokens.access_token,
      'second access token': signedIn.access_token,
      'refresh token': called.tokens.refresh_token,
      'rotated refresh token': refreshed.refresh_token,
      'ID token': called.tokens.id_token,
      'code that was typed': typed,
      'wrong code': wrong,
      ...Object.fromEntries(carrier.sent.map(({ message }, at) => [`callback token ${at}`, message.token])),
      ...Object.fromEntries(
        [adas, noors, graces].flatMap(({ jar }, at) =>
          jar.seen
            .filter(({ name, value }) => /^sallyport-(?:session|browser)$/.test(name) && value !== '')
            .map(({ name, value }, which) => [`cookie ${name} ${at} ${which}`, value]),
        ),
      ),
      ...Object.fromEntries(
        signingKeys.flatMap(jwk =>
          ['d', 'p', 'q', 'dp', 'dq', 'qi'].map(member => [
            `${jwk.alg} ${member}`,
            String(Reflect.get(jwk, member) ?? ''),
          ]),
        ),
      ),
    };
    const keys: Readonly<Record<string, Buffer>> = {
      'hash key': bytesOf(hashKey),
      ...Object.fromEntries(cookieKeys.map((key, at) => [`cookie key ${at}`, bytesOf(key)])),
      ...Object.fromEntries(sealingKeys.map(({ id, key }) => [`sealing key ${id}`, bytesOf(key)])),
    };
    const needles = [
      ...Object.entries(texts).map(([name, text = '']) => [name, Buffer.from(text)] as const),
      ...Object.entries(keys),
    ].filter(([, value]) => value.length > 0);
    expect(needles.length).toBeGreaterThan(30);

    const dump = await bytes(world);
    // The search finds values that may be readable, so it would find the others.
    for (const known of [ada.user.id, 'Contoso Office', 'challenge.passed', 'challenge-of'])
      expect(dump).toContain(known);
    expect(foundIn(dump, needles)).toEqual([]);
    expect(world.logged.filter(({ fields }) => hasAny(JSON.stringify(fields), needles))).toEqual([]);
  });

  test('A91 a sealed value moved to another person’s record does not open and does not sign in', async () => {
    const { ada, noor } = world.people;
    const records = world.store.durable.collection(authenticatorKind);
    const appOf = async ({ user }: TestPerson) =>
      (await records.find({ userId: user.id })).find(each => each.type === 'totp');
    const [adas, noors] = [await appOf(ada), await appOf(noor)];
    if (adas === undefined || noors === undefined) throw new Error('no apps');
    expect((await signIn(rp, world.browser(), noor)).claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
    expect(await world.services.authenticators.of(noor.user)).toHaveLength(1);
    const finished = (await world.audited('sign-in.finished')).length;

    world.clock.advance(60_000);
    const now = await records.get(noors.id);
    await records.replace({ ...noors, rev: now?.rev ?? 1, sealed: adas.sealed });

    expect(await world.services.authenticators.of(noor.user)).toEqual([]);
    const browser = world.browser();
    const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), noor);
    // Neither the password alone signs in, nor the code of the moved seed.
    const typed = await browser.visit(`${page.path}/factor`, { form: { code: codeAt(ada, world.clock()) } });
    for (const answer of [page, typed]) {
      expect([answer.status, browser.next(answer)]).toEqual([200, undefined]);
      expect(heading(answer)).toBe(heading(page));
    }
    expect(browser.jar.cookies.map(({ name }) => name)).not.toContain('sallyport-session');
    expect(await world.audited('sign-in.finished')).toHaveLength(finished);
  });

  test('A91 a whole record moved to another person, with its id, does not open and does not sign in', async () => {
    const { ada, noor, linus } = world.people;
    const records = world.store.durable.collection(authenticatorKind);
    const users = world.store.durable.collection(userKind);
    expect((await signIn(rp, world.browser(), noor)).claims()).toMatchObject({ sub: noor.user.id, acr: 'aal2' });
    const adas = (await records.find({ userId: ada.user.id })).find(each => each.type === 'totp');
    const linusNow = await users.get(linus.user.id);
    if (adas === undefined || linusNow === undefined) throw new Error('no app');
    expect(await world.services.authenticators.of(ada.user)).toContainEqual(expect.objectContaining({ id: adas.id }));

    // The attacker owns linus, and wants to sign in with the app of ada as his own second step.
    await records.replace({ ...adas, userId: linus.user.id });
    const robbed = await users.replace({ ...linusNow, authenticators: [adas.id] });
    if (robbed === undefined) throw new Error('linus was changed meanwhile');

    expect(await world.services.authenticators.of(robbed)).toEqual([]);
    const browser = world.browser();
    const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), linus);
    const typed = await browser.visit(`${page.path}/factor`, { form: { code: codeAt(ada, world.clock()) } });
    for (const answer of [page, typed]) expect(browser.next(answer)).toBeUndefined();
    expect(browser.jar.cookies.map(({ name }) => name)).not.toContain('sallyport-session');
    expect(await world.audited('sign-in.finished')).toHaveLength(1);
  });

  test('A91 with a new first sealing key old values open, and new values use it', async () => {
    const { noor } = world.people;
    const adas = world.browser();
    const called = await callIn(adas);
    const [first] = sealingKeys;
    sealingKeys = [newKey('second'), first];
    await world.restart();

    // Opens the session, the signing keys, the client, the number and the seed.
    const silent = await rp.begin({ prompt: 'none' });
    const tokens = await silent.redeem(atClient(adas, await adas.visit(silent.url)));
    expect(tokens.claims()).toMatchObject({ sub: world.people.ada.user.id });
    expect((await refreshTokenGrant(rp.config, called.tokens.refresh_token ?? '')).claims()).toBeDefined();
    expect((await callIn(world.browser())).tokens.claims()).toMatchObject({ acr: 'mfa' });
    expect((await signIn(rp, world.browser(), noor)).claims()).toMatchObject({ acr: 'aal2' });
    const used = await world.store.durable.collection(authenticatorKind).find({ userId: noor.user.id });
    expect(used.map(({ sealed }) => sealed.split('.')[1])).toEqual(['second']);

    // Without the old key the server does not start, so that it never replaces a value that it cannot read.
    sealingKeys = [newKey('third')];
    const resources = carrier.wrap({ ...world.services.resources, settings: { ...world.settings, sealingKeys } });
    await expect(createApp(resources)).rejects.toMatchObject({ code: 'unreadable' });
  });
});

/** Names of those that the dump holds, in any form. */
const foundIn = (dump: string, needles: readonly (readonly [string, Buffer])[]): readonly string[] => {
  const forms = ['latin1', 'base64url', 'hex'] as const;
  const isThere = (value: Buffer): boolean => forms.some(form => holds(dump, value.toString(form).replace(/=+$/, '')));
  return needles.filter(([, value]) => isThere(value)).map(([name]) => name);
};

const hasAny = (text: string, needles: readonly (readonly [string, Buffer])[]): boolean =>
  needles.some(([, value]) => holds(text, value.toString('latin1')));

/** A short text counts only where it stands alone, because longer numbers contain six digits by chance. */
const holds = (text: string, needle: string): boolean =>
  needle.length > 6 ? text.includes(needle) : new RegExp(`(?<![\\w-])${needle}(?![\\w-])`).test(text);

const seedOf = (uri: string): string => new URL(uri).searchParams.get('secret') ?? '';

describe.each(readable)('A91 a phone on %s', (_name, open) => {
  let world: World;
  let bytes: (world: World) => Promise<string>;
  beforeEach(async () => {
    const opened = await open();
    ({ bytes } = opened);
    const env = { ...withPhones.env, SALLYPORT_PUSH_UNLOCK: 'pin', SALLYPORT_PUSH_DIGITS: '6' };
    world = await startWorld({ ...withPhones, env, store: opened.store });
  });
  afterEach(() => world.close());

  test('A91 a paired phone, its request and an open pairing leave no readable secret in the stores', async () => {
    const { linus, ada } = world.people;
    const pin = '284617';
    const { phone } = await pairPhone(world, linus.user.id, { pin });
    const subscription = {
      endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABcapability',
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    };
    expect((await phone.subscribe(subscription)).status).toBe(200);
    const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    const browser = world.browser();
    const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), linus);
    const prompt = (await world.services.challenges.current(`sign-in:${uidOf(page)}`))?.prompt;
    const shown = prompt?.kind === 'approve' ? prompt.show : '';
    expect(shown).toMatch(/^\d{6}$/);
    const { nonce } = await phone.request();
    const opened = await beginPairing(world, ada.user.id);

    const texts = {
      PIN: pin,
      'number of the page': shown,
      'nonce of the request': nonce,
      'seed that came with the pairing': seedOf(phone.pairing?.totp ?? ''),
      'secret of a subscription': subscription.keys.auth,
      'address of a subscription': subscription.endpoint,
      'typed code of a pairing': opened.code,
      'typed code without its hyphen': opened.code.replace('-', ''),
      'secret of a QR code': opened.secret,
    };
    const needles = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const);
    expect(needles.filter(([, { length }]) => length === 0)).toEqual([]);
    const dump = await bytes(world);
    for (const known of [phone.key.kid, 'challenge-of', 'pairing-by-secret']) expect(dump).toContain(known);
    expect(foundIn(dump, needles)).toEqual([]);
    expect(world.logged.filter(({ fields }) => hasAny(JSON.stringify(fields), needles))).toEqual([]);
  });
});
