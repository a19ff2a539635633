/**
 * A96. A regular expression that can match one text in many ways tries all of them before it fails. With 64 KiB of dots
 * the process answers no request for minutes (nodemailer CVE-2026-90776, and others every year). So patterns have a
 * linear shape, a few others have a bound for their text, and validators check the length first. Times belong to
 * `bench/`.
 * Guards: the shape of every pattern in the sources; `src/users/names/usernames.ts#maxTypedLength`,
 * `src/mfa/phone-number.ts#longest`, `src/http/language.ts#maxHeaderLength`, `src/locales/wording.ts#longestTag`,
 * `src/client-name.ts#maxReadLength`, `src/config/checks/values.ts#maxTextLength`, `src/oidc/clients/check.ts#maxMetadataLength`, and
 * the limits of fields and heads (A93).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readAddress } from '../../adapters/twilio/address.ts';
import { createReader } from '../../adapters/twilio/callback.ts';
import { typedDigits } from '../../src/mfa/factors/code.ts';
import { nameForVoice } from '../../src/client-name.ts';
import { entryOf, keys } from '../../src/config/table.ts';
import { parseForm } from '../../src/http/body.ts';
import { maskNumbers, plain } from '../../src/masking.ts';
import { phoneNumber } from '../../src/mfa/phone-number.ts';
import { canonicalName } from '../../src/users/names/usernames.ts';
import { chosenLanguage, languages, wording } from '../../src/locales/wording.ts';
import { acceptedIn } from '../support/hostile/accept-language.ts';
import { listenAsServed, createCostMeter } from '../support/hostile/costs.ts';
import { adversaries, literalsIn, patterns, slowness, type Pattern } from '../support/hostile/patterns.ts';
import { head, sendRaw } from '../support/hostile/wire.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

interface Bound {
  readonly file: string;
  /** The beginning of the pattern. */
  readonly source: string;
  /** The longest text that it is given while the process serves. */
  readonly longest: number;
  readonly by: string;
}

/** Patterns without a linear shape, each with the reason why its text is short. */
const bounded: readonly Bound[] = [
  { file: 'src/client-name.ts', source: '[.-]+', longest: 512, by: 'maxReadLength' },
  { file: 'src/users/names/email-address.ts', source: '^([^\\s.@]+', longest: 1524, by: 'longest.address' },
  { file: 'web/assets.ts', source: '^[ \\t]*(?:', longest: 0, by: 'read from our own files, at the start only' },
  { file: 'web/assets.ts', source: '^[ \\t]+|', longest: 0, by: 'read from our own files, at the start only' },
  { file: 'web/pages/error-code.ts', source: '_([^_]{1,80})_', longest: 400, by: 'sentences of our own reference' },
  { file: 'adapters/twilio/refusals.ts', source: '^(?:ECONNREFUSED|', longest: 64, by: 'codes of Node itself' },
];
const rowOf = ({ file, source }: Pattern): Bound | undefined =>
  bounded.find(row => row.file === file && source.startsWith(row.source));
const slow = patterns.filter(pattern => slowness(pattern).length > 0);

const kib64 = 65_536;
/** Long runs of characters that patterns repeat or that normal forms make longer, with endings that do not match. */
const adversarial: readonly string[] = [
  'a',
  '1',
  ' ',
  '.',
  '-',
  '+',
  ',',
  ';',
  '/',
  '\\',
  '=',
  '[',
  '(',
  '\t',
  '@',
  'A-',
  'a.',
  'a@',
  '+1 ',
  '1,',
  'en;q=0.1,',
  '%41',
  ' .',
  '. ',
  '\u0301',
  'ﷺ',
  'İ',
  '\u00A0',
  '一',
  '#',
  '#0',
].map(unit => `${unit.repeat(Math.ceil(kib64 / unit.length))}\0`);

describe('A96 the patterns of the product', () => {
  test('A96 patterns are found in code and not in comments or strings', () => {
    expect(
      literalsIn(
        "const a = /x+/g; // /no/\nconst b = 1 / 2 / 3; `/no/${/y/u.test('/no/')}/no/`; /* /no/ */ f(/[/]\\//)",
      ),
    ).toEqual([
      { source: 'x+', flags: 'g' },
      { source: 'y', flags: 'u' },
      { source: '[/]\\/', flags: '' },
    ]);
    expect(patterns.length).toBeGreaterThan(100);
    expect(patterns.map(({ source, flags }) => new RegExp(source, flags).source)).toEqual(
      patterns.map(({ source }) => source),
    );
  });

  test.each([
    ['^(a+)+$', ''],
    ['^(?:a|a)*b', ''],
    ['^(?:a|ab)*c', ''],
    [String.raw`\s+$`, 'g'],
    [String.raw`^(\d+)\s*\d+$`, ''],
    [String.raw`^([\w.]+)+@`, ''],
    ['^.*a.*b$', ''],
    ['^(?:a?){30}a{30}$', ''],
    [': (?=[^{}]*;)', 'g'],
    [String.raw`^(?:"[^"]*"|[^,]+)*$`, ''],
  ])('A96 a slow pattern is recognised: %s', (source, flags) => {
    expect(slowness({ source, flags })).not.toEqual([]);
  });

  test.each([
    ['^[a-z]+@[a-z]+$', ''],
    [String.raw`^\s*;\s*x`, ''],
    [String.raw`^[^]*$`, ''],
    [String.raw`\d{1,9}x`, ''],
  ])('A96 a linear pattern is accepted: %s', (source, flags) => {
    expect(slowness({ source, flags })).toEqual([]);
  });

  test('A96 every pattern is linear or has a row with its bound', () => {
    expect(
      slow.filter(pattern => rowOf(pattern) === undefined).map(({ file, source }) => `${file}: ${source}`),
    ).toEqual([]);
    expect(bounded.filter(row => !slow.some(pattern => rowOf(pattern) === row))).toEqual([]);
  });

  test.each(patterns.filter(pattern => !slow.includes(pattern)))(
    'A96 a pattern of $file finishes on 64 KiB: $source',
    pattern => {
      // A sticky pattern starts at one place, as in the product; every other at each place.
      const flags = pattern.flags.includes('y') ? pattern.flags : `${pattern.flags.replace('g', '')}g`;
      const run = new RegExp(pattern.source, flags);
      for (const text of adversaries(pattern, kib64)) {
        expect(text.replace(run, '').length).toBeLessThanOrEqual(text.length);
      }
    },
  );
});

/** Records the longest text that each pattern is given while `work` runs. */
const watching = async (work: () => unknown): Promise<ReadonlyMap<string, number>> => {
  const seen = new Map<string, number>();
  // Every method that runs a pattern calls this one.
  const exec: unknown = Reflect.get(RegExp.prototype, 'exec');
  if (typeof exec !== 'function') throw new TypeError('patterns cannot be run');
  const noted = function noted(this: RegExp, text: string): unknown {
    seen.set(this.source, Math.max(seen.get(this.source) ?? 0, text.length));
    return Reflect.apply(exec, this, [text]);
  };
  Reflect.set(RegExp.prototype, 'exec', noted);
  try {
    await work();
  } finally {
    Reflect.set(RegExp.prototype, 'exec', exec);
  }
  return seen;
};
const ours = new Set(patterns.map(({ source }) => source));
const longestSeen = (seen: ReadonlyMap<string, number>): number =>
  Math.max(0, ...[...seen].filter(([source]) => ours.has(source)).map(([, length]) => length));

const refusedForm = (text: string): boolean => {
  try {
    parseForm(text, Buffer.from('a=b'), { a: 10 });
    return false;
  } catch {
    return true;
  }
};

const isBounded = (seen: ReadonlyMap<string, number>): void => {
  const beyond = slow.filter(pattern => (seen.get(pattern.source) ?? 0) > (rowOf(pattern)?.longest ?? 0));
  expect(beyond).toEqual([]);
};

describe('A96 a validator', () => {
  const reader = createReader({
    accountSid: `AC${'5'.repeat(32)}`,
    authTokens: ['c0ffee'.repeat(6)],
    callbackBase: new URL('https://login.example.com'),
  });

  /** Each validator with its refusal and the longest text that it gives to a pattern. */
  const validators: readonly (readonly [name: string, isRefused: (text: string) => boolean, longest: number])[] = [
    ['of names', text => canonicalName(text) === undefined, 0],
    ['of telephone numbers', text => phoneNumber(text) === undefined, 0],
    ['of Accept-Language', text => acceptedIn(text).length === 0, 0],
    ['of languages', text => chosenLanguage([text]) === languages[0] && wording(text).language === languages[0], 0],
    ['of spoken names', text => nameForVoice(text, 'nobody').length <= 60, 512],
    ['of callback addresses', text => readAddress(text) === undefined, kib64 * 2],
    ['of settings', text => keys.every(each => !entryOf(each).check.safeParse(text).success), 0],
    ['of content types', refusedForm, kib64 * 2],
  ];
  test.each(validators)(
    'A96 the validator %s refuses 64 KiB before it runs a pattern',
    async (_name, isRefused, longest) => {
      for (const text of adversarial) {
        const seen = await watching(() => expect(isRefused(text)).toBe(true));
        expect(longestSeen(seen)).toBeLessThanOrEqual(longest);
      }
    },
  );

  test('A96 the reader of callbacks refuses an unsigned form without reading its fields', async () => {
    const shapes = ['^[0-9*#]{0,7}$', '^CA[0-9a-f]{32}$'];
    expect(patterns.map(({ source }) => source)).toEqual(expect.arrayContaining(shapes));
    for (const text of adversarial) {
      const body = Buffer.from(`Digits=${encodeURIComponent(text)}`);
      const seen = await watching(() =>
        expect(() =>
          reader({ path: '/callbacks/twilio/call/x/keys', headers: { 'x-twilio-signature': text }, body }),
        ).toThrow('expected a callback that Twilio signed'),
      );
      expect(shapes.map(shape => seen.get(shape))).toEqual([undefined, undefined]);
    }
  });

  test('A96 functions that strip characters finish and strip them all', () => {
    for (const text of adversarial) {
      expect(typedDigits(text).length).toBeLessThanOrEqual(text.length);
      expect(plain(text)).not.toContain('\0');
      expect(maskNumbers(text).length).toBeGreaterThan(0);
    }
  });
});

describe('A96 over HTTP', () => {
  const watched = createCostMeter();
  let world: ThreatWorld;
  let served: Awaited<ReturnType<typeof listenAsServed>>;
  beforeAll(async () => {
    world = await startThreatWorld({ wrap: watched.wrap });
    served = await listenAsServed(watched.resources());
  });
  afterAll(async () => {
    await served.close();
    await world.close();
  });
  beforeEach(() => {
    world.clock.advance(86_400_000);
    watched.reset();
  });

  test('A96 in a sign-in every bounded pattern gets short texts only', async () => {
    const browser = world.recordingBrowser();
    const seen = await watching(() => world.beginAs(browser, world.people.linus));
    await expectSignedIn(world, browser, world.people.linus);
    expect(seen.size).toBeGreaterThan(10);
    isBounded(seen);
  });

  test('A96 64 KiB in any field is refused unread and not hashed', async () => {
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, world.people.noor);
    const fields = [
      ['/password', 'name'],
      ['/password', 'password'],
      ['/factor', 'code'],
      ['/options', 'method'],
      ['/consent', 'answer'],
      ['/account', 'account'],
    ];
    watched.reset();
    for (const text of adversarial) {
      const seen = await watching(async () => {
        for (const [step = '', field = ''] of fields) {
          const form = { name: 'noor', [field]: text };
          const { status } = await browser.go(page.path + step, { form });
          expect(status).toBe(413);
        }
        expect((await browser.go('/language', { form: { back: text } })).status).toBe(413);
      });
      // Patterns read pages of ours, which are longer, but never the text that was sent.
      isBounded(seen);
    }
    expect(watched.hashes).toBe(0);
  });

  test('A96 the longest possible header, path and query are answered', async () => {
    const browser = world.recordingBrowser();
    const { page } = await world.begin(browser);
    const names = [
      'accept',
      'accept-language',
      'user-agent',
      'content-type',
      'x-forwarded-for',
      'forwarded',
      'origin',
      'referer',
      'authorization',
      'if-none-match',
      'cookie',
      'sec-fetch-site',
      'x-twilio-signature',
    ];
    const base = { host: world.issuer.host, cookie: browser.jar.for(page.path), accept: 'text/html' };
    for (const unit of ['a', ' ', ',', ';', '.', '-', '/', '=', '"', 'en;q=0.1,', '1.2.3.4,', 'a=b; ', 'text/a,']) {
      const text = `${unit.repeat(Math.ceil(12_000 / unit.length))}x`;
      const seen = await watching(async () => {
        for (const name of names) {
          for (const [method, path] of [
            ['GET', page.path],
            ['POST', `${page.path}/password`],
            ['GET', '/assets/x.css'],
            ['POST', '/token'],
          ] as const) {
            const asked = head(method, path, {
              ...base,
              ...(method === 'POST' && { 'content-length': '0' }),
              [name]: text,
            });
            const [status = 500] = (await sendRaw(served.port, [asked])).statuses;
            expect({ name, path, isFault: status >= 500 }).toEqual({ name, path, isFault: false });
          }
        }
        const encoded = encodeURIComponent(text).slice(0, 12_000);
        for (const path of [
          `/${encoded}`,
          `/interaction/${encoded}`,
          `/assets/${encoded}`,
          `/auth/${encoded}`,
          `${page.path}?${encoded}`,
          `/auth?client_id=contoso&ui_locales=${encoded}&login_hint=${encoded.slice(0, 100)}`,
        ]) {
          const [status = 500] = (await sendRaw(served.port, [head('GET', path.replaceAll(/%.?$/g, ''), base)]))
            .statuses;
          expect({ path: path.slice(0, 40), isFault: status >= 500 }).toEqual({
            path: path.slice(0, 40),
            isFault: false,
          });
        }
      });
      isBounded(seen);
    }
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('A96 a client with such a name or address is refused', async () => {
    const clients = await world.services.clients();
    expect(await clients.add({ client_name: 'A', redirect_uris: ['https://a.test/cb'] }, 'cli')).toMatchObject({
      ok: true,
    });
    for (const text of adversarial) {
      for (const client of [
        { client_name: text, redirect_uris: ['https://a.test/cb'] },
        { client_id: text, redirect_uris: ['https://a.test/cb'] },
        { redirect_uris: [`https://a.test/${text}`] },
      ]) {
        let added: unknown;
        const seen = await watching(async () => {
          added = await clients.add(client, 'cli');
        });
        expect(added).toMatchObject({ ok: false, reason: 'invalid', message: expect.stringMatching(/^.{1,200}$/) });
        expect(longestSeen(seen)).toBeLessThan(1000);
      }
    }
  });
});
