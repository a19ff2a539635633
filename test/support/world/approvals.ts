/** Plays a client that asks people in their authenticator (OpenID CIBA), and gives a person a phone that is paired already. */
import type { JsonWebKey } from 'node:crypto';
import { hmac } from '../../../src/crypto.ts';
import { loadHashKey } from '../../../src/keys/rings.ts';
import type { NewClient } from '../../../src/oidc/client-metadata.ts';
import { thumbprintOf } from '../phone/jwt.ts';
import { Phone } from '../phone/phone.ts';
import type { TestPerson, World } from './world.ts';

export const cibaGrant = 'urn:openid:params:grant-type:ciba';
/** Settings under which people can approve. */
export const approvalsOn = { SALLYPORT_FACTORS: 'totp,push', SALLYPORT_PUSH_UNLOCK: 'pin' };
export const pin = '246813';

/** Adds a first-party client that polls. */
export const addCibaClient = async (world: World, id: string, more: Partial<NewClient> = {}): Promise<void> => {
  const clients = await world.services.clients();
  await clients.write({
    client_id: id,
    client_name: `${id} AG`,
    client_secret: `secret of ${id}`,
    redirect_uris: [],
    grant_types: [cibaGrant],
    backchannel_token_delivery_mode: 'poll',
    first_party: true,
    ...more,
  });
};

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const post = async (world: World, client: string, path: string, form: Record<string, string>): Promise<Reply> => {
  const answer = await fetch(new URL(path, world.issuer), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:secret of ${client}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

/** Begins a request, and lets the server ask the person. */
export const ask = async (world: World, client: string, form: Record<string, string> = {}): Promise<Reply> => {
  const reply = await post(world, client, '/backchannel', { scope: 'openid profile', login_hint: 'noor', ...form });
  world.clock.advance(0);
  await world.clock.fired();
  return reply;
};

/** Begins a request, and gives its id. */
export const begin = async (world: World, client: string, form: Record<string, string> = {}): Promise<string> => {
  const { status, body } = await ask(world, client, form);
  if (status !== 200) throw new Error(`got ${status} ${JSON.stringify(body)}, expected an id`);
  return String(body['auth_req_id']);
};

export const pollAtOnce = (world: World, client: string, id: string): Promise<Reply> =>
  post(world, client, '/token', { grant_type: cibaGrant, auth_req_id: id });

/** One poll. The clock passes the interval first. */
export const poll = async (world: World, client: string, id: string): Promise<Reply> => {
  world.clock.advance(5000);
  return pollAtOnce(world, client, id);
};

/** Gives the person a phone whose key is bound, without a pairing. */
export const pairedPhone = async (
  { place, services, clock }: World,
  { user }: Pick<TestPerson, 'user'>,
  { name = 'Pixel', unlock = 'pin' }: { readonly name?: string; readonly unlock?: 'none' | 'pin' } = {},
): Promise<Phone> => {
  const phone = new Phone(place, { name });
  const { kid, jwk } = phone.key;
  const hashKey = await loadHashKey({ durable: services.resources.durable, sealer: services.sealer, clock });
  await services.authenticators.bind(user.id, {
    type: 'push',
    label: name,
    handle: kid,
    data: {
      key: jwk as { readonly [member in keyof JsonWebKey]: string },
      push: 'none',
      language: 'en',
      unlock,
      ...(unlock === 'pin' && { pin: hmac(hashKey, `pin:${kid}:${pin}`) }),
      pairedAt: clock(),
    },
  });
  phone.pinned = thumbprintOf((await phone.configuration()).body.serverKeys.first);
  return phone;
};
