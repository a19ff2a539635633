/**
 * CWE 307. Somebody guesses the typed code of a pairing, to have their own phone approve for another person. A code has 40 bits; the
 * fifth wrong one ends its pairing, from many addresses too, and an address has five in ten minutes (ASVS 6.6.3).
 * CWE 362. Somebody who saw the code or the QR code claims the pairing too, at the same moment or later. One device gets it, and the
 * owner compares two digits before it counts.
 * Guards: `src/mfa/push/pairing-claims.ts#claim`, `src/users/limits/attempt-limits.ts#admit`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDeviceKey } from '../support/phone/jwt.ts';
import { Phone } from '../support/phone/phone.ts';
import { beginPairing, confirmPairing, pairPhone } from '../support/world/phones.ts';
import { stores } from '../support/world/stores.ts';
import { addAccount, boundTo } from './support/newcomers.ts';
import { startPhoneWorld } from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

/** Another code with the same first half, by which a pairing is found. */
const otherEnd = (code: string, at = 1): string => {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const last = digits.indexOf(code.slice(-1));
  return `${code.slice(0, -1)}${digits.charAt((last + at) % digits.length)}`;
};

const proxied = { nodes: 2, env: { SALLYPORT_PROXY_HOPS: '1' } } as const;

let count = 0;
const beginIn = async (world: ThreatWorld) => {
  count += 1;
  const account = await addAccount(world, `newcomer${count}`);
  return { account, ...(await beginPairing(world, account.id)) };
};

let addresses = 0;
/** A call from an address in a network of its own. */
const from = () => {
  addresses += 1;
  const address = `203.${addresses >> 8}.${addresses & 255}.7`;
  return { headers: { 'x-forwarded-for': address }, node: addresses % 2 };
};

// `test/mfa/pairings.test.ts` guesses on every store.
describe('CWE 307 over the API', () => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startPhoneWorld(proxied);
  });
  afterAll(() => world.close());
  const begin = async () => beginIn(world);

  test('CWE 307 the typed code pairs, after four wrong ones too', async () => {
    const { account, code, owner } = await begin();
    for (let at = 1; at < 5; at += 1)
      expect((await new Phone(world.place).pair({ code: otherEnd(code, at) }, from())).status).toBe(404);
    const phone = new Phone(world.place);
    expect(await phone.pair({ code }, from())).toMatchObject({ status: 200, body: { account: account.name } });
    expect(await world.services.pairings.view(owner)).toMatchObject({
      state: 'claimed',
      digits: phone.pairing?.digits,
    });
  });

  test('CWE 307 a hundred wrong codes at once end the pairing: the right one and the QR code pair nothing', async () => {
    const { account, code, secret, owner } = await begin();
    const guesses = Array.from({ length: 100 }, async (_, at) =>
      new Phone(world.place).pair({ code: otherEnd(code, 1 + (at % 31)) }, from()),
    );
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([404]));
    expect((await new Phone(world.place).pair({ code }, from())).status).toBe(404);
    expect((await new Phone(world.place).pair({ secret }, from())).status).toBe(404);
    expect(await world.services.pairings.view(owner)).toEqual({ state: 'ended', because: 'guessed' });
    expect(await boundTo(world, account)).toEqual([]);
  });

  test('CWE 307 the sixth wrong code of an address is refused unread, whomever it belongs to', async () => {
    const { headers } = from();
    for (let at = 0; at < 5; at += 1) {
      const { code } = await begin();
      expect((await new Phone(world.place).pair({ code: otherEnd(code) }, { headers })).status).toBe(404);
    }
    const { code, owner } = await begin();
    const refused = await new Phone(world.place).pair({ code }, { headers });
    expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
    expect(await world.services.pairings.view(owner)).toMatchObject({ state: 'open' });
  });
});

describe.each(stores)('CWE 362 on $name', store => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startPhoneWorld({ ...proxied, store });
  });
  afterAll(() => world.close());
  const begin = async () => beginIn(world);

  test('CWE 362 of fifty phones that claim at once, one is paired, and a used code pairs no other', async () => {
    const { account, code, secret, owner } = await begin();
    const phones = Array.from({ length: 50 }, () => new Phone(world.place));
    const claims = await Promise.all(
      phones.map(async (phone, at) => phone.pair(at % 2 === 0 ? { secret } : { code }, from())),
    );
    const winners = phones.filter((_, at) => claims[at]?.status === 200);
    expect(winners).toHaveLength(1);
    // The others learn no name and no seed.
    expect(claims.filter(({ body }) => 'account' in body || 'totp' in body)).toHaveLength(1);
    const [winner] = winners;
    expect(await world.services.pairings.view(owner)).toMatchObject({
      state: 'claimed',
      digits: winner?.pairing?.digits,
    });

    const number = await confirmPairing(world, { owner });
    for (const phone of phones.filter(each => each !== winner).slice(0, 5))
      expect((await phone.requests()).status).toBe(401);
    const request = await winner?.request();
    if (winner === undefined || request === undefined) throw new Error('no phone is asked');
    const right = { decision: 'approve', number, code: winner.totp() } as const;
    expect((await winner.answer(request, right)).body).toEqual({ result: 'approved' });
    await world.services.enrollments.finish(owner.binding, `user:${account.id}`);
    expect((await boundTo(world, account)).flatMap(({ handle }) => handle ?? [])).toEqual([winner.key.kid]);
    expect((await new Phone(world.place).pair({ secret }, from())).status).toBeGreaterThanOrEqual(400);
  });

  test('CWE 362 a phone that its owner has not confirmed is asked nothing, and binds nothing', async () => {
    const { account, secret, owner } = await begin();
    const phone = new Phone(world.place);
    await phone.pair({ secret }, from());
    expect(await phone.requests()).toMatchObject({ status: 200, body: { state: 'pairing', requests: [] } });
    await world.services.pairings.refuse(owner);
    expect((await phone.requests()).status).toBe(401);
    await expect(confirmPairing(world, { owner })).rejects.toThrow('no device');
    expect(await boundTo(world, account)).toEqual([]);
  });

  test('CWE 362 a phone claims with a key that it has', async () => {
    const { secret, owner } = await begin();
    const [victim, phone] = [createDeviceKey(), new Phone(world.place)];
    const claim = { secret, name: 'Pixel', language: 'en' };
    const asVictim = { proof: { header: { kid: victim.kid }, claims: { iss: victim.kid } } } as const;
    for (const [what, key, changes] of [
      ['the key of another', victim.jwk, asVictim],
      ['the key of another, by its own name', victim.jwk, {}],
      ['no proof', phone.key.jwk, { proof: 'none' }],
      ['a private key', { ...phone.key.jwk, d: phone.key.privateKey.export({ format: 'jwk' }).d }, {}],
      ['a key on another curve', { ...phone.key.jwk, crv: 'P-384' }, {}],
    ] as const) {
      const { status } = await phone.call(
        'POST',
        'pairings',
        { ...claim, key, subscription: null },
        { ...from(), ...changes },
      );
      expect([what, status >= 400 && status < 500]).toEqual([what, true]);
    }
    expect(await world.services.pairings.view(owner)).toMatchObject({ state: 'open' });
    expect((await phone.pair({ secret }, from())).status).toBe(200);
  });

  test('CWE 362 a phone that is paired already cannot be bound to a second account', async () => {
    const [first, second] = [await begin(), await begin()];
    const { phone } = await pairPhone(world, first.account.id);
    const claimed = await phone.pair({ secret: second.secret }, from());
    if (claimed.status === 200) {
      await confirmPairing(world, second).catch(() => undefined);
      await world.services.enrollments.finish(second.owner.binding, `user:${second.account.id}`).catch(() => undefined);
    }
    expect(await boundTo(world, second.account)).toEqual([]);
  });
});
