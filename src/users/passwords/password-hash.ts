/**
 * Reads the work in password hashes as they are stored: PHC strings of argon2, PBKDF2 and scrypt, and bcrypt. Makes decoys of
 * the same work. Our own hashes are Argon2id; others are imported (`foreign-hash.ts`).
 */
import { randomBytes } from 'node:crypto';

/** Cost of one of our hashes (RFC 9106): memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * Work of verifying one hash. Hashes of one `family` differ only in `units`, which add up: passes of argon2, rounds of PBKDF2, and
 * 2^cost of bcrypt and scrypt. A family is written as the hash, with `*` in the place of that number: `$2b$*`.
 */
export interface HashWork {
  readonly family: string;
  readonly units: number;
}

/** Each with its parameters before and after the number that counts the work. */
const forms: readonly RegExp[] = [
  /^(\$argon2(?:id|i|d)\$(?:v=\d{1,2}\$)?m=\d{1,8},t=)(\d{1,4})(,p=\d{1,3})\$[A-Za-z0-9+/]{6,86}\$[A-Za-z0-9+/]{22,86}$/,
  /^(\$2b\$)(\d\d)()\$[./A-Za-z0-9]{53}$/,
  /^(\$pbkdf2-sha(?:1|256|512)\$i=)(\d{1,8})(,l=\d{1,3})\$[A-Za-z0-9+/]{1,200}\$[A-Za-z0-9+/]{22,200}$/,
  /^(\$scrypt\$ln=)(\d{1,2})(,r=\d{1,4},p=\d{1,4})\$[A-Za-z0-9+/]{1,200}\$[A-Za-z0-9+/]{22,200}$/,
];

/** Families whose number is a power of two: it counts doublings. */
const isExponential = (family: string): boolean => /^\$(?:2b|scrypt)\$/.test(family);

/** The work of verifying this hash; undefined if the text is not a stored hash. */
export const workOf = (phc: string): HashWork | undefined => {
  for (const form of forms) {
    const [, before, number, after] = form.exec(phc) ?? [];
    if (before === undefined || number === undefined) continue;
    const family = `${before}*${after}`;
    return { family, units: isExponential(family) ? 2 ** Number(number) : Number(number) };
  }
  return undefined;
};

/** The work of our hashes of this cost. */
export const ownWork = ({ memoryKiB, passes, lanes }: HashCost): HashWork => ({
  family: `$argon2id$v=19$m=${memoryKiB},t=*,p=${lanes}`,
  units: passes,
});

/**
 * Hashes that no password matches. Verifying all of them takes exactly this work; none for less than one unit.
 * Work in powers of two needs one hash for each binary digit of the number.
 */
export const decoysOf = ({ family, units }: HashWork): readonly string[] => {
  if (units < 1) return [];
  if (!isExponential(family)) return [decoy(family, `${units}`)];
  const exponents = Array.from({ length: 32 }, (_, exponent) => exponent);
  return exponents
    .filter(exponent => Math.floor(units / 2 ** exponent) % 2 === 1)
    .map(exponent => decoy(family, `${exponent}`.padStart(2, '0')));
};

const decoy = (family: string, number: string): string => {
  const parameters = family.replace('*', number);
  const [, length = '32'] = /,l=(\d+)/.exec(family) ?? [];
  // bcrypt's base64 alphabet has a dot instead of the plus.
  return family.startsWith('$2b$')
    ? `${parameters}$${(unpadded(16) + unpadded(23)).replaceAll('+', '.')}`
    : `${parameters}$${unpadded(16)}$${unpadded(Number(length))}`;
};

const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');

/** True for a hash of another cost, lower or higher, or by another algorithm. */
export const needsRehash = (phc: string, cost: HashCost): boolean => {
  const [work, own] = [workOf(phc), ownWork(cost)];
  return work?.family !== own.family || work.units !== own.units;
};

/** Bytes of a password that bcrypt looks at. */
const bcryptBytes = 72;

/**
 * False where the hash does not depend on the whole password: bcrypt ignores what follows its 72nd byte, and a NUL repeats the
 * text before it. A part that was not compared may be mistyped, so it must not become part of the new hash.
 */
export const comparesWhole = (phc: string, password: string): boolean =>
  !phc.startsWith('$2b$') || (Buffer.byteLength(password) <= bcryptBytes && !password.includes('\0'));
