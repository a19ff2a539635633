/**
 * C41. The audit is durable and stays for more than a year, and each record waits for the disk. Whoever can cause records
 * without an account, a client or a call fills the disk and slows every sign-in: forged callbacks, the address of another
 * browser's sign-in, a wrong client secret, an authorization request that is refused, names that do not exist.
 * Guards: `src/counted-audit.ts#CountedAudit`, `src/oidc/events.ts#recordEvents`, `server/endpoints/callbacks.ts#callbackRoutes`,
 * `interactions/expired.ts#recordElsewhere`, `src/users/passwords/password.ts#Passwords`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { auditEventKind, type AuditRecord } from '../../src/records.ts';
import { enterCode } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { behindProxy, nextHour, tryPassword } from './support/passwords.ts';
import { startThreatWorld, type RecordingBrowser, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  // More than are tried: the alarm of password spraying is one more record an hour, which a19 tests.
  const noAlarm = { SALLYPORT_WRONG_PASSWORDS_ALARM_PER_MINUTE: `${times + 1}` };
  world = await startThreatWorld({ env: { ...behindProxy, ...noAlarm } });
});
afterAll(() => world.close());
beforeEach(() => world.clock.set(nextHour(world.clock())));

const times = 50;
const addresses = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4', '203.0.113.5'];
const from = (at: number) => ({ 'x-forwarded-for': addresses[at % addresses.length] ?? '' });

const rows = async (): Promise<readonly AuditRecord[]> =>
  world.store.durable.collection(auditEventKind).find({}, { limit: 10_000 });

/** Records of the current hour, after the next one has begun and their counts are complete. */
const countedBy = async (attack: (at: number) => Promise<unknown>): Promise<readonly AuditRecord[]> => {
  const before = (await rows()).length;
  const logged = world.logged.length;
  for (let at = 0; at < times; at += 1) await attack(at);
  world.clock.set(nextHour(world.clock()));
  await world.clock.fired();
  const found = (await rows()).slice(before);
  const refusals = world.logged.slice(logged).filter(({ event }) => found.some(row => row.event === event));
  expect(refusals).toHaveLength(times);
  return found;
};
const total = (found: readonly AuditRecord[]): number =>
  found.reduce((sum, { facts }) => sum + Number(facts['count']), 0);

const tokenRequest = async (at: number, id: string, secret: string): Promise<number> => {
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  const { status } = await fetch(new URL('/token', world.issuer), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'x'.repeat(43),
      redirect_uri: world.rp.redirectUri,
    }),
    headers: { ...from(at), authorization: `Basic ${basic}` },
  });
  return status;
};

describe('C41 events that anyone can cause', () => {
  test('C41 what an account or a client stands behind is one record each, with its name', async () => {
    const { noor } = world.people;
    const before = (await rows()).length;
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, noor);
    await enterCode(browser, page, codeAt(noor, world.clock()));
    for (let at = 0; at < 3; at += 1) {
      const guess = { name: noor.name, password: 'wrong', address: '203.0.113.9' };
      const stranger = world.recordingBrowser();
      await tryPassword(stranger, (await world.begin(stranger)).uid, guess);
      await tokenRequest(at, world.rp.client.id, world.rp.client.secret ?? '');
    }
    const found = (await rows()).slice(before);
    expect(found.filter(({ event, subject }) => event === 'password.refused' && subject === noor.user.id)).toHaveLength(
      3,
    );
    const ofClient = found.filter(({ event }) => event === 'token.refused');
    expect(ofClient.map(({ actor, facts }) => [actor, facts['count']])).toEqual(
      Array.from({ length: 3 }, () => [`client:${world.rp.client.id}`, undefined]),
    );
  });

  test('C41 who cancels after the password is named in a record, who cancels before is counted', async () => {
    const { noor } = world.people;
    const cancel = async (browser: RecordingBrowser, uid: string) => {
      const left = await browser.visit(`/interaction/${uid}/cancel`, { form: {} });
      const to = browser.next(left);
      if (to?.origin === world.issuer.origin) await browser.visit(to.href);
    };
    const proven = world.recordingBrowser();
    await cancel(proven, (await world.beginAs(proven, noor)).uid);
    const strangers = [world.recordingBrowser(), world.recordingBrowser()];
    for (const browser of strangers) await cancel(browser, (await world.begin(browser)).uid);
    const found = (await world.audited('sign-in.cancelled')).map(({ subject, facts }) => [subject, facts['count']]);
    expect(found).toEqual([
      [noor.user.id, undefined],
      [undefined, 2],
    ]);
  });

  const attacks: readonly (readonly [string, (at: number) => Promise<unknown>])[] = [
    [
      'forged callbacks',
      async at => {
        const form = { a: String(at) };
        const { status } = await world.recordingBrowser().go('/callbacks/twilio/call/AAAAAAAAAAAAAAAAAAAAAA/keys', {
          form,
          headers: from(at),
        });
        expect(status).toBe(403);
      },
    ],
    [
      'wrong secrets of a client',
      async at => expect(await tokenRequest(at, world.rp.client.id, `guess-${at}`)).toBe(401),
    ],
    [
      'requests of a page of another origin with the id of a client',
      async at => {
        const { status } = await world.recordingBrowser().go('/token', {
          form: { grant_type: 'authorization_code', client_id: world.rp.client.id, client_secret: `guess-${at}` },
          headers: { ...from(at), origin: 'https://evil.test' },
        });
        expect([400, 401]).toContain(status);
      },
    ],
    ['unknown clients', async at => expect(await tokenRequest(at, `nobody-${at}`, 'secret')).toBe(401)],
    [
      'requests without a page of a browser without a session (prompt=none)',
      async at => {
        const { url } = await world.rp.begin({ prompt: 'none' });
        expect(await world.recordingBrowser().go(url, { headers: from(at) })).toMatchObject({ status: 303 });
      },
    ],
    [
      'authorization requests of unknown clients',
      async at => {
        const { status } = await world
          .recordingBrowser()
          .go(`/auth?client_id=nobody-${at}&response_type=code&scope=openid`, { headers: from(at) });
        expect(status).toBe(400);
      },
    ],
  ];
  test.each(attacks)('C41 %s are one record for each address and hour, with their count', async (_what, attack) => {
    const found = await countedBy(attack);
    expect(found).toHaveLength(addresses.length);
    expect(found.map(({ facts }) => facts['address'])).toEqual(addresses);
    expect(total(found)).toBe(times);
  });

  test('C41 passwords of names that do not exist are one record for each address and hour', async () => {
    const browser = world.recordingBrowser();
    const { uid } = await world.begin(browser);
    const found = await countedBy(async at => {
      const address = addresses[at % addresses.length] ?? '';
      expect(await tryPassword(browser, uid, { name: `ghost-${at}`, password: 'wrong', address })).toMatchObject({
        status: 422,
      });
    });
    expect(found.map(({ event }) => event)).toEqual(addresses.map(() => 'password.refused'));
    expect(total(found)).toBe(times);
  });

  test('C41 the address of a sign-in, opened in other browsers, is one record for each address and hour', async () => {
    const victim = world.recordingBrowser();
    const { uid } = await world.beginAs(victim, world.people.noor);
    const found = await countedBy(async at => {
      const { status } = await world.recordingBrowser().go(`/interaction/${uid}`, { headers: from(at) });
      expect(status).toBe(403);
    });
    expect(found.map(({ facts }) => facts['reason'])).toEqual(addresses.map(() => 'elsewhere'));
    expect(total(found)).toBe(times);
  });
});
