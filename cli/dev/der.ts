/** Writes the parts of DER (X.690) that a certificate needs. */

const element = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), body]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), body]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), body]);
};

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts);
export const explicit = (tag: number, content: Uint8Array): Buffer => element(0xa0 | tag, content);
/** Of a type that the tag implies. */
export const implicit = (tag: number, bytes: Uint8Array): Buffer => element(0x80 | tag, bytes);
export const nil = element(0x05);
/** Of 0 to 127. */
export const integer = (value: number): Buffer => element(0x02, Buffer.of(value));
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0));
export const octetString = (bytes: Uint8Array): Buffer => element(0x04, bytes);
/** A bit string of whole bytes. */
export const bitString = (bytes: Uint8Array): Buffer => element(0x03, Buffer.of(0), bytes);
/** `hex`: the encoded object identifier. */
export const objectId = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));
/** YYMMDDhhmmssZ */
export const utcTime = (at: number): Buffer => {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '');
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
};

/** A distinguished name in the country US. */
export const name = (of: {
  readonly organization: string;
  readonly unit?: string | undefined;
  readonly common: string;
}): Buffer => {
  const text = (oid: string, value: string, tag = 0x0c) =>
    set(sequence(objectId(oid), element(tag, Buffer.from(value))));
  // PrintableString, as RFC 5280 demands of a country.
  const country = text('550406', 'US', 0x13);
  const unit = of.unit === undefined ? [] : [text('55040b', of.unit)];
  return sequence(country, text('55040a', of.organization), ...unit, text('550403', of.common));
};
