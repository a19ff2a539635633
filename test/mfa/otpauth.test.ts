/** Tests the seeds of other systems: each spelling, and the codes of RFC 6238, Appendix B, through the factor itself. */
import { describe, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import type { CeremonyContext } from '../../src/mfa/factor.ts';
import { totp, type TotpSeed } from '../../src/mfa/factors/totp.ts';
import { otpauthOf, readOtpauth } from '../../src/mfa/otpauth.ts';

/** "12345678901234567890", the shared secret of the RFC. */
const sha1 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
/** Base32 as coreutils writes it. */
const seeds = {
  sha1,
  sha256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA====',
  sha512: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA=',
} as const;

const at = (seconds: number): CeremonyContext => ({
  now: seconds * 1000,
  language: 'en',
  client: 'Contoso Office',
  origin: 'https://login.example.com',
  person: { id: 'u1', name: 'ada' },
  token: '',
  binding: 'sign-in:1',
  code: () => '000000',
  challenge: '',
  nonce: () => '',
  keyedHash: text => text,
});
const seedIn = (spelled: string): TotpSeed => {
  const read = readOtpauth(spelled);
  if (!read.ok) throw new Error(read.reason);
  return read.seed;
};
const app = (seed: TotpSeed, id = 'a1') => ({
  id,
  type: 'totp',
  label: 'Authenticator app',
  createdAt: 0,
  data: { ...seed, lastStep: -1 },
});
const answer = (spelled: string, code: string, seconds: number) =>
  totp.challenge.finish(code, null, [app(seedIn(spelled))], at(seconds));

test.each([
  [59, 'sha1', '94287082'],
  [59, 'sha256', '46119246'],
  [59, 'sha512', '90693936'],
  [1111111109, 'sha1', '07081804'],
  [1111111109, 'sha256', '68084774'],
  [1111111109, 'sha512', '25091201'],
  [1111111111, 'sha1', '14050471'],
  [1111111111, 'sha256', '67062674'],
  [1111111111, 'sha512', '99943326'],
  [1234567890, 'sha1', '89005924'],
  [1234567890, 'sha256', '91819424'],
  [1234567890, 'sha512', '93441116'],
  [2000000000, 'sha1', '69279037'],
  [2000000000, 'sha256', '90698825'],
  [2000000000, 'sha512', '38618901'],
  [20000000000, 'sha1', '65353130'],
  [20000000000, 'sha256', '77737706'],
  [20000000000, 'sha512', '47863826'],
] as const)('RFC 6238 Appendix B: at %i the code of %s is %s', async (seconds, algorithm, code) => {
  const uri = `otpauth://totp/ACME:ada?secret=${seeds[algorithm]}&algorithm=${algorithm.toUpperCase()}&digits=8`;
  expect(await answer(uri, code, seconds)).toMatchObject({
    ok: true,
    used: { data: { lastStep: Math.floor(seconds / 30) } },
  });
  const wrong = `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
  expect(await answer(uri, wrong, seconds)).toEqual({ ok: false, reason: 'wrong' });
  expect(await answer(uri, code.slice(2), seconds)).toEqual({ ok: false, reason: 'wrong' });
});

describe('one seed in the spellings of others:', () => {
  test.each([
    ['Google', `otpauth://totp/ACME%20Co:ada@example.com?secret=${sha1}&issuer=ACME%20Co`],
    ['upper-case scheme', `OTPAUTH://TOTP/ada?SECRET=${sha1}`],
    ['no issuer', `otpauth://totp/ada?secret=${sha1}`],
    ['no label', `otpauth://totp/?secret=${sha1}`],
    ['no label and no slash', `otpauth://totp?secret=${sha1}`],
    [
      'an issuer with a colon',
      `otpauth://totp/login.example.com:8443:ada?secret=${sha1}&issuer=login.example.com:8443`,
    ],
    ['an issuer with #, unescaped', `otpauth://totp/C# Club:ada?issuer=C# Club&secret=${sha1}`],
    ['plus for spaces', `otpauth://totp/ACME+Co:ada?secret=${sha1}&issuer=ACME+Co`],
    ['a percent sign alone', `otpauth://totp/100%:ada?secret=${sha1}&issuer=100%`],
    ['lower case', `otpauth://totp/ada?secret=${sha1.toLowerCase()}`],
    ['spaces as %20', `otpauth://totp/ada?secret=${sha1.replaceAll(/(.{4})/g, '$1%20')}`],
    ['spaces as plus', `otpauth://totp/ada?secret=${sha1.replaceAll(/(.{4})/g, '$1+')}`],
    ['dashes', `otpauth://totp/ada?secret=${sha1.replaceAll(/(.{8})/g, '$1-')}`],
    ['padding, escaped', `otpauth://totp/ada?secret=${sha1}%3D%3D`],
    ['every default spelled', `otpauth://totp/ada?secret=${sha1}&algorithm=HmacSHA1&digits=6&period=30&counter=0`],
    ['algorithm with a dash', `otpauth://totp/ada?algorithm=SHA-1&secret=${sha1}`],
    ['escaped for HTML', `otpauth://totp/ada?issuer=ACME&amp;secret=${sha1}`],
    ['the seed alone', sha1],
    ['the seed alone, in groups', ` ${sha1.toLowerCase().replaceAll(/(.{4})/g, '$1 ')}`],
  ])('%s', (_what, spelled) => {
    expect(readOtpauth(spelled)).toEqual({ ok: true, seed: { secret: sha1 }, weak: false });
  });
});

test.each([
  ['80 bits', 'JBSWY3DPEHPK3PXP', 'JBSWY3DPEHPK3PXP', true],
  ['128 bits and two bits of no byte, as of random letters', `${'A'.repeat(25)}D`, 'A'.repeat(26), false],
])('a seed of %s is accepted', (_what, spelled, secret, weak) => {
  expect(readOtpauth(spelled)).toEqual({ ok: true, seed: { secret }, weak });
});

describe('refused with the reason, without any part of the seed:', () => {
  test.each([
    ['HOTP', `otpauth://hotp/ada?secret=${sha1}&counter=5`, /HOTP.*expected TOTP/],
    ['an export with several seeds', `otpauth-migration://offline?data=${sha1}`, /several seeds/],
    ['Steam', `otpauth://steam/ada?secret=${sha1}`, /another text/],
    ['a web address', `https://example.com/?secret=${sha1}`, /another text/],
    ['no secret', 'otpauth://totp/ada?issuer=ACME', /without secret/],
    ['two secrets', `otpauth://totp/ada?secret=${sha1}&secret=${sha1}`, /twice/],
    ['hexadecimal', '3132333435363738393031323334353637383930', /not base32/],
    ['72 bits', 'JBSWY3DPEHPK3PX', /of 9 bytes, expected 10 to 64/],
    ['65 bytes', 'A'.repeat(104), /of 65 bytes/],
    ['MD5', `otpauth://totp/ada?secret=${sha1}&algorithm=MD5`, /algorithm/],
    ['5 digits', `otpauth://totp/ada?secret=${sha1}&digits=5`, /digits/],
    ['9 digits', `otpauth://totp/ada?secret=${sha1}&digits=9`, /digits/],
    ['15 seconds', `otpauth://totp/ada?secret=${sha1}&period=15`, /period/],
    ['very long text', `otpauth://totp/${'a'.repeat(100_000)}?secret=${sha1}`, /characters/],
    ['nothing', '', /of 0 bytes/],
  ])('%s', (_what, spelled, reason) => {
    const read = readOtpauth(spelled);
    expect(read).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(read.ok ? '' : read.reason).not.toMatch(/GEZDG|JBSWY/);
  });
});

test.each([
  { secret: sha1 },
  { secret: sha1, algorithm: 'sha256', digits: 8, period: 60 },
  { secret: seeds.sha512.replaceAll('=', ''), algorithm: 'sha512', digits: 7 },
] as const)('a seed that is written is read as the same one: %j', seed => {
  expect(seedIn(otpauthOf(seed, { issuer: 'login.example.com', name: 'ada:#?&+%@example.com' }))).toEqual(seed);
});

describe('a step of 60 s', () => {
  const uri = `otpauth://totp/ada?secret=${sha1}&period=60`;
  const start = 1_700_000_040;
  const codeAt = (seconds: number): string => generateSync({ secret: sha1, epoch: seconds, period: 60 });

  test.each([
    { step: -2, passes: false },
    { step: -1, passes: true },
    { step: 0, passes: true },
    { step: 1, passes: true },
    { step: 2, passes: false },
  ])('the code of step $step from now passes: $passes, at both edges of the step', async ({ step, passes }) => {
    const code = codeAt(start + step * 60);
    for (const now of [start, start + 59]) expect((await answer(uri, code, now)).ok).toBe(passes);
  });

  test('passes once, and no earlier step after it', async () => {
    const used = { ...app(seedIn(uri)), data: { ...seedIn(uri), lastStep: start / 60 } };
    for (const code of [codeAt(start), codeAt(start - 60)]) {
      const result = await totp.challenge.finish(code, null, [used], at(start));
      expect(result).toEqual({ ok: false, reason: 'wrong', reused: true });
    }
    expect(await totp.challenge.finish(codeAt(start + 60), null, [used], at(start))).toMatchObject({ ok: true });
  });
});

test('one challenge asks for apps with 6 and with 8 digits: each code passes for its own app', async () => {
  const six = app(seedIn(sha1), 'six');
  const eight = app(seedIn(`otpauth://totp/?secret=${seeds.sha256}&algorithm=sha256&digits=8`), 'eight');
  expect(await totp.challenge.begin([six, eight], at(59))).toMatchObject({
    prompt: { kind: 'code', length: 8, shortest: 6 },
  });
  expect(await totp.challenge.begin([eight], at(59))).toMatchObject({ prompt: { kind: 'code', length: 8 } });
  const finish = (code: string) => totp.challenge.finish(code, null, [six, eight], at(59));
  expect(await finish('287082')).toMatchObject({ ok: true, used: { id: 'six' } });
  expect(await finish('46119246')).toMatchObject({ ok: true, used: { id: 'eight' } });
  expect(await finish('4611924')).toEqual({ ok: false, reason: 'wrong' });
});
