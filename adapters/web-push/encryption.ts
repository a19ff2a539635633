/** Encrypts the payload of a push so that only the browser reads it, not the push service (RFC 8291, over RFC 8188). */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** The keys of a subscription, base64url: the public key of the browser and the secret it shares with us. */
export interface SubscriptionKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/** What is random in an encryption. Given only to repeat a published example. */
export interface Randomness {
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** A private key of P-256, used once. */
  readonly privateKey: Uint8Array;
}

/** `rs` of RFC 8188 §2.1. One record has room for the whole message (RFC 8291 §4). */
const recordSize = 4096;
/** Bytes of the longest payload: one record without its tag, the delimiter and the header (RFC 8291 §4). */
export const maxPayload = 3993;
const lastRecord = 2;

/**
 * The body of a push with `content-encoding: aes128gcm`. @throws RangeError for a payload of more than `maxPayload` bytes; Error of
 * node:crypto where `p256dh` is no point on the curve.
 */
export const encrypt = (
  payload: Uint8Array,
  { p256dh, auth }: SubscriptionKeys,
  { salt, privateKey }: Partial<Randomness> = {},
): Buffer<ArrayBuffer> => {
  if (payload.length > maxPayload) {
    throw new RangeError(`got a payload of ${payload.length} bytes, expected at most ${maxPayload}`);
  }
  const sender = createECDH('prime256v1');
  if (privateKey === undefined) sender.generateKeys();
  else sender.setPrivateKey(privateKey);
  const ours = sender.getPublicKey();
  const theirs = Buffer.from(p256dh, 'base64url');
  const secret = sender.computeSecret(theirs);
  // RFC 8291 §3.4: the secret of the subscription proves to the browser that the push is from us.
  const about = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours]);
  const material = derive(secret, Buffer.from(auth, 'base64url'), about, 32);
  const ownSalt = salt ?? randomBytes(16);
  const key = derive(material, ownSalt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(material, ownSalt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  return Buffer.concat([
    header(ownSalt, ours),
    cipher.update(payload),
    cipher.update(Uint8Array.of(lastRecord)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
};

const derive = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** Salt, record size, and our public key as the key id (RFC 8188 §2.1, RFC 8291 §4). */
const header = (salt: Uint8Array, publicKey: Uint8Array): Buffer => {
  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(recordSize);
  sizes.writeUInt8(publicKey.length, 4);
  return Buffer.concat([salt, sizes, publicKey]);
};
