/**
 * A89. Logs are copied to many places and read by many people. The test collects every secret of a run: passwords,
 * seeds, codes, tokens, cookies, keys, and messages of channels. It searches the log at debug level, the audit, error
 * pages, and all other output of the process. It does so while requests succeed, while they are refused, and while
 * stores and factors fail.
 * Guards: `src/log.ts#isSecretName`, `src/log.ts#unquoted`, `src/masking.ts#maskTokens`, the closed list of
 * `src/audit.ts#AuditFacts`, and messages of Problem, which tell got and expected without a secret value.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { fetchUserInfo, refreshTokenGrant, tokenIntrospection, tokenRevocation } from 'openid-client';
import { Problem } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { auditEventKind } from '../../src/records.ts';
import { formTo, type Answer, type Ask, Browser } from '../support/browser/plain.ts';
import { post } from '../support/carrier/wire.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { start } from '../support/world/programs.ts';
import {
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
  type Tokens,
} from '../support/world/relying-party.ts';
import { createFaultSwitches } from '../support/surface/fault-switches.ts';
import { captureLog, type CapturedLog } from '../support/surface/captured-log.ts';
import { createSecretCollection } from '../support/surface/secrets.ts';
import { startWorld, type World } from '../support/world/world.ts';

const secrets = createSecretCollection();
const faults = createFaultSwitches();
let lines: CapturedLog;
let world: World;
let rp: RelyingParty;
const failed: Answer[] = [];

/** Keeps its answers for the search, and adds its secrets to the collection. */
class WatchedBrowser extends Browser {
  override async go(to: string, how: Ask = {}): Promise<Answer> {
    const answer = await super.go(to, how);
    secrets.addLocation(answer);
    secrets.addCookies(this.jar);
    if (answer.status >= 400 && ![422, 429].includes(answer.status)) failed.push(answer);
    return answer;
  }
}
const browse = (): WatchedBrowser => new WatchedBrowser(world.place);

beforeAll(async () => {
  lines = captureLog();
  world = await startWorld({
    env: { SALLYPORT_FACTORS: 'totp,call,sms,spoken' },
    wrap: resources => lines.wrap(faults.wrap(secrets.wrap(resources))),
  });
  const secret = `client-secret-${randomBytes(24).toString('base64url')}`;
  secrets.add('client secret', secret);
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso', secret }));
  await secrets.addWorld(world);
});
afterAll(async () => {
  lines.stop();
  await world.close();
});

const addTokens = (tokens: Tokens): void => {
  for (const name of ['access_token', 'refresh_token', 'id_token'] as const) secrets.add(name, tokens[name]);
};

/** Searches every place that must hold no secret. */
const searched = async (): Promise<readonly string[]> => {
  const rows = await world.store.durable.collection(auditEventKind).find({}, { limit: 1000 });
  const places = { log: lines.lines.join(''), audit: JSON.stringify(rows), console: lines.output.join('') };
  const pages = failed.map(({ path, status, text }) => {
    // The links of a page contain its own address, which its reader already knows.
    const own = path.match(/[\w-]{22,}/g) ?? [];
    return [`page ${status} ${path}`, own.reduce((rest, each) => rest.replaceAll(each, ''), text)] as const;
  });
  return [...Object.entries(places), ...pages].flatMap(([place, text]) =>
    secrets.foundIn(text).map(name => `${name} in ${place}`),
  );
};

const typed = async (browser: Browser): Promise<Answer> => {
  const page = await browser.visit((await rp.begin()).url);
  return enterPassword(browser, page, world.people.noor);
};
const form = (fields: Readonly<Record<string, string>>): Ask => ({ method: 'POST', form: fields });
const canary = (name: string): string => {
  const value = `canary-${randomBytes(18).toString('base64url')}`;
  secrets.add(name, value);
  return value;
};

describe('A89 no secret is logged', () => {
  test('A89 no secret is logged in successful sign-ins, token requests and sign-out', async () => {
    const { ada, noor } = world.people;
    addTokens(await signIn(rp, browse(), ada));
    const own = browse();
    secrets.add('code of an app', codeAt(noor, world.clock()));
    const tokens = await signIn(rp, own, noor);
    addTokens(tokens);
    await fetchUserInfo(rp.config, tokens.access_token, noor.user.id);
    await tokenIntrospection(rp.config, tokens.access_token);
    const renewed = await refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
    addTokens(renewed);
    await tokenRevocation(rp.config, renewed.refresh_token ?? '');
    const question = await own.visit(`/session/end?id_token_hint=${tokens.id_token ?? ''}`);
    const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
    secrets.add('secret of a sign-out', hidden['xsrf']);
    await own.visit(action, { form: { ...hidden, logout: 'yes' } });
    expect(lines.lines.length).toBeGreaterThan(10);
    expect(secrets.size).toBeGreaterThan(40);
    expect(await searched()).toEqual([]);
  });

  test('A89 no secret is logged with texted and dictated codes, right and wrong', async () => {
    const { grace } = world.people;
    const heard = async (): Promise<string> => {
      await grace.phone.ringing();
      await grace.phone.answer();
      await grace.phone.hear();
      await grace.phone.press('#');
      const said = (await grace.phone.hear()).heard.map(({ text }) => text).join(' ');
      await grace.phone.hangUp();
      return said;
    };
    const ways: readonly (readonly [RegExp, () => Promise<string>])[] = [
      [/Text a code/, async () => (await grace.phone.text()).text],
      [/Call me with a code/, heard],
    ];
    for (const [row, read] of ways) {
      await world.nextDay();
      const browser = browse();
      const calling = await enterPassword(browser, await browser.visit((await rp.begin()).url), grace);
      const page = await chooseOption(browser, calling, row);
      const code = /(?:\d[ ,.]*){6}/.exec(await read())?.[0].replaceAll(/\D/g, '') ?? '';
      expect(code).toMatch(/^\d{6}$/);
      secrets.add('code that was read', code);
      const wrong = code === '135790' ? '246801' : '135790';
      secrets.add('wrong code', wrong);
      const again = await enterCode(browser, page, wrong);
      expect(again.status).toBe(422);
      expect(browser.next(await enterCode(browser, again, code))?.href).toContain('code=');
    }
    expect(await searched()).toEqual([]);
  });

  test('A89 no secret is logged in refused requests', async () => {
    const { noor, grace } = world.people;
    const browser = browse();
    const first = await browser.visit((await rp.begin()).url);
    const { action } = formTo(first, /\/password$/);
    // Also in fields where people type it by mistake, and in unknown fields.
    await browser.visit(action, { form: { name: 'noor', password: canary('wrong password') } });
    await browser.visit(action, { form: { name: canary('password as name'), password: 'x' } });
    await browser.visit(action, {
      form: { name: 'noor', password: 'x', [canary('unknown field')]: canary('its value') },
    });
    await browser.visit(action, { form: { name: 'noor', password: canary('long').repeat(200) } });
    const page = await typed(browser);
    const wrong = wrongCodeAt(noor, world.clock());
    secrets.add('wrong code', wrong);
    await enterCode(browser, page, wrong);
    await browser.visit(`${page.path}/factor`, {
      body: canary('body'),
      headers: { 'sec-fetch-site': 'same-origin' },
      method: 'POST',
    });
    await browser.go(`${page.path}/factor?code=${canary('query')}`, { method: 'PUT' });
    await browse().visit(page.path);
    await browser.visit(`/interaction/${canary('interaction')}`);
    // Protocol: invalid codes, tokens, secrets and assertions in every parameter that takes one.
    for (const name of [
      'code',
      'refresh_token',
      'client_secret',
      'code_verifier',
      'client_assertion',
      'token',
      'id_token_hint',
      'state',
      'nonce',
      'claims',
      'request',
      'access_token',
    ]) {
      const client = { client_id: 'contoso', client_secret: rp.client.secret ?? '', grant_type: 'authorization_code' };
      const other = {
        ...client,
        redirect_uri: rp.redirectUri,
        code: 'x',
        [name]: canary(`${name} at the token endpoint`),
      };
      await browser.go('/token', form(other));
      await browser.go('/token', form({ ...other, grant_type: 'refresh_token' }));
      for (const path of ['/token/revocation', '/token/introspection', '/request', '/me'])
        await browser.go(path, form(other));
      await browser.go(`${(await rp.begin()).url}&${name}=${canary(`${name} in a request`)}`);
      await browser.go(`/me?${name}=${canary(`${name} in an address`)}`);
    }
    for (const scheme of ['Bearer', 'DPoP', 'Basic'])
      await browser.go('/me', { headers: { authorization: `${scheme} ${canary(`${scheme} header`)}` } });
    await browser.go('/', {
      headers: { cookie: `sallyport-session=${canary('cookie')}; sallyport-session.sig=${canary('signature')}` },
    });
    await browser.go(`/session/end?id_token_hint=${canary('hint')}`);
    await browser.go(`/nowhere/${canary('path')}`);
    // Callbacks of the carrier: unsigned or too large.
    await enterPassword(browser, await browser.visit((await rp.begin()).url), grace);
    await grace.phone.ringing();
    const token = canary('callback token');
    await post(world, { path: `/callbacks/twilio/call/${token}/keys`, body: `Digits=${canary('keys')}` });
    await post(world, { path: `/callbacks/twilio/call/${token}/keys`, body: 'a'.repeat(70_000) });
    expect(failed.length).toBeGreaterThan(40);
    expect(await searched()).toEqual([]);
  });

  test('A89 no secret is logged when a store or a factor fails', async () => {
    const { noor } = world.people;
    const browser = browse();
    const page = await typed(browser);
    world.clock.advance(60_000);
    const code = codeAt(noor, world.clock());
    secrets.add('code while it breaks', code);
    const before = lines.lines.length;
    for (const what of ['durable', 'shortLived', 'factor'] as const) {
      for (const error of [
        new Problem('unavailable', 'gone', { cause: new Error('connection lost') }),
        new TypeError('x'),
      ]) {
        faults[what] = error;
        await browser.go(`${page.path}/factor`, { form: { code } });
        await browser.go(`${page.path}/password`, { form: { name: 'noor', password: noor.password } });
        await browser.go(page.path);
        await browser.go('/token', {
          form: {
            grant_type: 'refresh_token',
            refresh_token: canary('refresh token'),
            client_id: 'contoso',
            client_secret: rp.client.secret ?? '',
          },
        });
        await browser.go('/me', { headers: { authorization: `Bearer ${canary('bearer')}` } });
        await browser.go('/session/end');
        faults[what] = undefined;
      }
    }
    // And at the resume address, where the library itself calls the broken store.
    const another = browse();
    const { path } = await typed(another);
    world.clock.advance(60_000);
    const done = await another.go(`${path}/factor`, { form: { code: codeAt(noor, world.clock()) } });
    faults.durable = new TypeError('x');
    await another.go(another.next(done)?.href ?? '');
    faults.durable = undefined;
    expect(lines.lines.slice(-3).join('')).toContain('"event":"server_error"');
    expect(lines.lines.slice(before).filter(line => line.includes('"level":"error"')).length).toBeGreaterThan(10);
    expect(failed.filter(({ status }) => status >= 500).length).toBeGreaterThan(10);
    expect(await searched()).toEqual([]);
  });

  test('A89 text that JSON.parse cannot read is not quoted', () => {
    // Short, because V8 quotes only the beginning of a longer text.
    const secret = 'k9-x4m2q';
    secrets.add('unreadable', secret);
    const written: string[] = [];
    const log = createLog({ level: 'debug', write: line => void written.push(line) });
    for (const text of [secret, `{"a":"${secret}`, `["${secret}"],`, `${secret}\n"x"`]) {
      try {
        JSON.parse(text);
      } catch (error) {
        log.error('broke', { error: new Problem('internal', 'broke', { cause: error }), said: String(error) });
      }
    }
    expect(written).toHaveLength(4);
    expect(written.join('')).toContain('is not valid JSON');
    expect(secrets.foundIn(written.join(''))).toEqual([]);
  });

  test('A89 the search of this test finds secrets', () => {
    const value = canary('found');
    expect(secrets.foundIn(`before ${value} after`)).toEqual(['found']);
    secrets.add('digits', '918273');
    expect([secrets.foundIn('"918273"'), secrets.foundIn('id-918273-x 9182734')]).toEqual([['digits'], []]);
  });
});

test('A89 a failed start names the fault of a secret and not the secret', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-a89-'));
  const server = start('server/main.ts', [], {
    cwd: folder,
    env: {
      SALLYPORT_ISSUER: 'http://localhost:3000',
      SALLYPORT_SEALING_KEYS: `k1:${canary('sealing key')}`,
      SALLYPORT_TWILIO_ACCOUNT_SID: 'AC1',
      SALLYPORT_TWILIO_AUTH_TOKENS: canary('auth token'),
      SALLYPORT_DATABASE_URL: `mongodb://user:${canary('database password')}@127.0.0.1:1/x`,
      REDIS_URL: `redis://:${canary('redis password')}@127.0.0.1:1`,
    },
  });
  expect(await server.ended).not.toBe(0);
  expect(server.said.err).toContain('SALLYPORT_SEALING_KEYS');
  expect(secrets.foundIn(server.said.out + server.said.err)).toEqual([]);
  await rm(folder, { recursive: true });
});
