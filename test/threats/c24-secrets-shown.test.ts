/**
 * C24. A view of something returns its secret: a list, a show or an export gives the secret of a client, the seed of an app or a
 * password to anyone with the right to look (GHSA-m9h4-7j9c-55x9, CVE-2026-40166). Or a masked value, sent back with a new target,
 * is taken for the real one, which then goes to that target (CVE-2026-15943). A secret is shown once, when it is made; views have
 * none, and a masked value is no value.
 * Guards: `src/oidc/clients.ts#Clients`, `src/masking.ts#maskNumber`, `src/config/table.ts#table`.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fields } from '../../web/pages/links.ts';
import { openAccount } from '../portals/support/portal.ts';
import { formTo, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { checkAgain, enterCode, pickUp } from '../support/world/relying-party.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';
import { createSecretCollection } from '../support/surface/secrets.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

describe('C24 commands that only look', () => {
  let line: CommandLine;
  /** Every secret that a command showed when it was made, or that a setting holds. */
  const secrets: string[] = [];
  const settings = {
    SALLYPORT_SEALING_KEYS: `first:${randomBytes(32).toString('base64')}`,
    SALLYPORT_SMTP_URL: 'smtps://mailer:mail-passw0rd@mail.example:465',
    SALLYPORT_MAIL_FROM: 'Sallyport <login@sallyport.test>',
    SALLYPORT_TWILIO_AUTH_TOKENS: 'c0ffee'.repeat(6),
    SALLYPORT_TWILIO_ACCOUNT_SID: `AC${'5'.repeat(32)}`,
    SALLYPORT_TWILIO_FROM: '+12025550100',
  };
  beforeAll(async () => {
    line = await openCommandLine({ SALLYPORT_ISSUER: 'http://localhost:4310', ...settings });
    secrets.push(settings.SALLYPORT_SEALING_KEYS.slice(6), 'mail-passw0rd', settings.SALLYPORT_TWILIO_AUTH_TOKENS);
    await line.run('clients', 'list');
  });
  afterAll(() => line.close());

  test('C24 a secret is shown by the command that makes it', async () => {
    const made = await line.run('clients', 'add', 'CRM', '--id', 'crm', '--redirect-uri', 'https://crm.example/cb');
    const newer = await line.run('clients', 'new-secret', 'crm');
    for (const { out } of [made, newer]) {
      const [secret = ''] = /(?<=client_secret +)\S{43}/.exec(out) ?? [];
      expect(secret).toHaveLength(43);
      secrets.push(secret);
    }
  });

  test.each([
    ['clients', 'list'],
    ['clients', 'list', '--json'],
    ['clients', 'show', 'crm'],
    ['clients', 'show', 'crm', '--json'],
    ['clients', 'show', 'crm', '--for', 'oauth2-proxy'],
    ['clients', 'set', 'crm', '--require-mfa'],
    ['users', 'list', '--json'],
    ['keys', 'list'],
    ['keys', 'list', '--json'],
    ['keys', 'sealed'],
    ['outbox', 'list', '--json'],
    ['config', 'check'],
    ['config', 'print'],
    ['people', 'export'],
  ])('C24 %s %s %s shows none', async (...words) => {
    const { out, err } = await line.run(...words.filter(word => word !== undefined));
    expect(out + err).not.toBe('');
    expect(secrets.length).toBeGreaterThan(4);
    expect(secrets.filter(secret => (out + err).includes(secret))).toEqual([]);
    // A digest would be compared with guesses, and a private key signs.
    expect(out + err).not.toMatch(/"client_secret"|"previous_secret"|\$argon2|"d":|PRIVATE KEY/);
  });

  test('C24 what stands for a secret in a view is not a secret: it opens no client, and no option takes it', async () => {
    const { code } = await line.run('clients', 'set', 'crm', '--client-secret', '***');
    expect(code).not.toBe(0);
  });
});

describe('C24 pages that only look', () => {
  const secrets = createSecretCollection();
  let world: World;
  const answerSecondStep = async (browser: Browser, person: TestPerson, page: Answer): Promise<Answer> => {
    if (page.text.includes('name="code"')) return enterCode(browser, page, codeAt(person, world.clock()));
    await pickUp(person, '#');
    return checkAgain(browser, page);
  };
  beforeAll(async () => {
    world = await startWorld({
      wrap: secrets.wrap,
      env: { SALLYPORT_FACTORS: 'totp,call,sms', SALLYPORT_DEVELOPERS: 'everyone' },
    });
    await secrets.addWorld(world);
  });
  afterAll(() => world.close());

  test('C24 the security page shows no seed, hash, number or code, and masks the rest', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    await openAccount(browser, ada);
    const texts: string[] = [];
    for (const path of ['/account', '/account/profile', '/account/sessions', '/account/apps']) {
      const page = await browser.visit(path);
      expect([path, page.status]).toEqual([path, 200]);
      texts.push(page.text);
    }
    for (const id of ada.user.authenticators) texts.push((await browser.visit(`/account/methods/${id}`)).text);
    expect(secrets.size).toBeGreaterThan(5);
    expect(secrets.foundIn(texts.join('\n'))).toEqual([]);
    expect(texts.join('\n')).not.toContain(ada.number ?? 'none');
    expect(texts.join('\n')).toContain('43');
  });

  test('C24 the developer portal shows a secret where it is made, and on no page after that', async () => {
    await world.nextDay();
    const { grace } = world.people;
    const browser = world.browser();
    await openAccount(browser, grace, '/developer');
    const made = await browser.visit('/developer/new/web', {
      form: { client_name: 'Contoso', redirect_uris: 'http://localhost:3000/callback' },
    });
    const [, shown = ''] = /id="client-secret">([^<]+)</.exec(made.text) ?? [];
    expect(shown).toHaveLength(43);
    const texts: string[] = [];
    for (const path of ['/developer', made.path, `${made.path}/edit`, `${made.path}/secret`, '/developer/playground']) {
      const page = await browser.visit(path);
      expect([path, page.status]).toEqual([path, 200]);
      texts.push(page.text);
    }
    const all = texts.join('\n');
    expect(all).not.toContain(shown);
    expect(secrets.foundIn(all)).toEqual([]);
  });

  test('C24 a masked number that is sent back is no number, and no message goes anywhere', async () => {
    await world.nextDay();
    const { ada } = world.people;
    const browser = world.browser();
    const account = await openAccount(browser, ada);
    // Proves the second step again, as every set-up of a method needs.
    let page = await browser.visit('/account/add-method');
    page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
    page = await answerSecondStep(browser, ada, page);
    const [seen = ''] = /[^<>"]{1,20}43(?=<)/.exec(account.text) ?? [];
    for (const number of [seen, '•••• 43', '***43', '+1 ••• ••• ••43', 'XXXXXXXX43']) {
      const form = {
        [fields.country]: 'US',
        [fields.number]: number,
        [fields.phoneKind]: 'mobile',
        [fields.by]: 'sms',
      };
      const answer = await browser.visit(`/interaction/${uidOf(page)}/enroll/phone`, { form });
      expect([number, answer.status, answer.text.includes('IDP-2312')]).toEqual([number, 422, true]);
    }
    const user = await world.services.users.get(ada.user.id);
    expect(user?.authenticators).toEqual(ada.user.authenticators);
  });

  test('C24 a token request of another client, and userinfo, return no secret of the person or the client', async () => {
    const answer = await world.browser().go('/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&client_id=account&client_secret=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    });
    expect(answer.status).toBe(401);
    expect(secrets.foundIn(answer.text)).toEqual([]);
  });
});
