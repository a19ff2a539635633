/**
 * Tests the password hashes of other systems: that each spelling verifies, as their own documents and tests publish it, and is
 * refused past its limit. Through the real hashing process.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openMemoryDurable, openMemoryShortLived } from '../../adapters/memory.ts';
import { createSecretKey, randomBytes } from 'node:crypto';
import { hash as hashBcrypt } from 'bcryptjs';
import { silentLog } from '../../src/log.ts';
import { hashWorkKind, userKind } from '../../src/records.ts';
import { readHash } from '../../src/users/passwords/foreign-hash.ts';
import { HashWorks } from '../../src/users/passwords/hash-works.ts';
import { decoysOf, workOf } from '../../src/users/passwords/password-hash.ts';
import { createPasswordHasher } from '../../src/users/passwords/password-hasher.ts';
import { PasswordLimits } from '../../src/users/limits/password-limits.ts';
import { Passwords } from '../../src/users/passwords/password.ts';
import { Users } from '../../src/users/users.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

const cost = { memoryKiB: 64, passes: 1, lanes: 1 };
const hasher = createPasswordHasher({ ...cost, queue: 64 });
afterAll(() => hasher.close());

/** The stored form. @throws Error with the reason of a refusal */
const phcOf = (spelled: string): string => {
  const read = readHash(spelled);
  if (!read.ok) throw new Error(read.reason);
  return read.phc;
};

const argon2 = '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA';
const bcryptHash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

describe.each([
  // The tests of the reference implementation (phc-winner-argon2, test.c).
  { from: 'argon2i', spelled: argon2, password: 'password' },
  {
    from: 'argon2i of version 16, which old libraries do not name',
    spelled: '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
    password: 'password',
  },
  {
    from: 'argon2id',
    spelled: '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    password: 'password',
  },
  { from: 'argon2 of Spring', spelled: `{argon2@SpringSecurity_v5_8}${argon2}`, password: 'password' },
  { from: 'argon2 of Django', spelled: `argon2${argon2}`, password: 'password' },
  // The tests of crypt_blowfish (wrapper.c).
  { from: 'bcrypt 2a', spelled: bcryptHash, password: 'U*U' },
  { from: 'bcrypt 2y', spelled: bcryptHash.replace('$2a', '$2y'), password: 'U*U' },
  { from: 'bcrypt of Spring', spelled: `{bcrypt}${bcryptHash}`, password: 'U*U' },
  { from: 'bcrypt of Django', spelled: `bcrypt$${bcryptHash}`, password: 'U*U' },
  { from: 'bcrypt of LDAP', spelled: `{CRYPT}${bcryptHash}`, password: 'U*U' },
  // Bits of the last character that belong to no byte, as PHP takes them in salts.
  { from: 'bcrypt with spare bits', spelled: bcryptHash.replace('C.E5', 'C/E5'), password: 'U*U' },
  // The documentation of passlib.
  {
    from: 'PBKDF2 of passlib',
    spelled: '$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M',
    password: 'password',
  },
  // The tests of Django (auth_tests/test_hashers.py).
  {
    from: 'PBKDF2 of Django',
    spelled: 'pbkdf2_sha256$320000$seasalt$Toj2II2rBvFiGQcPmUml1Nlni2UtvyRWwz/jz4q6q/4=',
    password: 'lètmein',
  },
  {
    from: 'scrypt of Django',
    spelled:
      'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
    password: 'lètmein',
  },
  // RFC 6070, the fifth vector: a hash of a length that is no multiple of the digest's.
  {
    from: 'PBKDF2-SHA-1 as PHC string',
    spelled: `$pbkdf2$i=4096,l=25$${Buffer.from('saltSALTsaltSALTsaltSALTsaltSALTsalt').toString('base64')}$${Buffer.from('3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038', 'hex').toString('base64')}`,
    password: 'passwordPASSWORDpassword',
  },
  // RFC 7914 §12, the third vector.
  {
    from: 'scrypt as PHC string',
    spelled: `$scrypt$ln=14,r=8,p=1$${Buffer.from('SodiumChloride').toString('base64url')}$${Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887', 'hex').toString('base64')}`,
    password: 'pleaseletmein',
  },
  {
    from: 'scrypt of Werkzeug',
    spelled:
      'scrypt:16384:8:1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    password: 'pleaseletmein',
  },
  {
    from: 'PBKDF2 of Werkzeug',
    spelled: `pbkdf2:sha256:320000$seasalt$${Buffer.from('Toj2II2rBvFiGQcPmUml1Nlni2UtvyRWwz/jz4q6q/4=', 'base64').toString('hex')}`,
    password: 'lètmein',
  },
])('a hash of $from', ({ spelled, password }) => {
  test('accepts its password alone', async () => {
    const phc = phcOf(spelled);
    expect(await hasher.verify(password, phc)).toBe(true);
    expect(await hasher.verify(`${password}x`, phc)).toBe(false);
  });

  test('is stored in one spelling, whose decoy takes the same work and accepts nothing', async () => {
    const phc = phcOf(spelled);
    expect(phcOf(phc)).toBe(phc);
    const work = workOf(phc);
    const decoys = work === undefined ? [] : decoysOf(work);
    expect(decoys.map(each => workOf(each))).toEqual([work]);
    expect(await hasher.verify(password, decoys[0] ?? '')).toBe(false);
  });
});

const salt = 'c2FsdHNhbHRzYWx0';
const hash = 'A'.repeat(43);
const dear = [
  { limit: 'argon2 256 MiB', at: `$argon2id$v=19$m=262144,t=1,p=1$${salt}$${hash}`, past: ['m=262144', 'm=262145'] },
  { limit: 'argon2 10 passes', at: `$argon2id$v=19$m=64,t=10,p=1$${salt}$${hash}`, past: ['t=10', 't=11'] },
  { limit: 'bcrypt 14', at: `$2b$14$${'a'.repeat(53)}`, past: ['$14$', '$15$'] },
  { limit: 'PBKDF2 2 M rounds', at: `$pbkdf2-sha256$2000000$${salt}$${hash}`, past: ['2000000', '2000001'] },
  {
    limit: 'PBKDF2 2 M rounds in two blocks',
    at: `$pbkdf2-sha256$1000000$${salt}$${'A'.repeat(86)}`,
    past: ['1000000', '1000001'],
  },
  { limit: 'scrypt 128 MiB', at: `$scrypt$ln=17,r=8,p=1$${salt}$${hash}`, past: ['ln=17', 'ln=18'] },
  { limit: 'scrypt 128 MiB in lanes', at: `$scrypt$ln=16,r=8,p=2$${salt}$${hash}`, past: ['p=2', 'p=3'] },
] as const;

describe('the most work', () => {
  test.each(dear)(
    '$limit is taken, one more is refused with what was got and expected',
    ({ at, past: [was, next] }) => {
      expect(readHash(at)).toMatchObject({ ok: true });
      const refusal = readHash(at.replace(was, next));
      expect(refusal).toMatchObject({ ok: false, reason: expect.stringMatching(/^got .*\d.*, expected at most \d+$/) });
    },
  );
});

describe('refused, without printing any part of it', () => {
  test.each([
    ['a password in plain text', 'correct horse battery staple'],
    ['MD5 in hexadecimal', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['salted SHA-1 of LDAP', '{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3'],
    [
      'SHA-512-crypt',
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1',
    ],
    ['bcrypt of SHA-256 of Django', `bcrypt_sha256$${bcryptHash}`],
    ['bcrypt with the bug of 2x', bcryptHash.replace('$2a', '$2x')],
    ['bcrypt that was cut', bcryptHash.slice(0, -1)],
    ['bcrypt of cost 3', bcryptHash.replace('$05', '$03')],
    ['argon2 without its hash', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ'],
    ['argon2 of no pass', argon2.replace('t=2', 't=0')],
    ['argon2 of too little memory for its lanes', argon2.replace('m=65536,t=2,p=1', 'm=15,t=2,p=2')],
    ['argon2 with a short salt', argon2.replace('c29tZXNhbHQ', 'c29tZXM')],
    ['PBKDF2 of no round', `$pbkdf2-sha256$0$${salt}$${hash}`],
    ['PBKDF2 with a hash of 15 bytes', `$pbkdf2-sha256$1000$${salt}$${'A'.repeat(20)}`],
    ['PBKDF2 with a salt of 3 bytes', `$pbkdf2-sha256$1000$c2Fs$${hash}`],
    ['PBKDF2 with MD5', `$pbkdf2-md5$1000$${salt}$${hash}`],
    ['scrypt whose N is no power of two', 'scrypt:16383:8:1$SodiumChloride$7023bdcb3afd7348461c06cd81fd38eb'],
    ['scrypt of no block', `$scrypt$ln=14,r=0,p=1$${salt}$${hash}`],
    ['very long text', `$pbkdf2-sha256$1000$${salt}$${'A'.repeat(100_000)}`],
  ])('%s', (_what, spelled) => {
    const read = readHash(spelled);
    expect(read.ok).toBe(false);
    const reason = read.ok ? '' : read.reason;
    expect(reason).toMatch(/^got /);
    for (const part of spelled.split(/[$:]/).filter(each => each.length > 8)) expect(reason).not.toContain(part);
  });
});

test.each([
  ['bcrypt of cost 9', bcryptHash.replace('$05', '$09'), true],
  ['bcrypt of cost 10', bcryptHash.replace('$05', '$10'), false],
  ['PBKDF2 of 1000 rounds', `$pbkdf2-sha256$1000$${salt}$${hash}`, true],
  ['PBKDF2 of 600,000 rounds', `$pbkdf2-sha256$600000$${salt}$${hash}`, false],
  ['PBKDF2 with a salt of 7 bytes', `pbkdf2_sha256$600000$seasalt$${hash}=`, true],
  ['scrypt of 1 MiB', `$scrypt$ln=10,r=8,p=1$${salt}$${hash}`, true],
  ['argon2 of 1 MiB', argon2.replace('65536', '1024'), true],
  ['argon2 of 64 MiB', argon2, false],
])('%s is reported as weak: %#', (_what, spelled, weak) => {
  expect(readHash(spelled)).toMatchObject({ ok: true, weak });
});

describe('at sign-in', () => {
  const now = Date.UTC(2026, 10, 29);
  const clock = () => now;
  const { ephemeral } = openMemoryShortLived({ clock });
  const durable = openMemoryDurable({ clock });
  const users = new Users({ ...unobserved, users: durable.collection(userKind), audit: async () => {}, clock });
  const limits = { account: 100, device: 100, address: 100, network: 100 };
  const passwords = new Passwords({
    users,
    hasher,
    hashWorks: new HashWorks({ records: durable.collection(hashWorkKind), clock, own: cost }),
    passwordLimits: new PasswordLimits({ ephemeral, clock, hashKey: createSecretKey(randomBytes(32)), limits }),
    sprayingAlarm: { note() {} },
    cost,
    service: 'login.example.com',
    audit: async () => {},
    countedAudit: { countWithOneWrite: async () => {} },
    clock,
    log: silentLog,
  });
  const from = { reference: 'AB12CD34' };
  const storedOf = async (name: string): Promise<string | undefined> => (await users.find(name))?.passwordHash;
  const signIn = async (name: string, password: string): Promise<boolean> =>
    (await passwords.verify(name, password, from)).ok;
  let decomposed = '';
  beforeAll(async () => {
    decomposed = 'lètmein'.normalize('NFD');
    const hashes = {
      django: 'pbkdf2_sha256$320000$seasalt$Toj2II2rBvFiGQcPmUml1Nlni2UtvyRWwz/jz4q6q/4=',
      decomposed: await hashBcrypt(decomposed, 4),
      long: await hashBcrypt('é'.repeat(36), 4),
      short: await hashBcrypt('secret', 4),
    };
    for (const [name, spelled] of Object.entries(hashes))
      await users.add({ name, displayName: name, passwordHash: phcOf(spelled) }, 'cli');
  });

  test('the first right password replaces the hash by one of ours, a wrong one does not', async () => {
    expect(await signIn('django', 'letmein')).toBe(false);
    expect(await storedOf('django')).toContain('$pbkdf2-sha256$');
    expect(await signIn('django', 'lètmein')).toBe(true);
    expect(await storedOf('django')).toContain('$argon2id$v=19$m=64,t=1,p=1$');
    expect(await signIn('django', 'lètmein')).toBe(true);
    expect(await signIn('django', 'letmein')).toBe(false);
  });

  test('a password typed composed or decomposed is tried as it was typed and composed, then works in both forms', async () => {
    expect(await signIn('decomposed', 'lètmein')).toBe(false);
    expect(await signIn('decomposed', decomposed)).toBe(true);
    for (const typed of ['lètmein', decomposed]) expect(await signIn('decomposed', typed)).toBe(true);
  });

  test('a password that was changed while it was compared is not set back to the old one', async () => {
    const [user, was] = [await users.find('short'), await storedOf('short')];
    const changed = await hasher.hash('another one');
    await users.setPassword(user?.id ?? '', changed, 'cli');
    await users.rehash(user?.id ?? '', was ?? '', await hasher.hash('secret'));
    expect(await storedOf('short')).toBe(changed);
    await users.setPassword(user?.id ?? '', was ?? '', 'cli');
  });

  test('text that bcrypt did not compare does not become the password', async () => {
    const was = [await storedOf('long'), await storedOf('short')];
    // Accepted as where they came from: bcrypt looks at 72 bytes, and repeats the text before a NUL.
    expect(await signIn('long', `${'é'.repeat(36)} mistyped`)).toBe(true);
    expect(await signIn('short', 'secret\0secret')).toBe(true);
    expect([await storedOf('long'), await storedOf('short')]).toEqual(was);
    expect(await signIn('long', 'é'.repeat(36))).toBe(true);
    expect(await storedOf('long')).toContain('$argon2id$');
    expect(await signIn('long', `${'é'.repeat(36)} mistyped`)).toBe(false);
  });
});
