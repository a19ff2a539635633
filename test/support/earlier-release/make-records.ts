/**
 * Writes `test/data/n-1` with the program of this checkout: `npm test -- --config tools/jest/records.config.mjs`. A release tests
 * with the records of the previous one, so this runs once for each release, in a checkout of its last commit.
 */
import { test } from '@jest/globals';
import { hash as bcryptHash } from 'bcryptjs';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generateSecret, generateSync } from 'otplib';
import { openSqliteDurable, openSqliteShortLived } from '../../../adapters/sqlite.ts';
import { person } from '../../../simulator/person.ts';
import { models, SoftwareAuthenticator } from '../authenticator/authenticator.ts';
import type { Cookie } from '../browser/jar.ts';
import { formTo, uidOf, type Answer, type Browser } from '../browser/plain.ts';
import { hashOf } from '../hash-of.ts';
import { createDeviceKey, thumbprintOf } from '../phone/jwt.ts';
import { Phone } from '../phone/phone.ts';
import type { Store } from '../world/stores.ts';
import { givePasskey } from '../world/passkeys.ts';
import { atClient, checkAgain, enterCode, enterPassword } from '../world/relying-party.ts';
import { askForLink } from '../world/reset-link.ts';
import { startWorld, type World } from '../world/world.ts';
import { authorize, postAsClient, redeem, redirectUri } from './authorization.ts';
import { atIssuer, settingsAt } from './issuer.ts';
import { issuer, password, settingsOf, type Authorization, type BegunSignIn, type Kept } from './kept.ts';

const folder = join(import.meta.dirname, '../../data/n-1');
const sealingKeys = `n-1:${createHash('sha256').update('records').digest('base64')}`;
const clientSecret = 'a secret of the client contoso, N-1';
const source = { actor: 'cli', reason: 'records' };

/** A file that stays. */
const storeAt = (file: string): Store => ({
  name: 'sqlite',
  open: async clock => {
    const node = () => ({
      durable: openSqliteDurable({ file, clock }),
      shortLived: openSqliteShortLived({ file, clock }),
    });
    const opened = node();
    return {
      ...opened,
      reopen: async () => node(),
      close: async () => {
        await Promise.all([opened.durable.close(), opened.shortLived.close()]);
      },
    };
  },
});

const addAccount = async (
  { services }: World,
  name: string,
  more: { readonly passwordHash?: string } = {},
): Promise<string> => {
  const passwordHash = more.passwordHash ?? (await hashOf(services, password));
  const added = await services.users.add(
    { name, displayName: name, email: `${name}@example.com`, emailVerified: true, passwordHash },
    'cli',
  );
  if (!added.ok) throw new Error(`${name}: ${added.reason}`);
  return added.user.id;
};

const begin = async (
  browser: Browser,
  name: string,
  wish: Readonly<Record<string, string>> = {},
): Promise<{ readonly page: Answer; readonly authorization: Authorization }> => {
  const { url, authorization } = authorize(wish);
  const page = await enterPassword(browser, await browser.visit(url), { name, password });
  return { page, authorization };
};

const chooseMethod = async (browser: Browser, at: Answer, factor: string): Promise<Answer> => {
  const options = await browser.visit(`/interaction/${uidOf(at)}/options`);
  const [, method = ''] = new RegExp(`name="method" value="(${factor}[^"]*)"`).exec(options.text) ?? [];
  return browser.visit(formTo(options, /\/options$/).action, { form: { method } });
};

/** Without their headers, which are for tests of attributes. */
const cookiesOf = ({ jar }: Browser): readonly Cookie[] => jar.cookies.map(cookie => ({ ...cookie, header: '' }));

const codeIn = (text: string): string => /\b\d{6}\b/.exec(text.replaceAll(/(?<=\d)[ ,.]+(?=\d)/g, ''))?.[0] ?? '';

// oxlint-disable-next-line jest/expect-expect -- it writes files
test('writes the records of this release', async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'made.db');
  const world = await startWorld({
    store: storeAt(file),
    issuer,
    env: settingsOf(sealingKeys),
    phones: ['sam', 'sue', 'carl'].map((name, at) => ({ name, number: `+1202555016${at}` })),
    wrap: atIssuer,
  });
  const { services, clock } = world;
  const now = clock();
  const people: Record<string, string> = Object.fromEntries(
    Object.values(world.people).map(({ name, user }) => [name, user.id]),
  );
  for (const { name, user } of Object.values(world.people))
    await services.users.setPassword(user.id, await hashOf(services, password), source).catch(() => name);
  const add = async (name: string, more = {}): Promise<string> => (people[name] = await addAccount(world, name, more));
  const seeds: Record<string, string> = {
    ada: world.people.ada.totpSecret ?? '',
    noor: world.people.noor.totpSecret ?? '',
  };
  const giveApp = async (name: string): Promise<void> => {
    const secret = generateSecret({ length: 20 });
    seeds[name] = secret;
    const data = { secret, lastStep: -1 };
    await services.authenticators.bind(people[name] ?? '', { type: 'totp', label: 'App', data });
  };
  const appCode = (name: string): string =>
    generateSync({ secret: seeds[name] ?? '', epoch: Math.floor(clock() / 1000) });

  // Clients: a confidential one with back-channel logout, a public one, and a resource server.
  await world.addClient({
    id: 'contoso',
    secret: clientSecret,
    redirectUris: [redirectUri],
    backchannel_logout_uri: 'https://contoso.test/backchannel',
    backchannel_logout_session_required: true,
  });
  const clients = await services.clients();
  await clients.write({ client_id: 'native', client_name: 'Native', redirect_uris: ['http://127.0.0.1/callback'] });

  // Accounts with each kind of authenticator, and in each state.
  for (const [at, [name, factor]] of [
    ['sam', 'sms'] as const,
    ['sue', 'spoken'] as const,
    ['carl', 'call'] as const,
  ].entries()) {
    const id = await add(name);
    const data = { number: `+1202555016${at}` };
    const phone = await services.authenticators.bind(id, { type: 'phone', label: 'mobile', data });
    await services.authenticators.prefer(id, phone.id, factor);
  }
  const eve = await add('eve');
  await services.authenticators.bind(eve, { type: 'email', label: 'E-mail', data: { email: 'eve@example.com' } });
  const rex = await add('rex');
  await giveApp('rex');
  const recovery = await services.recoveryCodes.renew(rex, source);
  const tom = await add('tom');
  await giveApp('tom');
  const { pass } = await services.passes.issue(tom, {}, source);
  const pat = await add('pat');
  const patUser = await services.users.get(pat);
  if (patUser === undefined) throw new Error('Pat is gone');
  const passkey = await givePasskey(
    { ...world, settings: settingsAt(world.settings) },
    { user: patUser },
    new SoftwareAuthenticator(models.securityKey),
  );
  const dora = await add('dora');
  const phoneKey = createDeviceKey();
  const phone = new Phone(world.place, { name: 'Dora’s Pixel', key: phoneKey });
  const { kty = '', crv = '', x = '', y = '' } = phoneKey.jwk;
  const device = await services.authenticators.bind(
    dora,
    {
      type: 'push',
      label: phone.name,
      handle: phoneKey.kid,
      data: { key: { kty, crv, x, y }, push: 'none', language: 'en', unlock: 'none', pairedAt: now },
    },
    { also: [{ type: 'totp', label: phone.name, data: { secret: generateSecret({ length: 20 }), lastStep: -1 } }] },
  );
  await services.authenticators.bind(dora, {
    type: 'phone',
    label: 'alternate',
    data: { number: '+12025550145', kind: 'alternate' },
  });
  await services.authenticators.prefer(dora, device.id, 'push');
  await add('bob', { passwordHash: await bcryptHash(password, 4) });
  const lou = await add('lou');
  await services.users.lock(lou, source);
  const fay = await add('fay');
  await services.freezes.freeze(fay, now, source);
  const may = await add('may');
  await services.users.requirePasswordChange(may, source);
  await askForLink(world.browser(), 'bob');

  // Ada signs in, gets tokens and uses the first refresh token.
  const adaBrowser = world.browser();
  let { page, authorization } = await begin(adaBrowser, 'ada');
  const { number: _number, ...adaPhone } = world.people.ada;
  await adaPhone.phone.ringing();
  await adaPhone.phone.answer();
  await adaPhone.phone.hear();
  clock.advance(1000);
  await adaPhone.phone.press('#');
  page = await checkAgain(adaBrowser, page);
  if (adaBrowser.next(page) === undefined)
    page = await adaBrowser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  const tokens = await redeem(adaBrowser, clientSecret, authorization, atClient(adaBrowser, page));
  const renewed = await postAsClient(adaBrowser, '/token', clientSecret, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token ?? '',
  });

  // Noor has a browser remembered, uses a code there, and types three wrong ones in another.
  const noorBrowser = world.browser();
  const noor = await begin(noorBrowser, 'noor');
  const usedCode = appCode('noor');
  await noorBrowser.visit(formTo(noor.page, /\/factor$/).action, { form: { code: usedCode, remember: 'yes' } });
  const remembered = cookiesOf(noorBrowser).filter(({ name }) => !name.includes('session'));
  clock.advance(60_000);
  const signIns: Record<string, BegunSignIn> = {};
  const keep = (
    factor: string,
    who: string,
    browser: Browser,
    begun: { readonly page: Answer; readonly authorization: Authorization },
    code?: string,
  ): void => {
    const { path } = begun.page;
    signIns[factor] = {
      person: who,
      cookies: cookiesOf(browser),
      path,
      authorization: begun.authorization,
      ...(code !== undefined && { code }),
    };
  };
  const typing = world.browser();
  const wrong = await begin(typing, 'noor');
  for (const code of ['000000', '000001']) await enterCode(typing, wrong.page, code);
  keep('totp', 'noor', typing, wrong);

  // Rex has used one recovery code.
  const [used = '', ...unused] = recovery;
  const rexBrowser = world.browser();
  const rexFirst = await begin(rexBrowser, 'rex');
  await enterCode(rexBrowser, await chooseMethod(rexBrowser, rexFirst.page, 'recovery-code'), used);
  const rexAgain = world.browser();
  const rexSecond = await begin(rexAgain, 'rex');
  const rexPage = await chooseMethod(rexAgain, rexSecond.page, 'recovery-code');
  keep('recovery-code', 'rex', rexAgain, { ...rexSecond, page: rexPage }, unused[0]);

  // One sign-in under way for each other factor.
  const start = async (
    factor: string,
    who: string,
    choose = false,
  ): Promise<{ browser: Browser; page: Answer; keep: (code?: string) => void }> => {
    const browser = world.browser();
    const begun = await begin(browser, who);
    const at = choose ? await chooseMethod(browser, begun.page, factor) : begun.page;
    return { browser, page: at, keep: code => keep(factor, who, browser, { ...begun, page: at }, code) };
  };
  const samPhone = person(world.simulator, '+12025550160');
  const sms = await start('sms', 'sam');
  sms.keep(codeIn((await samPhone.text()).text));
  const suePhone = person(world.simulator, '+12025550161');
  const spoken = await start('spoken', 'sue');
  await suePhone.ringing();
  await suePhone.answer();
  let heard = await suePhone.hear();
  const said: string[] = [];
  for (let turn = 0; turn < 6 && codeIn(said.join(' ')) === ''; turn += 1) {
    said.push(JSON.stringify(heard));
    clock.advance(1000);
    await suePhone.press('#').catch(() => undefined);
    heard = await suePhone.hear().catch(() => heard);
  }
  spoken.keep(codeIn(said.join(' ')));
  const carlPhone = person(world.simulator, '+12025550162');
  const call = await start('call', 'carl');
  await carlPhone.ringing();
  await carlPhone.answer();
  await carlPhone.hear();
  clock.advance(1000);
  await carlPhone.press('#');
  await carlPhone.hear().catch(() => undefined);
  call.keep();
  const email = await start('email', 'eve');
  const [mail] = await world.mailsTo('eve@example.com');
  email.keep(codeIn(mail?.text ?? ''));
  (await start('temporary-access-pass', 'tom', true)).keep(pass);
  (await start('push', 'dora')).keep();
  (await start('passkey', 'pat')).keep();
  const alone = world.browser();
  const { url, authorization: aloneAuthorization } = authorize();
  keep('passkey-alone', 'pat', alone, { page: await alone.visit(url), authorization: aloneAuthorization });

  // Grace gets a call that she does not answer, and mails wait at a server that takes none.
  await begin(world.browser(), 'grace');
  const pinned = thumbprintOf((await phone.configuration()).body.serverKeys.first);
  await services.users.lock(people['linus'] ?? '', source);
  await services.users.unlock(people['linus'] ?? '', source);

  const [credential] = passkey.authenticator.credentials;
  if (credential === undefined) throw new Error('there is no passkey');
  const kept: Kept = {
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
    at: clock(),
    sealingKeys,
    people,
    seeds,
    recoveryCodes: { used, unused },
    pass,
    passkey: {
      id: credential.id,
      rpId: credential.rpId,
      userHandle: credential.userHandle,
      counter: credential.counter,
      key: credential.key.privateKey.export({ format: 'jwk' }),
    },
    phone: { key: phoneKey.privateKey.export({ format: 'jwk' }), pinned },
    clientSecret,
    tokens: {
      access: String(renewed.access_token),
      used: tokens.refresh_token ?? '',
      unused: String(renewed.refresh_token),
    },
    session: cookiesOf(adaBrowser),
    remembered,
    usedCode,
    signIns,
  };
  await writeFile(join(folder, 'kept.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA page_size = 1024; VACUUM INTO '${join(folder, 'store.db')}'`);
  db.close();
  await world.close();
  for (const name of ['made.db', 'made.db-wal', 'made.db-shm', 'made.db-lock'])
    await rm(join(folder, name), { force: true });
}, 120_000);
