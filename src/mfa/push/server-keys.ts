/**
 * Keeps the keys with which the server signs what devices and push services get: one sealed secret for all nodes.
 *
 * - The key of VAPID (RFC 8292). Push subscriptions belong to it, so it never changes.
 * - The key of requests. A device pins the first one when it is paired. Each later one is named in a statement that the one before
 *   signed, so that a device follows without a new pairing. The private half of an earlier key is not kept.
 */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import type { Audit } from '../../audit.ts';
import { Problem } from '../../errors.ts';
import type { VapidKey } from '../../ports/push.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import { changeSecret, loadSecret, type SecretsDeps } from '../../secrets.ts';
import type { DeviceKey } from '../../pairing-device.ts';
import { readDeviceKey, thumbprintOf } from './device-key.ts';
import { jwtTypes, type ServerKeys } from './protocol.ts';

/** A private key on P-256 as a JWK. */
type PrivateKey = DeviceKey & { readonly d: string };

/** The secret as it is stored. `statements`: of each key after the first one, `current` last. */
interface StoredKeys {
  readonly vapid: PrivateKey;
  readonly first: DeviceKey;
  readonly statements: readonly string[];
  readonly current: PrivateKey;
}

/** A key that signs requests. `kid`: its thumbprint (RFC 7638). */
export interface RequestKey {
  readonly kid: string;
  readonly key: KeyObject;
}

interface PushKeysDeps extends SecretsDeps {
  /** The issuer's origin. */
  readonly origin: string;
  readonly audit: Audit;
}

const secretId = 'push-keys';

/** Other nodes learn of a new key after this time. */
const rereadAfter: Millis = 5000;

export class PushKeys {
  readonly #deps: PushKeysDeps;
  #read: { readonly at: EpochMillis; readonly keys: StoredKeys } | undefined;

  constructor(deps: PushKeysDeps) {
    this.#deps = deps;
  }

  /** The key of VAPID. */
  async vapid(): Promise<VapidKey> {
    const { vapid } = await this.#keys();
    const point = Buffer.concat([Buffer.of(4), Buffer.from(vapid.x, 'base64url'), Buffer.from(vapid.y, 'base64url')]);
    return { publicKey: point.toString('base64url'), privateKey: toPrivateKey(vapid) };
  }

  /** The public keys of requests, for devices. */
  async published(): Promise<ServerKeys> {
    const { first, statements } = await this.#keys();
    return { first, successors: statements };
  }

  /** The key that signs requests now. */
  async current(): Promise<RequestKey> {
    const { current } = await this.#keys();
    return { kid: await thumbprintOf(current), key: toPrivateKey(current) };
  }

  /** Replaces the key of requests by a new one. Other nodes sign with it after some seconds. Gives its `kid`. */
  async rotate(actor: string): Promise<string> {
    await this.#keys();
    const { origin, clock, audit } = this.#deps;
    const changed = await changeSecret(this.#deps, secretId, async text => {
      const { statements, current, ...rest } = readStored(text);
      const next = await makeKey();
      const statement = await new SignJWT({ jwk: publicHalf(next) })
        .setProtectedHeader({ alg: 'ES256', typ: jwtTypes.successor, kid: await thumbprintOf(current) })
        .setIssuer(origin)
        .setIssuedAt(Math.floor(clock() / 1000))
        .sign(toPrivateKey(current));
      return JSON.stringify({ ...rest, statements: [...statements, statement], current: next } satisfies StoredKeys);
    });
    const keys = readStored(changed);
    this.#read = { at: clock(), keys };
    await audit({ event: 'request-key.rotated', actor, outcome: 'success', count: keys.statements.length });
    return thumbprintOf(keys.current);
  }

  async #keys(): Promise<StoredKeys> {
    const now = this.#deps.clock();
    if (this.#read !== undefined && Math.abs(now - this.#read.at) < rereadAfter) return this.#read.keys;
    const keys = readStored(await loadSecret(this.#deps, secretId, makeKeys));
    this.#read = { at: now, keys };
    return keys;
  }
}

const makePair = promisify(generateKeyPair);

const makeKey = async (): Promise<PrivateKey> => {
  const { privateKey } = await makePair('ec', { namedCurve: 'P-256' });
  const key: unknown = privateKey.export({ format: 'jwk' });
  if (isPrivateKey(key)) return { ...publicHalf(key), d: key.d };
  throw new Problem('internal', 'got a key of another form, expected a private key on P-256');
};

const makeKeys = async (): Promise<string> => {
  const [vapid, current] = await Promise.all([makeKey(), makeKey()]);
  const keys: StoredKeys = { vapid, first: publicHalf(current), statements: [], current };
  return JSON.stringify(keys);
};

const publicHalf = ({ kty, crv, x, y }: DeviceKey): DeviceKey => ({ kty, crv, x, y });

const toPrivateKey = (key: PrivateKey): KeyObject => createPrivateKey({ key, format: 'jwk' });

const isPrivateKey = (value: unknown): value is PrivateKey => {
  if (typeof value !== 'object' || value === null || !('d' in value) || typeof value.d !== 'string') return false;
  const { d: _private, ...publicPart } = value;
  return readDeviceKey(publicPart) !== undefined;
};

const readStored = (text: string): StoredKeys => {
  const value: unknown = JSON.parse(text);
  if (isStored(value)) return value;
  throw new Problem('unreadable', `got a stored secret ${secretId} of another form, expected keys on P-256`);
};

const isStored = (value: unknown): value is StoredKeys =>
  typeof value === 'object' &&
  value !== null &&
  'vapid' in value &&
  isPrivateKey(value.vapid) &&
  'first' in value &&
  readDeviceKey(value.first) !== undefined &&
  'statements' in value &&
  Array.isArray(value.statements) &&
  'current' in value &&
  isPrivateKey(value.current);
