/** Writes CBOR (RFC 8949) as an authenticator does (CTAP 2.1 §8). Map entries keep their order, so that tests can write wrong ones. */

/** Integers, text, bytes, lists, maps and booleans: all that WebAuthn needs. */
export type Cbor =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly Cbor[]
  | { readonly entries: readonly (readonly [key: number | string, value: Cbor])[] };

/** The first bytes of an item: major type, and a length or a value of at most 32 bits (RFC 8949 §3). */
const head = (major: number, value: number): Buffer => {
  const type = major << 5;
  if (value < 24) return Buffer.of(type | value);
  if (value < 0x100) return Buffer.of(type | 24, value);
  if (value < 0x1_0000) return Buffer.of(type | 25, value >> 8, value & 0xff);
  const long = Buffer.alloc(5, type | 26);
  long.writeUInt32BE(value, 1);
  return long;
};

export const encodeCbor = (value: Cbor): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'boolean') return Buffer.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if ('entries' in value && !Array.isArray(value)) {
    const { entries } = value as { readonly entries: readonly (readonly [number | string, Cbor])[] };
    return Buffer.concat([head(5, entries.length), ...entries.flatMap(entry => entry.map(encodeCbor))]);
  }
  const items = value as readonly Cbor[];
  return Buffer.concat([head(4, items.length), ...items.map(encodeCbor)]);
};
