/**
 * Reads seeds of authenticator apps in the spellings that other systems export, and writes them: `otpauth` URIs
 * (github.com/google/google-authenticator/wiki/Key-Uri-Format), or the bare seed in base32.
 */
import { generateURI } from 'otplib';
import { minSeedBytes, type TotpAlgorithm, type TotpSeed } from './factors/totp.ts';

/** `weak`: fewer than the 128 bits of RFC 4226 §4, R6. */
export type ReadSeed =
  | { readonly ok: true; readonly seed: TotpSeed; readonly weak: boolean }
  /** Message "got …, expected …", without any part of the seed. */
  | { readonly ok: false; readonly reason: string };

/** UTF-16 units; a label may be long. */
const longest = 2048;
/** Longest seed of an app: as long as the output of HMAC-SHA-512 (RFC 6238 §5.1). Hardware tokens may have longer ones. */
const maxAppSeedBytes = 64;
const enoughSeedBytes = 16;

const algorithms: Readonly<Record<string, TotpAlgorithm>> = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' };
const digitCounts: ReadonlySet<string> = new Set(['6', '7', '8']);
const periods: ReadonlySet<string> = new Set(['30', '60']);

// Not by a URL parser: labels of other systems contain unescaped #, spaces and colons, which make parsers lose the query.
const uriForm = /^otpauth:\/\/(?<type>[^/?]*)(?:\/[^?]*)?\?(?<query>.*)$/is;

/** The seed in `text`. HOTP is refused, because the current counter of the device is unknown. */
export const readOtpauth = (text: string): ReadSeed => {
  const spelled = text.trim();
  if (spelled.length > longest) return refused(`got ${spelled.length} characters, expected at most ${longest}`);
  if (/^otpauth-migration:/i.test(spelled))
    return refused(
      'got an export of Google Authenticator with several seeds, expected one otpauth://totp/ URI for each',
    );
  if (!spelled.includes(':')) return seedOf(spelled, new Map());
  const { type = '', query = '' } = uriForm.exec(spelled)?.groups ?? {};
  if (type.toLowerCase() === 'hotp')
    return refused(
      'got an HOTP seed (by counter), expected TOTP (by time): the current counter of the device is unknown',
    );
  if (type.toLowerCase() !== 'totp')
    return refused('got another text, expected an otpauth://totp/ URI or a seed in base32');
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query.replaceAll('&amp;', '&'))) {
    const known = name.trim().toLowerCase();
    if (parameters.has(known)) return refused('got a parameter twice, expected each once');
    parameters.set(known, value.trim());
  }
  const secret = parameters.get('secret');
  return secret === undefined ? refused('got a URI without secret, expected secret=…') : seedOf(secret, parameters);
};

const refused = (reason: string): ReadSeed => ({ ok: false, reason });

const seedOf = (secret: string, parameters: ReadonlyMap<string, string>): ReadSeed => {
  const bytes = fromBase32(secret);
  if (bytes === undefined) return refused('got a seed that is not base32, expected letters and digits from 2 to 7');
  if (bytes.length < minSeedBytes || bytes.length > maxAppSeedBytes)
    return refused(`got a seed of ${bytes.length} bytes, expected ${minSeedBytes} to ${maxAppSeedBytes}`);
  const algorithm = algorithms[(parameters.get('algorithm') ?? 'SHA1').toUpperCase().replaceAll(/^HMAC|[-_]/g, '')];
  if (algorithm === undefined) return refused('got another algorithm, expected SHA1, SHA256 or SHA512');
  const [digits, period] = [parameters.get('digits') ?? '6', parameters.get('period') ?? '30'];
  if (!digitCounts.has(digits)) return refused('got another number of digits, expected 6, 7 or 8');
  if (!periods.has(period)) return refused('got another period, expected 30 or 60 (seconds)');
  const seed: TotpSeed = {
    secret: toBase32(bytes),
    ...(algorithm !== 'sha1' && { algorithm }),
    ...(digits !== '6' && { digits: Number(digits) }),
    ...(period !== '30' && { period: Number(period) }),
  };
  return { ok: true, seed, weak: bytes.length < enoughSeedBytes };
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Base32 (RFC 4648 §6) in any case, with or without padding, spaces and dashes. Not by a library: seeds of other systems
 * can end in incomplete bytes, which apps ignore and libraries refuse.
 */
const fromBase32 = (text: string): readonly number[] | undefined => {
  const letters = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replace(/={0,6}$/, '');
  const bytes: number[] = [];
  let [value, bits] = [0, 0];
  for (const letter of letters) {
    const five = alphabet.indexOf(letter);
    if (five < 0) return undefined;
    value = ((value << 5) | five) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return bytes;
};

const toBase32 = (bytes: readonly number[]): string => {
  const bits = bytes.map(byte => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map(five => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
};

/** The URI of a seed, as apps scan it. `issuer` without a colon. */
export const otpauthOf = (
  { secret, algorithm, digits, period }: TotpSeed,
  { issuer, name }: { readonly issuer: string; readonly name: string },
): string =>
  generateURI({
    issuer,
    label: name,
    secret,
    ...(algorithm !== undefined && { algorithm }),
    ...(digits !== undefined && { digits }),
    ...(period !== undefined && { period }),
  });
