/** Writes authenticator data (WebAuthn §6.1), the part of an answer that the authenticator vouches for. */
import { createHash } from 'node:crypto';
import { encodeCbor, type Cbor } from './cbor.ts';

/**
 * up: the user was present; uv: verified by PIN, finger or face; be: the credential may be synced; bs: it is synced now;
 * at: a credential is attested; ed: extensions follow.
 */
export interface Flags {
  readonly up: boolean;
  readonly uv: boolean;
  readonly be: boolean;
  readonly bs: boolean;
  readonly at: boolean;
  readonly ed: boolean;
}

const bits: readonly (readonly [keyof Flags, number])[] = [
  ['up', 0],
  ['uv', 2],
  ['be', 3],
  ['bs', 4],
  ['at', 6],
  ['ed', 7],
];

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Attested credential data (WebAuthn §6.5.2). `aaguid`: as a UUID. */
export const attestedCredential = (aaguid: string, id: Uint8Array, key: Cbor): Buffer =>
  Buffer.concat([Buffer.from(aaguid.replaceAll('-', ''), 'hex'), uint16(id.length), id, encodeCbor(key)]);

export const authenticatorData = (from: {
  readonly rpId: string;
  readonly flags: Flags;
  readonly counter: number;
  readonly attested?: Buffer;
  readonly extensions?: Cbor;
}): Buffer =>
  Buffer.concat([
    sha256(from.rpId),
    Buffer.of(bits.reduce((sum, [flag, bit]) => sum | (from.flags[flag] ? 1 << bit : 0), 0)),
    uint32(from.counter),
    from.attested ?? Buffer.alloc(0),
    from.extensions === undefined ? Buffer.alloc(0) : encodeCbor(from.extensions),
  ]);
