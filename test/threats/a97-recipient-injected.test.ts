/**
 * A97. An address holds more than an address: a second recipient, a comment, a group, a quoted part with an @, a line break with an SMTP
 * command or a header. A library that parses it again sends the mail, with its code or link, to the attacker too or instead
 * (CVE-2026-125755 and others of nodemailer, CVE-2021-23400). An address is parsed once, when it is stored; the envelope and the To
 * header get it as a structure. The same goes for words of others in a subject.
 * Guards: `src/users/names/email-address.ts#emailAddress`, `adapters/smtp.ts#openSmtp`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { domainToASCII } from 'node:url';
import { simpleParser } from 'mailparser';
import { openSmtp } from '../../adapters/smtp.ts';
import type { MailTransport } from '../../src/ports/mail.ts';
import { emailAddress } from '../../src/users/names/email-address.ts';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';

let server: TestMailServer;
let transport: MailTransport;
beforeAll(async () => {
  server = await startMailServer({ tls: 'none' });
  transport = openSmtp(server.settings());
});
beforeEach(() => {
  server.arrived.length = 0;
});
afterAll(() => server.close());

const send = (to: string, subject = 'Your code') =>
  transport.send({ to, subject, text: '123456', html: '<p>123456</p>', messageId: '1@login.example', language: 'en' });

/** The same mailbox, with the domain as servers look it up. */
const inAscii = (address: string): string => {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
};

describe('A97 an honest address gets the mail, and the envelope has exactly it:', () => {
  test.each([
    'ada@example.com',
    'Ada.Lovelace+news@mail.example.com',
    "o'brien@example.com",
    'ada_contoso.example#EXT#@fabrikam.example',
    'back!tick~^@example.com',
    'ada@bücher.example',
    'ada@xn--bcher-kva.example',
    'иван@почта.рф',
    'andré@example.com',
  ])('A97 %s', async typed => {
    const stored = emailAddress(typed);
    expect(stored).toBe(typed);
    await send(stored ?? '');
    const [mail, ...others] = server.arrived;
    expect(others).toEqual([]);
    expect(mail?.to.map(inAscii)).toEqual([inAscii(typed)]);
    const { to } = await simpleParser(mail?.raw ?? '');
    const listed = [to ?? []].flat().flatMap(({ value }) => value);
    expect(listed.map(({ address = '' }) => inAscii(address))).toEqual([inAscii(typed)]);
  });
});

const injected: readonly (readonly [what: string, text: string])[] = [
  ['a list', 'ada@example.com,eve@evil.example'],
  ['a list with a space', 'ada@example.com, eve@evil.example'],
  ['a list with a semicolon', 'ada@example.com;eve@evil.example'],
  ['a list in full-width letters', 'ada@example.com，eve@evil.example'],
  ['a name and an address', 'ada@example.com <eve@evil.example>'],
  ['a quoted name that is an address', '"ada@example.com" <eve@evil.example>'],
  ['a quoted part with an @', '"ada@example.com "@evil.example'],
  ['a quoted part that ends early', '"ada@example.com\\"@evil.example'],
  ['a backslash before the @', 'ada\\@example.com@evil.example'],
  ['two @', 'eve@evil.example@example.com'],
  ['a second @ in full-width form', 'eve\uFF20evil.example@example.com'],
  ['a second @ in small form', 'eve\uFE6Bevil.example@example.com'],
  ['a comment', 'ada(eve@evil.example)@example.com'],
  ['a comment after the domain', 'ada@example.com(,eve@evil.example)'],
  ['a group', 'friends:ada@example.com,eve@evil.example;'],
  ['a source route', '@evil.example:ada@example.com'],
  ['a percent route', 'eve%evil.example@example.com'],
  ['a line break and a command', 'ada@example.com>\r\nRCPT TO:<eve@evil.example'],
  ['a line break and a header', 'ada@example.com\r\nBcc: eve@evil.example'],
  ['a bare line feed', 'ada@example.com\nBcc:eve@evil.example'],
  ['an encoded word', '=?utf-8?Q?eve=40evil=2Eexample=2C?=ada@example.com'],
  ['angle brackets', '<ada@example.com>,<eve@evil.example>'],
  ['parameters of RCPT TO', 'ada@example.com> ORCPT=rfc822;eve@evil.example'],
  ['a NUL', 'ada@example.com\u0000@evil.example'],
  ['a domain literal', 'ada@[eve@evil.example]'],
];

describe('A97 a text that is more than one address is not stored as one:', () => {
  test.each(injected)('A97 %s', (_what, text) => {
    expect(emailAddress(text)).toBeUndefined();
  });
});

describe('A97 even if it were stored, the mail would have one recipient, and no other:', () => {
  test.each(injected)('A97 %s', async (_what, text) => {
    // What the server accepts counts, not the reason why it or the library refuses.
    await send(text).catch(() => undefined);
    const domain = text.slice(text.lastIndexOf('@') + 1);
    for (const { to, raw } of server.arrived) {
      expect(to).toHaveLength(1);
      expect(to[0]?.slice(to[0].lastIndexOf('@') + 1)).toBe(domain.toLowerCase());
      const head = raw.split('\r\n\r\n', 1)[0] ?? '';
      expect(head.match(/^(?:to|cc|bcc):/gim)).toEqual(['To:']);
    }
    expect(server.arrived.length).toBeLessThanOrEqual(1);
  });
});

test.each([
  ['a header', 'Your code\r\nBcc: eve@evil.example'],
  ['the body', 'Your code\r\n\r\nCall +1 900 555 0100'],
  ['a bare line feed', 'Your code\nBcc: eve@evil.example'],
  ['an encoded word with a line break', '=?utf-8?Q?Your=0D=0ABcc:_eve@evil.example?='],
])('A97 a subject with %s stays one subject', async (_what, subject) => {
  await send('ada@example.com', subject);
  const [mail] = server.arrived;
  expect(mail?.to).toEqual(['ada@example.com']);
  const { headers, text } = await simpleParser(mail?.raw ?? '');
  expect(headers.has('bcc')).toBe(false);
  expect(text).toBe('123456');
});
