/**
 * Reads the password hashes that other systems export, in their spellings, into the one that is stored (`password-hash.ts`).
 * Refuses those that would cost too much at each sign-in: anyone can make the server verify them.
 */

/** `weak`: cheap to guess if it leaks. It is accepted, because it is replaced at the first sign-in. */
export type ForeignHash =
  | { readonly ok: true; readonly phc: string; readonly weak: boolean }
  /** Message "got …, expected …", without any part of the hash. */
  | { readonly ok: false; readonly reason: string };

const mebibyte = 2 ** 20;
/** Highest accepted parameters. A hash at one of these limits takes one to two seconds. */
const mostHashWork = {
  argon2KiB: 256 * 1024,
  argon2Passes: 10,
  bcryptCost: 14,
  pbkdf2Rounds: 2_000_000,
  scryptBytes: 128 * mebibyte,
} as const;

/** Below these a leaked hash is cheap to guess (OWASP Password Storage Cheat Sheet, rounded down). */
const weakBelow = { argon2KiB: 7 * 1024, bcryptCost: 10, pbkdf2Rounds: 100_000, scryptBytes: 16 * mebibyte } as const;
/** Bytes. Fewer bytes of a hash match many passwords; fewer of a salt are shared by many people. */
const fewest = { hash: 16, salt: 4, goodSalt: 8 } as const;
const most = { hash: 128, salt: 64 } as const;

/** Longer than any hash within the limits, in UTF-16 units. */
const longest = 512;

const b64 = '[A-Za-z0-9+/.]+={0,2}';
/** Prefixes that frameworks add: `{bcrypt}` (Spring), `{CRYPT}` (LDAP), `argon2` and `bcrypt$` (Django). */
const framework = /^(?:\{(?:bcrypt|crypt|argon2[\w@.]*)\}|argon2|bcrypt\$)(?=\$)/i;
const spellings = {
  argon2: new RegExp(
    `^\\$(?<variant>argon2(?:id|i|d))\\$(?<version>v=(?:16|19)\\$)?m=(?<memory>\\d{1,8}),t=(?<passes>\\d{1,4}),p=(?<lanes>\\d{1,3})\\$(?<salt>${b64})\\$(?<hash>${b64})$`,
  ),
  bcrypt: /^\$2[aby]\$(?<cost>\d\d)\$(?<rest>[./A-Za-z0-9]{53})$/,
  // passlib, Keycloak's parameters as PHC: `$pbkdf2-sha256$29000$…`, `$pbkdf2-sha512$i=210000,l=64$…`.
  pbkdf2: new RegExp(
    `^\\$pbkdf2(?:-(?<digest>sha1|sha256|sha512))?\\$(?:i=)?(?<rounds>\\d{1,8})(?:,l=\\d{1,3})?\\$(?<salt>${b64})\\$(?<hash>${b64})$`,
  ),
  // Django: the salt is text. Werkzeug: so it is, and the hash is hexadecimal.
  djangoPbkdf2: new RegExp(
    `^pbkdf2_(?<digest>sha1|sha256|sha512)\\$(?<rounds>\\d{1,8})\\$(?<saltText>[^$]+)\\$(?<hash>${b64})$`,
  ),
  werkzeugPbkdf2: /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<rounds>\d{1,8})\$(?<saltText>[^$]+)\$(?<hex>[0-9a-f]+)$/,
  scrypt: new RegExp(
    `^\\$scrypt\\$ln=(?<ln>\\d{1,2}),r=(?<r>\\d{1,4}),p=(?<p>\\d{1,4})\\$(?<salt>${b64})\\$(?<hash>${b64})$`,
  ),
  djangoScrypt: new RegExp(
    `^scrypt\\$(?<n>\\d{1,8})\\$(?<saltText>[^$]+)\\$(?<r>\\d{1,4})\\$(?<p>\\d{1,4})\\$(?<hash>${b64})$`,
  ),
  werkzeugScrypt: /^scrypt:(?<n>\d{1,8}):(?<r>\d{1,4}):(?<p>\d{1,4})\$(?<saltText>[^$]+)\$(?<hex>[0-9a-f]+)$/,
} as const;

type Groups = Readonly<Record<string, string | undefined>>;

/** The hash in the stored form. */
export const readHash = (spelled: string): ForeignHash => {
  const text = spelled.trim().replace(framework, '');
  const match = (spelling: RegExp): Groups | undefined =>
    text.length > longest ? undefined : spelling.exec(text)?.groups;
  const argon2 = match(spellings.argon2);
  if (argon2 !== undefined) return readArgon2(argon2);
  const bcrypt = match(spellings.bcrypt);
  if (bcrypt !== undefined) return readBcrypt(bcrypt);
  const pbkdf2 = match(spellings.pbkdf2) ?? match(spellings.djangoPbkdf2) ?? match(spellings.werkzeugPbkdf2);
  if (pbkdf2 !== undefined) return readPbkdf2(pbkdf2);
  const scrypt = match(spellings.scrypt) ?? match(spellings.djangoScrypt) ?? match(spellings.werkzeugScrypt);
  if (scrypt !== undefined) return readScrypt(scrypt);
  return refused(
    'got no hash that is known here, expected argon2, bcrypt, PBKDF2 or scrypt, spelled as in docs/people.md',
  );
};

const refused = (reason: string): ForeignHash => ({ ok: false, reason });

const readArgon2 = (groups: Groups): ForeignHash => {
  const { variant, version = '', memory, passes, lanes } = groups;
  const [memoryKiB, t, p] = [Number(memory), Number(passes), Number(lanes)];
  const { argon2KiB, argon2Passes } = mostHashWork;
  if (memoryKiB > argon2KiB) return refused(`got argon2 with ${memoryKiB} KiB, expected at most ${argon2KiB}`);
  if (t > argon2Passes) return refused(`got argon2 with ${t} passes, expected at most ${argon2Passes}`);
  if (t < 1 || p < 1 || p > 255 || memoryKiB < 8 * p)
    return refused('got argon2 with parameters that RFC 9106 §3.1 excludes');
  return stored(`$${variant}$${version}m=${memoryKiB},t=${t},p=${p}`, groups, {
    isWeak: memoryKiB < weakBelow.argon2KiB,
    shortestSalt: 8,
  });
};

const readBcrypt = ({ cost = '', rest = '' }: Groups): ForeignHash => {
  const { bcryptCost } = mostHashWork;
  const rounds = Number(cost);
  if (rounds < 4) return refused(`got bcrypt with cost ${rounds}, expected 4 or more`);
  if (rounds > bcryptCost) return refused(`got bcrypt with cost ${rounds}, expected at most ${bcryptCost}`);
  const [salt, hash] = [rest.slice(0, 22), rest.slice(22)];
  // 2a, 2b and 2y mark corrected versions of different programs. All give the same hash.
  const phc = `$2b$${cost}$${withoutSpareBits(salt, 4)}${withoutSpareBits(hash, 2)}`;
  return { ok: true, phc, weak: rounds < weakBelow.bcryptCost };
};

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Clears the unused bits of the last base64 character. Some programs set them, and a comparison of texts would then fail. */
const withoutSpareBits = (text: string, bits: number): string => {
  const last = bcryptAlphabet.indexOf(text.slice(-1));
  return `${text.slice(0, -1)}${bcryptAlphabet[last - (last % 2 ** bits)]}`;
};

/** Bytes that one block of PBKDF2 gives; a longer hash takes more rounds. */
const digestBytes: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };

const readPbkdf2 = (groups: Groups): ForeignHash => {
  const { digest = 'sha1' } = groups;
  const rounds = Number(groups['rounds']);
  const { length } = bytesOf(groups);
  const work = rounds * Math.ceil(length / (digestBytes[digest] ?? length));
  const { pbkdf2Rounds } = mostHashWork;
  if (rounds < 1) return refused('got PBKDF2 with no rounds, expected 1 or more');
  if (work > pbkdf2Rounds) return refused(`got PBKDF2 with ${work} rounds in all, expected at most ${pbkdf2Rounds}`);
  const isWeak = rounds < weakBelow.pbkdf2Rounds;
  return stored(`$pbkdf2-${digest}$i=${rounds},l=${length}`, groups, { isWeak });
};

const readScrypt = (groups: Groups): ForeignHash => {
  const [r, p] = [Number(groups['r']), Number(groups['p'])];
  const ln = groups['ln'] === undefined ? Math.log2(Number(groups['n'])) : Number(groups['ln']);
  if (!Number.isInteger(ln) || ln < 1 || r < 1 || p < 1 || ln >= 16 * r)
    return refused('got scrypt with parameters that RFC 7914 §2 excludes');
  const bytes = 128 * 2 ** ln * r;
  const { scryptBytes } = mostHashWork;
  // One after the other, so that p lanes take p times as long.
  if (bytes * p > scryptBytes)
    return refused(
      `got scrypt with ${(bytes * p) / mebibyte} MiB in all lanes, expected at most ${scryptBytes / mebibyte}`,
    );
  return stored(`$scrypt$ln=${ln},r=${r},p=${p}`, groups, { isWeak: bytes < weakBelow.scryptBytes });
};

/** `.` for `+` is the alphabet of passlib. */
const decoded = (text: string): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64');
const bytesOf = ({ hash = '', hex }: Groups): Buffer => (hex === undefined ? decoded(hash) : Buffer.from(hex, 'hex'));
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const stored = (
  parameters: string,
  groups: Groups,
  { isWeak, shortestSalt = fewest.salt }: { readonly isWeak: boolean; readonly shortestSalt?: number },
): ForeignHash => {
  const hash = bytesOf(groups);
  const { salt: encoded = '', saltText } = groups;
  const salt = saltText === undefined ? decoded(encoded) : Buffer.from(saltText);
  if (hash.length < fewest.hash || hash.length > most.hash)
    return refused(`got a hash of ${hash.length} bytes, expected ${fewest.hash} to ${most.hash}`);
  if (salt.length < shortestSalt || salt.length > most.salt)
    return refused(`got a salt of ${salt.length} bytes, expected ${shortestSalt} to ${most.salt}`);
  return {
    ok: true,
    phc: `${parameters}$${unpadded(salt)}$${unpadded(hash)}`,
    weak: isWeak || salt.length < fewest.goodSalt,
  };
};
