/** Tests a mail as it leaves, in each language: its headers, its text and its HTML. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { openSmtp } from '../../adapters/smtp.ts';
import { createMailCarrier } from '../../src/mail/code-channel.ts';
import { mailSender } from '../../src/mail/deliver.ts';
import type { NewMail } from '../../src/mail/mail.ts';
import { layOutMail } from '../../web/mail/layout.ts';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';

let server: TestMailServer;
beforeAll(async () => {
  server = await startMailServer({ tls: 'none' });
});
afterAll(() => server.close());

/** Mails a code as the channel of the factor does, and gives the bytes that arrived, with what changes each time replaced. */
const mailedIn = async (language: string): Promise<string> => {
  const queued: NewMail[] = [];
  const queue = async (mail: NewMail): Promise<'queued'> => {
    queued.push(mail);
    return 'queued';
  };
  const [channel] = createMailCarrier({ queue }, () => 0).channels;
  const code = { to: 'ada@example.com', token: 't', code: '047291', purpose: 'sign-in', userId: 'u1' } as const;
  await channel?.send(
    { via: 'email', ...code, language, client: 'Contoso & Söhne <b>', lifetime: 300_000 },
    AbortSignal.timeout(5000),
  );
  const [mail] = queued;
  if (mail === undefined) throw new Error('nothing was queued');
  const send = mailSender({
    transport: openSmtp(server.settings()),
    layout: (content, reader) => layOutMail(content, { ...reader, host: 'login.example' }),
    clock: () => 0,
  });
  server.arrived.length = 0;
  const data = {
    to: mail.to,
    language,
    audience: 'person',
    messageId: '1@login.example',
    content: mail.message,
  } as const;
  await send(data);
  return server.arrived[0]?.raw ?? '';
};

test('the headers name sender, recipient and language, and that no person wrote it, and hold no code', async () => {
  const head = ((await mailedIn('en')).split('\r\n\r\n', 1)[0] ?? '')
    .replace(/^Date: .*$/m, 'Date: …')
    .replace(/boundary=".*"/, 'boundary="…"');
  expect(head.split('\r\n')).toEqual([
    'Auto-Submitted: auto-generated',
    'Content-Language: en',
    'From: Sallyport <login@example.com>',
    'To: ada@example.com',
    'Subject: Your sign-in code',
    'Message-ID: <1@login.example>',
    'Date: …',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative;',
    ' boundary="…"',
  ]);
});

const texts: readonly (readonly [language: string, text: string])[] = [
  [
    'en',
    `Your sign-in code

Type this code on the page where you sign in to Contoso & Söhne <b>:

047291

It works for five minutes and only once. Never tell it to anybody, not even to us.

You did not try to sign in? Then somebody knows your password. Change it, and tell your help desk.

-- 
You get this message because it is about your account at login.example. Please do not reply: nobody reads this mailbox.
`,
  ],
  [
    'de',
    `Ihr Anmeldecode

Geben Sie diesen Code auf der Seite ein, auf der Sie sich bei Contoso & Söhne <b> anmelden:

047291

Er gilt fünf Minuten und nur einmal. Sagen Sie ihn niemandem, auch uns nicht.

Sie wollten sich nicht anmelden? Dann kennt jemand Ihr Passwort. Ändern Sie es und sagen Sie es Ihrem Support.

-- 
Sie bekommen diese Nachricht, weil sie Ihr Konto bei login.example betrifft. Bitte antworten Sie nicht: Dieses Postfach liest niemand.
`,
  ],
  [
    'fr',
    `Votre code de connexion

Saisissez ce code sur la page où vous vous connectez à Contoso & Söhne <b>\u202F:

047291

Il est valable cinq minutes et une seule fois. Ne le donnez à personne, pas même à nous.

Vous n’essayiez pas de vous connecter\u202F? Alors quelqu’un connaît votre mot de passe. Changez-le et prévenez votre assistance.

-- 
Vous recevez ce message parce qu’il concerne votre compte sur login.example. Merci de ne pas répondre\u202F: personne ne lit cette boîte.
`,
  ],
];

test.each(texts)('the text of the mail in %s', async (language, wanted) => {
  const { text = '' } = await simpleParser(await mailedIn(language));
  expect(`${text.trimEnd()}\n`).toBe(wanted);
});

test('the HTML escapes names of others, loads nothing, and says the same', async () => {
  const { html } = await simpleParser(await mailedIn('en'));
  const page = String(html).replace(/<style>[^]*<\/style>\n/, '');
  expect(String(html)).not.toMatch(/https?:|src=|url\(/);
  expect(page).toBe(`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Your sign-in code</title>
</head>
<body>
<main>
<p class="brand">Sallyport</p>
<h1>Your sign-in code</h1>
<p>Type this code on the page where you sign in to <bdi>Contoso &amp; Söhne &lt;b&gt;</bdi>:</p>
<p class="code">047291</p>
<p>It works for five minutes and only once. Never tell it to anybody, not even to us.</p>
<p>You did not try to sign in? Then somebody knows your password. Change it, and tell your help desk.</p>
</main>
<footer>You get this message because it is about your account at login.example. Please do not reply: nobody reads this mailbox.</footer>
</body>
</html>
`);
});
