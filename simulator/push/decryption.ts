/** Plays the browser of a device: makes the keys of a subscription, and decrypts what is pushed to it (RFC 8291, RFC 8188). */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** The keys of a subscription that only its device has, with the public one. */
export interface DeviceKeys {
  readonly privateKey: Buffer;
  readonly publicKey: Buffer;
  readonly auth: Buffer;
}

/** New keys of a device. */
export const makeDeviceKeys = (): DeviceKeys => {
  const device = createECDH('prime256v1');
  const publicKey = device.generateKeys();
  return { privateKey: device.getPrivateKey(), publicKey, auth: randomBytes(16) };
};

/** Salt, record size and length of the key id (RFC 8188 §2.1), and the uncompressed point that the key id is (RFC 8291 §4). */
const headerLength = 86;
const tagLength = 16;

const derive = (secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** The text of a push. @throws Error that says what is wrong with its body. */
export const decrypt = (body: Buffer, { privateKey, publicKey, auth }: DeviceKeys): string => {
  if (body.length < headerLength + tagLength + 1) throw new Error(`the body has only ${body.length} bytes`);
  if (body[20] !== 65) throw new Error('the key id is no uncompressed point');
  if (body.readUInt32BE(16) < body.length - headerLength) throw new Error('the body has more than one record');
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, headerLength);
  const device = createECDH('prime256v1');
  device.setPrivateKey(privateKey);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), publicKey, sender]);
  const material = derive(device.computeSecret(sender), auth, info, 32);
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAuthTag(body.subarray(-tagLength));
  const padded = Buffer.concat([decipher.update(body.subarray(headerLength, -tagLength)), decipher.final()]);
  // A record ends with its delimiter and zeros; 2 says that it is the last one.
  const end = padded.findLastIndex(byte => byte !== 0);
  if (padded[end] !== 2) throw new Error('the record does not end as the last one');
  return padded.subarray(0, end).toString('utf8');
};
