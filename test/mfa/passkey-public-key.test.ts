/** Tests which public keys of new passkeys are sound. */
import { expect, test } from '@jest/globals';
import { isValidKey } from '../../src/mfa/passkeys/public-key.ts';
import { encodeCbor, type Cbor } from '../support/authenticator/cbor.ts';
import { createKey, type Algorithm } from '../support/authenticator/keys.ts';

type Entries = readonly (readonly [number | string, Cbor])[];
const entriesOf = (algorithm: Algorithm, rsaBits?: number): Entries =>
  (createKey(algorithm, rsaBits).cose as { readonly entries: Entries }).entries;
/** The key with this member replaced. */
const replaced = (entries: Entries, label: number, value: Cbor): Entries =>
  entries.map(entry => (entry[0] === label ? [label, value] : entry));
const isSound = async (entries: Entries) => isValidKey(new Uint8Array(encodeCbor({ entries })));

test.each(['ES256', 'EdDSA', 'RS256'] as const)('a key of %s is sound', async algorithm => {
  expect(await isSound(entriesOf(algorithm))).toBe(true);
});

const es256 = entriesOf('ES256');
test.each<readonly [string, Entries]>([
  ['ES256 with a coordinate that ends early', replaced(es256, -3, Buffer.alloc(31, 1))],
  ['ES256 with a point that is not on the curve', replaced(es256, -3, Buffer.alloc(32, 1))],
  ['ES256 without a coordinate', es256.filter(([label]) => label !== -3)],
  ['ES256 on another curve', replaced(entriesOf('ES384'), 3, -7)],
  ['ES256 of another key type', replaced(es256, 1, 1)],
  ['ES384', entriesOf('ES384')],
  ['EdDSA that ends early', replaced(entriesOf('EdDSA'), -2, Buffer.alloc(31, 1))],
  ['EdDSA on another curve', replaced(entriesOf('EdDSA'), -1, 4)],
  ['RS256 of 1,024 bits', entriesOf('RS256', 1024)],
  ['RS256 of 5,120 bits', replaced(entriesOf('RS256'), -1, Buffer.alloc(640, 0xff))],
  ['RS256 without an exponent', entriesOf('RS256').filter(([label]) => label !== -2)],
  ['RS256 with the exponent 1', replaced(entriesOf('RS256'), -2, Buffer.of(1))],
  ['RS256 with an exponent of 65 bits', replaced(entriesOf('RS256'), -2, Buffer.of(1, 0, 0, 0, 0, 0, 0, 0, 1))],
  ['no algorithm', es256.filter(([label]) => label !== 3)],
  ['nothing', []],
])('a key of %s is not', async (_what, entries) => {
  expect(await isSound(entries)).toBe(false);
});
