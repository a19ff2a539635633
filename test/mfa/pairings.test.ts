/** Tests pairings on every store: one device claims, codes are counted, and nothing of an earlier or a foreign pairing counts. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { Changes } from '../../src/changes.ts';
import { createSealer } from '../../src/crypto.ts';
import { readDeviceKey, thumbprintOf } from '../../src/mfa/push/device-key.ts';
import { PairingClaims, type PairingName } from '../../src/mfa/push/pairing-claims.ts';
import { PairingStore } from '../../src/mfa/push/pairing-store.ts';
import { Pairings, type PairingOwner, type PairingView } from '../../src/mfa/push/pairings.ts';
import { AttemptLimits, pairingCodeRule } from '../../src/users/limits/attempt-limits.ts';
import { createDeviceKey } from '../support/phone/jwt.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const owner: PairingOwner = { binding: 'enrollment:uid', userId: 'ada', browser: 'hash of the secret of a browser' };

const device = async (name = 'Ada’s Pixel') => {
  const key = readDeviceKey(createDeviceKey().jwk);
  if (key === undefined) throw new Error('got a key that cannot be read');
  return { handle: await thumbprintOf(key), key, name, language: 'en' };
};

const open = (view: PairingView | undefined) => {
  if (view?.state !== 'open') throw new Error(`got ${JSON.stringify(view)}, expected an open pairing`);
  return { ...view, secret: new URL(view.link).hash.replace('#pair=', '') };
};

/** A code with the same beginning, and another one with another. */
const otherEnd = (code: string): string => `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
const otherBeginning = (code: string): string => `${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`;

describe.each(stores)('a pairing on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let pairings: Pairings;
  let pairingClaims: PairingClaims;
  let pairingStore: PairingStore;
  const hashKey = createSecretKey(randomBytes(32));
  const sealer = createSealer([{ id: 'test', key: createSecretKey(randomBytes(32)) }]);

  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    const { ephemeral, notifier } = store.shortLived;
    pairingStore = new PairingStore({ ephemeral, notifier, clock, sealer, hashKey });
    pairings = new Pairings({
      store: pairingStore,
      changes: new Changes({ notifier, clock }),
      clock,
      origin: 'https://login.example.com',
    });
    pairingClaims = new PairingClaims({
      store: pairingStore,
      codeLimits: new AttemptLimits({ ephemeral, clock, hashKey }, pairingCodeRule),
      makes: { codes: true, credential: false },
    });
  });
  afterEach(async () => store.close());

  let addresses = 0;
  const anywhere = (): string => `192.0.2.${(addresses += 1) % 250}`;
  const claim = async (name: PairingName, by?: Awaited<ReturnType<typeof device>>, address = anywhere()) =>
    pairingClaims.claim(name, by ?? (await device()), address);
  /** Says yes to the digits that the page shows now. */
  const confirm = async (by = owner) => {
    const shown = await pairings.view(owner);
    return pairings.confirm(by, shown !== undefined && 'digits' in shown ? shown.digits : '00');
  };
  const begun = async () => open(await pairings.begin(owner));

  it('keeps each of several changes that come for its device at the same moment', async () => {
    const { secret } = await begun();
    const by = await device();
    await claim({ secret }, by);
    const record = await pairingStore.bySecret(secret);
    if (record === undefined) throw new Error('no pairing');
    const letters = ['-a', '-b', '-c', '-d'];
    await Promise.all(
      letters.map(async letter => pairingStore.changeClaim(record, was => ({ ...was, name: `${was.name}${letter}` }))),
    );
    const name = (await pairingStore.claimOf(record))?.name ?? '';
    expect(name.match(/-[a-d]/g)?.toSorted()).toEqual(letters);
  });

  it('is claimed by the secret of its QR code, confirmed on the page, and shows both sides the same two digits', async () => {
    const { secret, expiresAt } = await begun();
    expect(await confirm()).toBeUndefined();
    const claimed = await claim({ secret });
    if (!claimed.ok) throw new Error(claimed.reason);
    expect(claimed).toMatchObject({ userId: 'ada', expiresAt: clock() + 600_000 });
    const shown = { device: 'Ada’s Pixel', digits: claimed.digits, expiresAt };
    expect(claimed.digits).toMatch(/^\d\d$/);
    expect(await pairings.view(owner)).toEqual({ state: 'claimed', ...shown });
    expect(await pairingClaims.deviceOf(claimed.device.handle)).toMatchObject({ userId: 'ada', isConfirmed: false });
    expect(await confirm()).toEqual(claimed.device);
    expect(await pairings.view(owner)).toEqual({ state: 'confirmed', ...shown });
    expect(await pairingClaims.deviceOf(claimed.device.handle)).toMatchObject({
      binding: owner.binding,
      isConfirmed: true,
    });
    // A page that is sent twice continues the same pairing, and a late "No" takes nothing back.
    await pairings.refuse(owner);
    expect(await confirm()).toEqual(claimed.device);
  });

  it('is claimed by the code as people type it', async () => {
    const { code } = await begun();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    const typed = ` ${code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
    expect(await claim({ code: typed })).toMatchObject({ ok: true });
  });

  it('is claimed by one of fifty devices at once, and answers that one again', async () => {
    const { secret, code } = await begun();
    const devices = await Promise.all(Array.from({ length: 50 }, async () => device()));
    const claims = await Promise.all(devices.map(each => claim({ secret }, each)));
    const winners = claims.filter(({ ok }) => ok);
    expect(winners).toHaveLength(1);
    expect(claims.filter(each => !each.ok && each.reason === 'taken')).toHaveLength(49);
    const at = claims.findIndex(({ ok }) => ok);
    expect(await claim({ secret }, devices[at])).toEqual({ ...claims[at], isNew: false });
    expect(await claim({ code }, devices[(at + 1) % 50])).toEqual({ ok: false, reason: 'taken' });
    expect(await pairingClaims.deviceOf(devices[(at + 1) % 50]?.handle ?? '')).toBeUndefined();
  });

  it('ends with the fifth wrong code, from whatever address, also for the right code and the QR code', async () => {
    const { code, secret } = await begun();
    const guess = async () => claim({ code: otherEnd(code) });
    for (let wrong = 0; wrong < 4; wrong += 1) expect(await guess()).toEqual({ ok: false, reason: 'unknown' });
    expect(await pairings.view(owner)).toMatchObject({ state: 'open' });
    await guess();
    expect(await pairings.view(owner)).toEqual({ state: 'ended', because: 'guessed' });
    expect(await claim({ code })).toEqual({ ok: false, reason: 'unknown' });
    expect(await claim({ secret })).toEqual({ ok: false, reason: 'unknown' });
  });

  it('takes the right code as the fifth attempt', async () => {
    const { code } = await begun();
    for (let wrong = 0; wrong < 4; wrong += 1) await claim({ code: otherEnd(code) });
    expect(await claim({ code })).toMatchObject({ ok: true });
    expect(await pairings.view(owner)).toMatchObject({ state: 'claimed' });
  });

  it('compares five of a hundred codes that are tried at once', async () => {
    const { code } = await begun();
    const wrong = Array.from({ length: 95 }, async () => claim({ code: otherEnd(code) }));
    await Promise.all(wrong);
    const late = await Promise.all(Array.from({ length: 5 }, async () => claim({ code })));
    expect(late.some(({ ok }) => ok)).toBe(false);
  });

  it('lets one address try five wrong codes in ten minutes, and counts no right one', async () => {
    const { code } = await begun();
    for (let right = 0; right < 6; right += 1) {
      const next = open(await pairings.begin(owner));
      expect(await claim({ code: next.code }, undefined, '192.0.2.7')).toMatchObject({ ok: true });
    }
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect(await claim({ code: otherBeginning(code) }, undefined, '192.0.2.7')).toMatchObject({ reason: 'unknown' });
    const { code: last } = await begun();
    expect(await claim({ code: last }, undefined, '192.0.2.7')).toMatchObject({ ok: false, reason: 'wait' });
    expect(await claim({ code: last }, undefined, '192.0.2.8')).toMatchObject({ ok: true });
  });

  it('refuses text that cannot be a code, and counts nothing', async () => {
    const { code } = await begun();
    for (const typed of ['', code.slice(1), `${code}A`, 'UUUU-UUUU', 'a'.repeat(10_000)])
      expect(await claim({ code: typed }, undefined, '192.0.2.9')).toEqual({ ok: false, reason: 'malformed' });
    expect(await claim({ code }, undefined, '192.0.2.9')).toMatchObject({ ok: true });
  });

  it('ends after ten minutes: to the millisecond for claiming and for confirming', async () => {
    const { secret, expiresAt } = await begun();
    const first = await device();
    clock.set(expiresAt - 1);
    expect(await claim({ secret }, first)).toMatchObject({ ok: true });
    clock.set(expiresAt + 1);
    expect(await claim({ secret }, first)).toEqual({ ok: false, reason: 'unknown' });
    expect(await pairings.view(owner)).toEqual({ state: 'ended', because: 'expired' });
    expect(await confirm()).toBeUndefined();
    expect(await pairingClaims.deviceOf(first.handle)).toBeUndefined();
  });

  it('ends the earlier one of the same enrollment, with its codes and its device', async () => {
    const before = await begun();
    const first = await device();
    await claim({ secret: before.secret }, first);
    const after = await begun();
    expect(after.code).not.toBe(before.code);
    expect(await pairingClaims.deviceOf(first.handle)).toBeUndefined();
    expect(await claim({ secret: before.secret })).toEqual({ ok: false, reason: 'unknown' });
    expect(await claim({ code: before.code })).toEqual({ ok: false, reason: 'unknown' });
    expect(await claim({ code: after.code })).toMatchObject({ ok: true });
  });

  it('is one where two are begun at once: only the code and the secret that its page shows lead to it', async () => {
    const both = (await Promise.all([pairings.begin(owner), pairings.begin(owner)])).map(open);
    const shown = open(await pairings.view(owner));
    const own = await device();
    for (const { code, secret } of both.filter(each => each.code !== shown.code)) {
      expect(await claim({ secret })).toEqual({ ok: false, reason: 'unknown' });
      expect(await claim({ code })).toEqual({ ok: false, reason: 'unknown' });
    }
    expect(await claim({ secret: shown.secret }, own)).toMatchObject({ ok: true, device: { handle: own.handle } });
  });

  it('belongs to one account and one browser', async () => {
    const { secret } = await begun();
    await claim({ secret });
    for (const other of [
      { ...owner, userId: 'grace' },
      { ...owner, browser: 'another' },
      { ...owner, binding: 'other' },
    ]) {
      expect(await pairings.view(other)).toBeUndefined();
      expect(await confirm(other)).toBeUndefined();
      await pairings.refuse(other);
    }
    expect(await confirm()).toMatchObject({ name: 'Ada’s Pixel' });
  });

  it('is not confirmed by a page that shows the digits of an earlier one', async () => {
    const before = await begun();
    const own = await claim({ secret: before.secret });
    const after = await begun();
    const stranger = await claim({ secret: after.secret }, await device('Mallory'));
    if (!own.ok || !stranger.ok) throw new Error('got a claim that was refused');
    const digits = own.digits === stranger.digits ? '' : own.digits;
    expect(await pairings.confirm(owner, digits)).toBeUndefined();
    expect(await pairingClaims.deviceOf(stranger.device.handle)).toMatchObject({ isConfirmed: false });
    expect(await pairings.view(owner)).toMatchObject({ state: 'claimed', device: 'Mallory' });
    expect(await pairings.confirm(owner, stranger.digits)).toEqual(stranger.device);
  });

  it('ends where its owner says that this is not their device', async () => {
    const { secret } = await begun();
    const stranger = await device('Mallory');
    await claim({ secret }, stranger);
    await pairings.refuse(owner);
    expect(await pairings.view(owner)).toEqual({ state: 'ended', because: 'refused' });
    expect(await confirm()).toBeUndefined();
    expect(await pairingClaims.deviceOf(stranger.handle)).toBeUndefined();
    expect(await claim({ secret }, stranger)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('is over once its device is bound: from then on the authenticator alone makes the device known', async () => {
    const { secret } = await begun();
    const own = await device();
    await claim({ secret }, own);
    await confirm();
    await pairings.end({ ...owner, browser: 'another' });
    expect(await pairingClaims.deviceOf(own.handle)).toBeDefined();
    await pairings.end(owner);
    expect(await pairingClaims.deviceOf(own.handle)).toBeUndefined();
    expect(await pairings.view(owner)).toBeUndefined();
    expect(await claim({ secret }, own)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('tells its page of the claim', async () => {
    const { secret } = await begun();
    const stop = new AbortController();
    const seen = pairings.watch(owner, stop.signal);
    expect((await seen.next()).value).toMatchObject({ state: 'open' });
    const next = seen.next();
    await claim({ secret });
    expect((await next).value).toMatchObject({ state: 'claimed', device: 'Ada’s Pixel' });
    stop.abort();
    expect(await seen.next()).toMatchObject({ done: true });
  });
});
