/** Tests the check of a password: its result, the hashes it costs, and the limits it counts for. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openMemoryDurable, openMemoryShortLived } from '../../adapters/memory.ts';
import { createAudit, type AuditEvents } from '../../src/audit.ts';
import { CountedAudit } from '../../src/counted-audit.ts';
import { Problem } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { auditEventKind, hashWorkKind, userKind, type AuditRecord } from '../../src/records.ts';
import { createPasswordHasher, type PasswordHasher } from '../../src/users/passwords/password-hasher.ts';
import { HashWorks } from '../../src/users/passwords/hash-works.ts';
import { decoysOf, needsRehash, ownWork, workOf, type HashCost } from '../../src/users/passwords/password-hash.ts';
import { PasswordLimits } from '../../src/users/limits/password-limits.ts';
import { Passwords } from '../../src/users/passwords/password.ts';
import { Users } from '../../src/users/users.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

const now = Date.UTC(2026, 10, 22);
const hashKey = createSecretKey(randomBytes(32));
const limits = { account: 3, device: 2, address: 100, network: 1000 };
const cost = { memoryKiB: 64, passes: 1, lanes: 1 };
const decoyHash = (of: HashCost): string => decoysOf(ownWork(of))[0] ?? '';
const real = createPasswordHasher({ ...cost, queue: 32 });
afterAll(() => real.close());

/** Each hash and each verification: `verify m=64,t=1,p=1`. */
let work: string[] = [];
/** Units of work of the verifications, by family of hash. */
let units: Record<string, number> = {};
const counted: PasswordHasher = {
  hash: password => {
    work.push('hash');
    return real.hash(password);
  },
  verify: (password, phc) => {
    work.push(`verify ${phc.split('$')[3]}`);
    const { family = phc, units: done = 1 } = workOf(phc) ?? {};
    units[family] = (units[family] ?? 0) + done;
    return real.verify(password, phc);
  },
  close: () => real.close(),
};

const from = { reference: 'AB12CD34', address: '203.0.113.9' };
const right = 'correct horse battery staple';
const refused = { ok: false, reason: 'refused' };
let audits: AuditEvents;
let users: Users;
let passwords: Passwords;
let hashWorks: HashWorks;
let reasons: () => Promise<readonly unknown[]>;
let world: ConstructorParameters<typeof Passwords>[0];

beforeEach(async () => {
  const durable = openMemoryDurable({ clock: () => now });
  const shortLived = openMemoryShortLived({ clock: () => now });
  audits = durable.collection(auditEventKind);
  const audit = createAudit({ events: audits, clock: () => now, log: silentLog });
  users = new Users({ ...unobserved, users: durable.collection(userKind), audit, clock: () => now });
  const { ephemeral } = shortLived;
  const passwordLimits = new PasswordLimits({ ephemeral, clock: () => now, hashKey, limits });
  const countedAudit = new CountedAudit({
    events: audits,
    clock: () => now,
    log: silentLog,
    subscriberOf: String,
    schedule: () => () => {},
  });
  hashWorks = new HashWorks({ records: durable.collection(hashWorkKind), clock: () => now, own: cost });
  world = {
    users,
    hashWorks,
    hasher: counted,
    passwordLimits,
    sprayingAlarm: { note() {} },
    cost,
    service: 'login.contoso.example',
    audit,
    countedAudit,
    clock: () => now,
    log: silentLog,
  };
  passwords = new Passwords(world);
  const passwordHash = await real.hash(right);
  for (const name of ['ada', 'linus']) await users.add({ name, displayName: name, passwordHash }, 'cli');
  await users.add({ name: 'grace', displayName: 'No password' }, 'cli');
  await users.lock((await users.find('linus'))?.id ?? '', 'cli');
  reasons = async () =>
    (await audits.find({}))
      .filter(each => each.event.startsWith('password.'))
      .map(({ event, facts, outcome, reference }) => [event, outcome, reference, facts['reason']]);
  work = [];
});

test('a right password gives a proof for any spelling of the name', async () => {
  const ada = await users.find('ada');
  const outcome = await passwords.verify(' ADA', right, from);
  expect(outcome).toMatchObject({
    ok: true,
    user: { id: ada?.id },
    proof: { userId: ada?.id, factor: 'password', amr: ['pwd'], acr: 'sfa', at: now },
  });
  expect(await reasons()).toEqual([['password.accepted', 'success', 'AB12CD34', undefined]]);
});

describe('the same answer and the same work for', () => {
  test.each([
    { desc: 'a wrong password', name: 'ada', password: 'wrong', reason: 'wrong' },
    { desc: 'an unknown account', name: 'nobody', password: right, reason: 'unknown' },
    { desc: 'what cannot be a name', name: 'a\u200Bda', password: right, reason: 'unknown' },
    { desc: 'an account without a password', name: 'grace', password: right, reason: 'no-password' },
    { desc: 'the right password of a locked account', name: 'linus', password: right, reason: 'locked' },
    { desc: 'a wrong password of a locked account', name: 'linus', password: 'wrong', reason: 'wrong' },
    { desc: 'the right password with a space after it', name: 'ada', password: `${right} `, reason: 'wrong' },
    { desc: 'the right password in full width', name: 'ada', password: right.replace('c', 'ｃ'), reason: 'wrong' },
    { desc: 'the right password in upper case', name: 'ada', password: right.toUpperCase(), reason: 'wrong' },
  ])('$desc', async ({ name, password, reason }) => {
    expect(await passwords.verify(name, password, from)).toEqual({ ok: false, reason: 'refused' });
    expect(work).toEqual(['verify m=64,t=1,p=1']);
    expect(await reasons()).toEqual([['password.refused', 'failure', 'AB12CD34', reason]]);
  });
});

/** What four wrong passwords get, where the audit stores the first and its answer is lost. */
const afterLostAnswer = async (name: string): Promise<readonly unknown[]> => {
  let isLost = true;
  const lossy = {
    ...audits,
    insert: async (record: AuditRecord) => {
      await audits.insert(record);
      if (isLost) throw new Problem('unavailable', 'answer lost');
    },
  };
  const deps = { events: lossy, clock: () => now, log: silentLog };
  const counting = new CountedAudit({ ...deps, subscriberOf: String, schedule: () => () => {} });
  const failing = new Passwords({ ...world, audit: createAudit(deps), countedAudit: counting });
  const seen: unknown[] = [];
  for (let at = 0; at < 4; at += 1) {
    seen.push(await failing.verify(name, 'wrong', from).catch((error: unknown) => (error as Problem).code));
    isLost = false;
  }
  return seen;
};

test('an audit record that was stored but whose answer was lost makes the same difference to known and unknown names', async () => {
  const known = await afterLostAnswer('ada');
  expect(known).toEqual(['unavailable', refused, refused, expect.objectContaining({ reason: 'wait' })]);
  expect(await afterLostAnswer('nobody')).toEqual(known);
});

describe('no work is spent on', () => {
  test.each([
    ['an empty password', ''],
    ['4097 bytes', 'a'.repeat(4097)],
    ['4098 bytes in 2049 letters', 'é'.repeat(2049)],
    ['a lone surrogate, which has no bytes', 'a\uD800'],
  ])('%s', async (_, password) => {
    expect(await passwords.verify('ada', password, from)).toEqual({ ok: false, reason: 'refused' });
    expect(await passwords.hashNew(password, { name: 'ada' })).toEqual({ ok: false, fault: 'unreadable' });
    expect(work).toEqual([]);
  });

  test('a password above 4096 bytes, while 4096 bytes are accepted', async () => {
    const long = `${'é'.repeat(2047)}ü`;
    const hashed = await passwords.hashNew(long, { name: 'ada' });
    await users.setPassword((await users.find('ada'))?.id ?? '', hashed.ok ? hashed.hash : '', 'cli');
    expect(await passwords.verify('ada', long, from)).toMatchObject({ ok: true });
    expect(await passwords.verify('ada', `${long.slice(1)}e`, from)).toEqual({ ok: false, reason: 'refused' });
  });
});

const idOf = async (name: string): Promise<string> => (await users.find(name))?.id ?? '';

describe('one password in the two forms in which keyboards and shells send it', () => {
  const composed = 'Crème-brûlée';
  const decomposed = composed.normalize('NFD');

  test.each([
    ['composed', 'decomposed', composed, decomposed],
    ['decomposed', 'composed', decomposed, composed],
    ['with a space', 'with a no-break space', 'Crème brûlée', 'Crème\u00A0brûlée'],
    ['with an ideographic space', 'with a space', '花\u3000鳥\u3000風\u3000月\u3000夜', '花 鳥 風 月 夜'],
  ])('set %s, signs in %s', async (_set, _typed, set, typed) => {
    const hashed = await passwords.hashNew(set, { name: 'ada' });
    await users.setPassword(await idOf('ada'), hashed.ok ? hashed.hash : '', 'cli');
    expect(set).not.toBe(typed);
    expect(await passwords.verify('ada', typed, from)).toMatchObject({ ok: true });
    expect(await passwords.verify('ada', set, from)).toMatchObject({ ok: true });
    expect(await passwords.verify('ada', 'Creme-brulee', from)).toMatchObject({ ok: false });
  });

  test('a hash of the text as it was typed is accepted, and replaced by one of the normalized text', async () => {
    await users.setPassword(await idOf('ada'), await real.hash(decomposed), 'cli');
    expect(await passwords.verify('ada', composed, from)).toEqual({ ok: false, reason: 'refused' });
    expect(await passwords.verify('ada', decomposed, from)).toMatchObject({ ok: true });
    work = [];
    expect(await passwords.verify('ada', composed, from)).toMatchObject({ ok: true });
    expect(work).toEqual(['verify m=64,t=1,p=1']);
  });

  test('both forms are compared for every name, and count as one try', async () => {
    for (const name of ['ada', 'grace', 'nobody', 'a b']) {
      work = [];
      expect(await tried(name, decomposed, 3)).toEqual(['refused', 'refused', 'refused']);
      expect(work).toEqual(Array(6).fill('verify m=64,t=1,p=1'));
      expect(await tried(name, decomposed, 1)).not.toEqual(['refused']);
    }
  });

  test('a password that was set before the rules were made signs in', async () => {
    await users.setPassword(await idOf('ada'), await real.hash('123'), 'cli');
    expect(await passwords.hashNew('123', { name: 'ada' })).toMatchObject({ ok: false });
    expect(await passwords.verify('ada', '123', from)).toMatchObject({ ok: true });
  });
});

describe('a password hashed at another cost', () => {
  test('is hashed again at its next right use and not at a wrong one', async () => {
    const dearer = { ...cost, passes: 2 };
    const later = createPasswordHasher({ ...dearer, queue: 4 });
    const renewing = new Passwords({ ...world, hasher: later, cost: dearer });
    expect(await renewing.verify('ada', 'wrong', from)).toEqual({ ok: false, reason: 'refused' });
    expect((await users.find('ada'))?.passwordHash).toContain('t=1,');
    expect(await renewing.verify('ada', right, from)).toMatchObject({ ok: true });
    expect((await users.find('ada'))?.passwordHash).toContain('t=2,');
    expect(await renewing.verify('ada', right, from)).toMatchObject({ ok: true });
    await later.close();
  });

  test('is accepted when the queue is too full to hash it again', async () => {
    const hasher = { ...counted, hash: () => Promise.reject(new Problem('overloaded', 'full')) };
    const renewing = new Passwords({ ...world, hasher, cost: { ...cost, passes: 2 } });
    expect(await renewing.verify('ada', right, from)).toMatchObject({ ok: true });
  });

  test.each([
    { have: decoyHash(cost), expect: false },
    { have: decoyHash({ ...cost, memoryKiB: 32 }), expect: true },
    { have: decoyHash({ ...cost, lanes: 2 }), expect: true },
    { have: decoyHash({ ...cost, passes: 3 }), expect: true },
    { have: '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAA', expect: true },
    { have: '$2b$10$abcdefghijklmnopqrstuv', expect: true },
    { have: decoyHash(cost).replace('argon2id', 'argon2d'), expect: true },
  ])('needs a new hash for $have: $expect', ({ have, expect: isNeeded }) => {
    expect(needsRehash(have, cost)).toBe(isNeeded);
  });
});

describe('hashes of other systems', () => {
  const unicode = 'Crème-brûlée 9'.normalize('NFD');
  const people = {
    bcrypt5: '$2b$05$VZa1oWZ1hWZ1hWZ1hWZ1hO2VgHwbyaBN6YSdBPdHbEfGD4HgBMvGa',
    bcrypt4: '$2b$04$VZa1oWZ1hWZ1hWZ1hWZ1hO2VgHwbyaBN6YSdBPdHbEfGD4HgBMvGa',
    pbkdf2: `$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHQ$${'A'.repeat(43)}`,
    'short.pbkdf2': `$pbkdf2-sha256$i=10,l=32$c2FsdHNhbHQ$${'A'.repeat(43)}`,
    scrypt: `$scrypt$ln=5,r=8,p=1$c2FsdHNhbHQ$${'A'.repeat(43)}`,
    argon2i: decoyHash({ ...cost, passes: 2 }).replace('argon2id', 'argon2i'),
    dearer: decoyHash({ ...cost, passes: 3 }),
  };
  beforeEach(async () => {
    for (const [name, passwordHash] of Object.entries(people)) {
      await hashWorks.add(passwordHash);
      await users.add({ name, displayName: name, passwordHash }, 'cli');
    }
  });

  test('a refusal takes the same work for each kind of hash as for an unknown name, in both forms of a password', async () => {
    const seen: Record<string, unknown> = {};
    for (const typed of ['wrong', unicode]) {
      for (const name of [...Object.keys(people), 'ada', 'linus', 'grace', 'nobody', 'a b']) {
        units = {};
        expect(await passwords.verify(name, typed, from)).toEqual(refused);
        seen[`${name} ${typed}`] = units;
      }
      const once = {
        '$argon2id$v=19$m=64,t=*,p=1': 3,
        '$argon2i$v=19$m=64,t=*,p=1': 2,
        '$2b$*': 32,
        '$pbkdf2-sha256$i=*,l=32': 1000,
        '$scrypt$ln=*,r=8,p=1': 32,
      };
      const expected = Object.fromEntries(
        Object.entries(once).map(([family, each]) => [family, typed === 'wrong' ? each : 2 * each]),
      );
      for (const done of Object.values(seen)) expect(done).toEqual(expected);
      for (const each of Object.keys(seen)) Reflect.deleteProperty(seen, each);
    }
  });

  test('the right password of a locked account takes the work of a refusal, also where it was typed in two forms', async () => {
    const name = 'locked';
    const added = await users.add({ name, displayName: name, passwordHash: await real.hash(unicode) }, 'cli');
    await users.lock(added.ok ? added.user.id : '', 'cli');
    units = {};
    expect(await passwords.verify(name, unicode, from)).toEqual(refused);
    const done = units;
    units = {};
    expect(await passwords.verify('nobody', unicode, from)).toEqual(refused);
    expect(done).toEqual(units);
  });

  test('an import in another process counts within ten seconds', async () => {
    const records = openMemoryDurable({ clock: () => now }).collection(hashWorkKind);
    let time = now;
    const here = new HashWorks({ records, clock: () => time, own: cost });
    await here.most();
    await new HashWorks({ records, clock: () => time, own: cost }).add(people.bcrypt5);
    expect((await here.most()).get('$2b$*')).toBeUndefined();
    time += 10_000;
    expect((await here.most()).get('$2b$*')).toBe(32);
  });

  test('parallel imports keep the highest work of a family', async () => {
    const records = openMemoryDurable({ clock: () => now }).collection(hashWorkKind);
    const add = async (passes: number) =>
      new HashWorks({ records, clock: () => now, own: cost }).add(decoyHash({ ...cost, memoryKiB: 128, passes }));
    await Promise.all([3, 9, 1, 7, 5].map(add));
    expect(await records.find({})).toMatchObject([{ id: '$argon2id$v=19$m=128,t=*,p=1', units: 9 }]);
  });

  test('hashes from before a change of the cost are still known after it', async () => {
    const records = openMemoryDurable({ clock: () => now }).collection(hashWorkKind);
    await new HashWorks({ records, clock: () => now, own: cost }).begin();
    const later = new HashWorks({ records, clock: () => now, own: { ...cost, memoryKiB: 128 } });
    await later.begin();
    const most = new Map([ownWork(cost), ownWork({ ...cost, memoryKiB: 128 })].map(each => [each.family, each.units]));
    expect(await later.most()).toEqual(most);
  });

  test('a ninth family of hashes is refused; a more expensive hash of a known family is accepted', async () => {
    const records = openMemoryDurable({ clock: () => now }).collection(hashWorkKind);
    const works = new HashWorks({ records, clock: () => now, own: cost });
    expect(await works.add(decoyHash({ ...cost, passes: 9 }))).toBe(true);
    for (let at = 0; at < 8; at += 1) expect(await works.add(decoyHash({ ...cost, memoryKiB: 100 + at }))).toBe(true);
    expect(await works.add(decoyHash({ ...cost, memoryKiB: 200 }))).toBe(false);
    expect(await works.add(decoyHash({ ...cost, memoryKiB: 100, passes: 2 }))).toBe(true);
  });
});

/** The outcomes of this many attempts. */
const tried = async (name: string, password: string, times: number): Promise<readonly unknown[]> => {
  const outcomes = [];
  for (let at = 0; at < times; at += 1) {
    const outcome = await passwords.verify(name, password, from);
    outcomes.push(outcome.ok ? 'ok' : outcome.reason === 'wait' ? outcome.until : outcome.reason);
  }
  return outcomes;
};

describe('after the last try of an account', () => {
  const until = (Math.floor(now / 3_600_000) + 1) * 3_600_000;

  test.each([
    { desc: 'of a known account', name: 'ada', rows: 3 },
    { desc: 'of a locked account', name: 'linus', rows: 3 },
    { desc: 'of an account without a password', name: 'grace', rows: 3 },
    { desc: 'of an unknown account', name: 'nobody', rows: 1 },
    { desc: 'of what cannot be a name', name: 'a b', rows: 1 },
  ])('no password is hashed and the end of the wait is returned, for the name $desc', async ({ name, rows }) => {
    const outcomes = await tried(name, 'wrong', 3);
    expect(outcomes).toEqual(['refused', 'refused', 'refused']);
    work = [];
    expect(await tried(name, right, 5)).toEqual(Array(5).fill(until));
    expect(work).toEqual([]);
    // One row for all of them.
    const throttled = ['password.refused', 'refused', 'AB12CD34', 'throttled'];
    expect((await reasons()).filter(reason => isDeepStrictEqual(reason, throttled))).toHaveLength(1);
    // Those of a name without account are counted.
    expect(await reasons()).toHaveLength(rows + 1);
  });

  test('right passwords cost no try', async () => {
    expect(await tried('ada', right, 10)).toEqual(Array(10).fill('ok'));
    expect(await tried('ada', 'wrong', 4)).toEqual(['refused', 'refused', 'refused', until]);
  });

  test('a malformed password costs a try', async () => {
    expect(await tried('ada', '', 4)).toEqual(['refused', 'refused', 'refused', until]);
  });

  test('the right password of a locked account costs a try', async () => {
    expect(await tried('linus', right, 4)).toEqual(['refused', 'refused', 'refused', until]);
  });
});

test('a full queue costs no try', async () => {
  const hasher = { ...counted, verify: () => Promise.reject(new Problem('overloaded', 'full')) };
  for (let at = 0; at < 5; at += 1) {
    await expect(new Passwords({ ...world, hasher }).verify('ada', right, from)).rejects.toMatchObject({
      code: 'overloaded',
    });
  }
  expect(await passwords.verify('ada', right, from)).toMatchObject({ ok: true });
});

test('a password is not compared if the try cannot be counted', async () => {
  const { ephemeral } = openMemoryShortLived({ clock: () => now });
  const gone = { ...ephemeral, incrementMany: () => Promise.reject(new Problem('unavailable', 'no store')) };
  const passwordLimits = new PasswordLimits({ ephemeral: gone, clock: () => now, hashKey, limits });
  await expect(new Passwords({ ...world, passwordLimits }).verify('ada', right, from)).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(work).toEqual([]);
});

test('a full queue throws a Problem and gives no proof', async () => {
  const hasher = { ...counted, verify: () => Promise.reject(new Problem('overloaded', 'full')) };
  await expect(new Passwords({ ...world, hasher }).verify('ada', right, from)).rejects.toMatchObject({
    code: 'overloaded',
    statusCode: 503,
    retryable: true,
  });
  expect(await reasons()).toEqual([]);
});
