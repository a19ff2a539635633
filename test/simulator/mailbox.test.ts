/** Tests the mail server of the simulator and its mailbox: API, page and settings, with mails of the product's own adapter. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import { openSmtp } from '../../adapters/smtp.ts';
import { behaveMailServer, readMail, readMails, resetSimulator } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { MailRefused, type MailTransport } from '../../src/ports/mail.ts';
import { startTestSimulator } from './support.ts';

let simulator: Simulator;
let transport: MailTransport;
beforeAll(async () => {
  simulator = await startTestSimulator({});
  const { hostname, port } = new URL(simulator.mailUrl);
  const from = { name: 'Contoso sign-in', address: 'login@example.com' };
  transport = openSmtp({ host: hostname, port: Number(port), tls: 'none', from });
});
afterEach(() => resetSimulator(simulator.url));
afterAll(() => simulator.close());

const send = (subject: string, to = 'ada@example.com') =>
  transport.send({
    to,
    subject,
    text: `Hello <b>Ada</b>\n\n123456\n\nOpen https://login.example/x?a=1&b=2`,
    html: '<h1>Hello</h1><script>alert(1)</script>',
    messageId: '1@login.example',
    language: 'en',
  });

const page = async (path: string) => (await fetch(new URL(path, simulator.url))).text();

test('a mail arrives at its address, and is unread once', async () => {
  await send('First');
  await send('Second');
  await send('For Grace', 'grace@example.com');
  await expect(readMails(simulator.url, 'ADA@example.com')).resolves.toMatchObject([
    {
      to: 'ada@example.com',
      toHeader: 'ada@example.com',
      from: 'login@example.com',
      fromHeader: '"Contoso sign-in" <login@example.com>',
      subject: 'Second',
      messageId: '<1@login.example>',
    },
    { subject: 'First' },
  ]);
  await expect(readMail(simulator.url, 'ada@example.com')).resolves.toMatchObject({ subject: 'Second' });
  await expect(readMail(simulator.url, 'ada@example.com', 0)).rejects.toMatchObject({ code: 'silent' });
  await expect(readMails(simulator.url)).resolves.toHaveLength(3);
});

test('somebody who waits for a mail gets it when it comes', async () => {
  const waiting = readMail(simulator.url, 'ada@example.com');
  await send('At last');
  await expect(waiting).resolves.toMatchObject({ subject: 'At last' });
});

test.each([
  ['greylists', false, 'the mail server: got 451 4.7.1 to RCPT TO'],
  ['refuses', true, 'the mail server: got 550 5.1.1 to RCPT TO'],
  ['down', false, expect.stringMatching(/^the mail server: got E/)],
] as const)('a mail server that %s is told apart, without words of the server', async (name, isPermanent, message) => {
  await behaveMailServer(simulator.url, name);
  const refused = await send('No').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(MailRefused);
  expect(refused).toMatchObject({ isPermanent, message });
  await behaveMailServer(simulator.url, 'accepts');
  await send('Yes');
  await expect(readMails(simulator.url)).resolves.toHaveLength(1);
});

test('"Start over" empties the mailbox and mends the mail server', async () => {
  await send('Old');
  await behaveMailServer(simulator.url, 'refuses');
  await resetSimulator(simulator.url);
  await expect(readMails(simulator.url)).resolves.toEqual([]);
  await send('New');
  await expect(readMails(simulator.url)).resolves.toHaveLength(1);
});

test('the page shows mails as text, with links and a code to copy, and is valid', async () => {
  expect(await page('/mail')).toContain('No mails yet');
  await send('Your <code>');
  const shown = await page('/mail');
  expect(shown).toContain('<h3>Your &lt;code&gt;</h3>');
  expect(shown).toContain('Hello &lt;b&gt;Ada&lt;/b&gt;');
  expect(shown).toContain('<a href="https://login.example/x?a=1&amp;b=2">');
  expect(shown).toContain('data-copy="123456"');
  const validator = new HtmlValidate({
    root: true,
    extends: ['html-validate:recommended'],
    rules: {
      'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off',
      'void-style': ['error', { style: 'omit' }],
      'no-trailing-whitespace': 'off',
      'require-sri': 'off',
    },
  });
  const { results } = await validator.validateString(shown, 'mail.html');
  expect(results.flatMap(({ messages }) => messages.map(each => `${each.line}: ${each.message}`))).toEqual([]);
  expect(await page('/')).toContain('href="/mail"');
});

test('the HTML of a mail is shown as it is, and nothing in it may run', async () => {
  await send('Rich');
  const [mail] = await readMails(simulator.url);
  const response = await fetch(new URL(`/mail/${mail?.id}/html`, simulator.url));
  expect(await response.text()).toContain('<h1>Hello</h1>');
  expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  const missing = await fetch(new URL('/mail/9999/html', simulator.url));
  expect(missing.status).toBe(404);
});

test('the form sets the mail server', async () => {
  const body = new URLSearchParams({ behaviour: 'refuses' });
  const response = await fetch(new URL('/mail-server', simulator.url), { method: 'POST', body, redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, '/mail']);
  await expect(send('No')).rejects.toMatchObject({ isPermanent: true });
});
