/** Gives people phones with the authenticator: bound at once, or paired over the API. No page is asked. */
import { pushType, type PushData } from '../../../src/mfa/push/data.ts';
import type { PairingOwner } from '../../../src/mfa/push/pairings.ts';
import { sha256, thumbprintOf, type DeviceKey } from '../phone/jwt.ts';
import { Phone } from '../phone/phone.ts';
import type { World, WorldOptions } from './world.ts';

/** `localhost`: a service worker, and so the authenticator, works there without https. */
export const withPhones = {
  hostname: 'localhost',
  env: { SALLYPORT_FACTORS: 'totp,call,push' },
} as const satisfies WorldOptions;

/** A phone of a person. `id`: of its record. */
export interface OwnPhone {
  readonly phone: Phone;
  readonly id: string;
}

/** Binds a phone to an account. `data`: differences from a phone that answers without a PIN and has no push service. */
export const givePhone = async (
  { services, place, clock }: World,
  userId: string,
  { name = 'Ada’s Pixel', key, ...data }: Partial<Omit<PushData, 'key'>> & { name?: string; key?: DeviceKey } = {},
): Promise<OwnPhone> => {
  const phone = new Phone(place, { name, ...(key !== undefined && { key }) });
  const { kid: handle, jwk } = phone.key;
  const { id } = await services.authenticators.bind(userId, {
    type: pushType,
    label: name,
    handle,
    data: {
      key: jwk as PushData['key'],
      push: 'none',
      language: 'en',
      unlock: 'none',
      pairedAt: clock(),
      ...data,
    } satisfies PushData,
  });
  await pinKeys(phone);
  return { phone, id };
};

/** Makes the phone believe the keys that the server has now, as it does at its pairing. */
export const pinKeys = async (phone: Phone): Promise<void> => {
  const { serverKeys } = (await phone.configuration()).body;
  phone.pinned = thumbprintOf(serverKeys.first);
};

/** A pairing as its page shows it. */
export interface BegunPairing {
  readonly owner: PairingOwner;
  /** As people type it. */
  readonly code: string;
  /** Of the QR code. */
  readonly secret: string;
}

let begun = 0;
/** Begins a pairing for this account, as its page does. */
export const beginPairing = async ({ services }: World, userId: string): Promise<BegunPairing> => {
  begun += 1;
  const owner = {
    binding: `enrollment:pairing${begun}`,
    userId,
    browser: sha256(`browser ${begun}`).toString('base64url'),
  };
  const view = await services.pairings.begin(owner);
  if (view.state !== 'open') throw new Error(`got a pairing that is ${view.state}, expected an open one`);
  return { owner, code: view.code, secret: new URL(view.link).hash.replace('#pair=', '') };
};

/** The owner says yes on the page: the phone is asked for its test. Gives the number on the page. */
export const confirmPairing = async (
  { services, issuer }: World,
  { owner }: Pick<BegunPairing, 'owner'>,
): Promise<string> => {
  const shown = await services.pairings.view(owner);
  const digits = shown !== undefined && 'digits' in shown ? shown.digits : '';
  const device = await services.pairings.confirm(owner, digits);
  if (device === undefined) throw new Error('there is no device to confirm');
  const { userId, binding } = owner;
  const user = await services.users.get(userId);
  if (user === undefined) throw new Error('the account is gone');
  const { view } = await services.enrollments.begin({ userId, factor: 'push', input: { device } }, binding, {
    reference: '7K3MQ2XA',
    client: 'Sallyport',
    language: 'en',
    origin: issuer.origin,
    address: '127.0.0.1',
    person: { id: userId, name: user.name },
  });
  if (view.prompt.kind !== 'approve') throw new Error(`got a prompt ${view.prompt.kind}, expected approve`);
  return view.prompt.show;
};

/** Pairs a phone in one call: code typed, confirmed on the page, test answered, bound. */
export const pairPhone = async (
  world: World,
  userId: string,
  { name = 'Ada’s Pixel', pin }: { readonly name?: string; readonly pin?: string } = {},
): Promise<OwnPhone> => {
  const phone = new Phone(world.place, { name });
  const pairing = await beginPairing(world, userId);
  const claimed = await phone.pair({ code: pairing.code });
  if (claimed.status >= 300)
    throw new Error(`got ${claimed.status} ${JSON.stringify(claimed.body)}, expected a pairing`);
  const number = await confirmPairing(world, pairing);
  const { body } = await phone.answer(await phone.request(), {
    decision: 'approve',
    number,
    ...(pin !== undefined && { pin }),
    ...(claimed.body.totp !== undefined && { code: phone.totp() }),
  });
  if (body.result !== 'approved') throw new Error(`got ${JSON.stringify(body)}, expected an approval`);
  await world.services.enrollments.finish(pairing.owner.binding, `user:${userId}`);
  const user = await world.services.users.get(userId);
  const bound = user === undefined ? [] : await world.services.authenticators.of(user);
  const record = bound.find(({ handle }) => handle === phone.key.kid);
  if (record === undefined) throw new Error('the phone is not bound');
  return { phone, id: record.id };
};
