/** Tests OATH hardware tokens: files of makers, row by row; nothing counts before its code; one token is one person's. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createGuardrails, generateSync } from 'otplib';
import { factors } from '../../src/mfa/factors/index.ts';
import { independentCount } from '../../src/mfa/independence.ts';
import { tokenRows } from '../../src/people/token-file.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const long = 'GEZDGNBV'.repeat(16);
const token = (serial: string, period: 30 | 60, of = secret) => ({
  serial,
  secret: of,
  period,
  manufacturer: 'Contoso',
  model: 'HardwareKey',
});

describe.each(stores)('a hardware token on $name', store => {
  let opened: OpenStore;
  let clock: TestClock;
  beforeEach(async () => {
    clock = createClock();
    opened = await store.open(clock);
  });
  afterEach(() => opened.close());

  const codeOf = (of: string, period: number): string =>
    generateSync({ secret: of, period, epoch: Math.floor(clock() / 1000) });
  const start = async () => {
    const mfa = createTestMfa(opened, { clock, factors });
    const { user: ada } = await mfa.person('ada', []);
    const { user: eve } = await mfa.person('eve', []);
    const userOf = async (id: string) => (await mfa.users.get(id)) ?? ada;
    const signIn = async (boundTo: string, code: string) => {
      await mfa.challenges.begin({ userId: ada.id, factor: 'totp' }, boundTo, requestContextOf(ada));
      return mfa.challenges.answer(boundTo, code);
    };
    return { mfa, ada, eve, userOf, signIn };
  };

  test('counts once its code was typed, each code once, beside an app of another period', async () => {
    const { mfa, ada, userOf, signIn } = await start();
    await mfa.stored.bind(ada.id, { type: 'totp', label: 'App', data: { secret: 'A'.repeat(32), lastStep: -1 } });
    expect(await mfa.hardwareTokens.add(ada, token('1234567', 60), 'cli')).toBe('added');
    expect(await signIn('before', codeOf(secret, 60))).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await mfa.hardwareTokens.list(ada)).toMatchObject([{ serial: '1234567', period: 60, state: 'waiting' }]);

    expect(await mfa.hardwareTokens.activate(ada, '1234567', '000000', 'cli')).toBe('wrong');
    const code = codeOf(secret, 60);
    expect(await mfa.hardwareTokens.activate(ada, ' 1234567 ', code, 'cli')).toBe('active');

    const now = await userOf(ada.id);
    const [, bound] = await mfa.stored.of(now);
    expect(bound).toMatchObject({ type: 'totp', label: 'Contoso HardwareKey 1234567' });
    // Another device than the app's.
    expect(independentCount(await mfa.stored.of(now))).toBe(2);
    expect(await signIn('again', code)).toMatchObject({ ok: false, reused: true });
    clock.advance(60_000);
    expect(await signIn('token', codeOf(secret, 60))).toEqual({ ok: true });
    clock.advance(60_000);
    expect(await signIn('app', codeOf('A'.repeat(32), 30))).toEqual({ ok: true });
    expect(JSON.stringify(await mfa.collections.authenticators.find({ userId: ada.id }))).not.toContain(secret);
  });

  test('belongs to one person, also where two are added or activated at once', async () => {
    const { mfa, ada, eve, userOf } = await start();
    const results = await Promise.all([
      mfa.hardwareTokens.add(ada, token('1', 30), 'cli'),
      mfa.hardwareTokens.add(eve, { ...token(' 1', 30), manufacturer: 'CONTOSO' }, 'cli'),
    ]);
    expect(results.toSorted((a, b) => a.localeCompare(b))).toEqual(['added', 'taken']);
    const owner = results[0] === 'added' ? ada : eve;
    expect(await mfa.hardwareTokens.add(owner, token('1', 30), 'cli')).toBe('unchanged');
    const code = codeOf(secret, 30);
    const attempts = await Promise.allSettled(
      [1, 2, 3].map(async () => mfa.hardwareTokens.activate(owner, '1', code, 'cli')),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await userOf(owner.id)).authenticators).toHaveLength(1);
    expect(await mfa.audited('authenticator.bound')).toHaveLength(1);
  });

  test('takes no more guesses after too many wrong codes, not even the right one', async () => {
    const { mfa, ada } = await start();
    await mfa.hardwareTokens.add(ada, token('1', 30), 'cli');
    for (let wrong = 0; wrong < 3; wrong += 1) await mfa.hardwareTokens.activate(ada, '1', '000000', 'cli');
    const right = mfa.hardwareTokens.activate(ada, '1', codeOf(secret, 30), 'cli');
    await expect(right).rejects.toMatchObject({ code: 'forbidden' });
    expect(await mfa.hardwareTokens.list(ada)).toMatchObject([{ state: 'waiting' }]);
  });

  test('takes a secret of 128 characters', async () => {
    const { mfa, ada } = await start();
    await mfa.hardwareTokens.add(ada, token('1', 60, long), 'cli');
    const guardrails = createGuardrails({ MAX_SECRET_BYTES: 80 });
    const code = generateSync({ secret: long, period: 60, epoch: Math.floor(clock() / 1000), guardrails });
    expect(await mfa.hardwareTokens.activate(ada, '1', code, 'cli')).toBe('active');
  });
});

const heading = 'upn,serial number,secret key,time interval,manufacturer,model';
const rowsOf = async (text: string) => {
  const rows = [];
  const bytes = async function* () {
    yield Buffer.from(text);
  };
  for await (const row of tokenRows(bytes())) rows.push(row);
  return rows;
};

test('a file in the form of the reference is read, mistakes row by row, and no message holds a secret', async () => {
  const rows = await rowsOf(
    `\uFEFF${heading}\r\n` +
      [
        `ada@contoso.com,1234567,${secret},60,Contoso,HardwareKey`,
        `eve@contoso.com,"12,34",${secret.toLowerCase()}==,30,Contoso,HardwareKey`,
        `x@contoso.com,1,SECRET1890SECRET1890,30,Contoso,HardwareKey`,
        `x@contoso.com,1,${secret},45,Contoso,HardwareKey`,
        `x@contoso.com,1,${long}A,30,Contoso,HardwareKey`,
        `x@contoso.com,,${secret},30,Contoso,HardwareKey`,
        `x@contoso.com,1,${secret},30,Contoso`,
        `,1,${secret},30,Contoso,HardwareKey`,
        `x@contoso.com,1,"${secret},30,Contoso,HardwareKey`,
        `last@contoso.com,9,${long},30,Contoso,HardwareKey`,
        '',
      ].join('\r\n'),
  );
  expect(rows).toMatchObject([
    { line: 2, upn: 'ada@contoso.com', serial: '1234567', secret, period: 60, manufacturer: 'Contoso' },
    { line: 3, serial: '12,34', secret, period: 30 },
    { line: 4, message: 'secret key: expected 16 to 128 characters of base32' },
    { line: 5, message: 'time interval: expected 30 or 60' },
    { line: 6, message: 'secret key: expected 16 to 128 characters of base32' },
    { line: 7, message: 'serial number: expected 1 to 64 characters, no colon' },
    { line: 8, message: 'got 5 cells, expected 6' },
    { line: 9, message: 'upn: expected the name of an account' },
    { line: 10, message: expect.stringContaining('quotation mark') },
    { line: 11, upn: 'last@contoso.com', secret: long },
  ]);
  const messages = rows.flatMap(row => ('message' in row ? [row.message] : []));
  expect(messages.join('\n')).not.toContain('GEZDGNBV');
});

test.each([
  ['without a heading', `ada@contoso.com,1,${secret},30,Contoso,Key`],
  ['with a column too few', 'upn,serial number,secret key,time interval,manufacturer'],
  ['with a column twice', `${heading},upn`],
  ['that is empty', ''],
])('a file %s is refused as a whole, and nothing of it is printed', async (_what, text) => {
  await expect(rowsOf(text)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(rowsOf(text)).rejects.not.toThrow(secret);
});
