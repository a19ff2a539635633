/**
 * C22. A text that a sender chose (`state`, an error, the name of a client or of a device) becomes markup where it is shown: in a
 * mail, in the form that posts an answer to the client, in an answer that a browser takes for a page (CVE-2026-42849, GO-2026-4861).
 * Sixty texts are put into each of these places, and the elements of the document stay those of a harmless text. The pages of a
 * sign-in have A88; a push holds no text of a sender (A43), and no error page repeats a hint. The developer portal shows clients of the
 * person's team, so a name or an error that somebody else chose is shown there.
 * Guards: `web/html.ts#html`, `web/mail/layout.ts#layOutMail`, `src/oidc/pages.ts#ownForms`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writtenAfter } from '../../src/oidc/developers/client-notes.ts';
import { OwnClients } from '../../src/oidc/developers/own-clients.ts';
import { openAccount } from '../portals/support/portal.ts';
import { payloads } from '../support/surface/payloads.ts';
import { startWorld } from '../support/world/world.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const harmless = 'Mallory';
let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

/** Elements of a document with the names of their attributes, in order. Text and values do not count. */
const elementsOf = (document: string): readonly string[] =>
  [...document.matchAll(/<(\/?[a-z][a-z0-9-]*(?:[^<>"']|"[^"]*"|'[^']*')*)>/gi)].map(([, inside = '']) =>
    inside.replaceAll(/="[^"]*"|='[^']*'/g, '').trim(),
  );
/** Every address in a document that a click or a load leads to. */
const addressesIn = (document: string): readonly string[] =>
  [...document.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, to = '']) => to);

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const source = (text: string) => ({
  actor: 'browser',
  reference: 'AB12CD34',
  address: '198.51.100.7',
  reason: text,
});

/** The mails that tell of a client, and of a device, with this name. */
const mailsWith = async (text: string) => {
  const { linus } = world.people;
  // Past the limits of mails of an hour.
  world.clock.advance(3_600_000);
  const { notices } = world.services;
  await notices.tell(linus.user.id, { kind: 'app-access-revoked', app: text }, source(text));
  await notices.tell(linus.user.id, { kind: 'method-added', method: { label: text } }, source(text));
  return (await world.mailsTo(linus)).slice(0, 2);
};

describe('C22 in a mail', () => {
  test('C22 a harmless name is read in the mail, and sixty texts are no markup, link or header of it', async () => {
    const wanted = await mailsWith(harmless);
    expect(wanted.map(({ html, text }) => [html.includes(harmless), text.includes(harmless)])).toEqual([
      [true, true],
      [true, true],
    ]);
    const wrong: string[] = [];
    for (const payload of payloads) {
      const mails = await mailsWith(payload);
      for (const [at, mail] of mails.entries()) {
        const same = (of: (document: string) => readonly string[]): boolean =>
          JSON.stringify(of(mail.html)) === JSON.stringify(of(wanted[at]?.html ?? ''));
        if (!same(elementsOf)) wrong.push(`elements: ${payload}`);
        if (addressesIn(mail.html).length !== addressesIn(wanted[at]?.html ?? '').length)
          wrong.push(`links: ${payload}`);
        if (addressesIn(mail.html).some(to => URL.parse(to)?.origin !== world.issuer.origin))
          wrong.push(`address: ${payload}`);
        if (mail.subject !== wanted[at]?.subject) wrong.push(`subject: ${payload}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** The characters that a state may have. */
const visible = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '');
const e = encodeURIComponent;
const ask = (more: Readonly<Record<string, string>>): string =>
  `/auth?${new URLSearchParams({
    client_id: 'contoso',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: 'https://contoso.test/callback',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    prompt: 'none',
    response_mode: 'form_post',
    ...more,
  }).toString()}`;

describe('C22 in the form that posts an answer to the client', () => {
  test.each([
    ['a code', {}],
    ['an error', { max_age: '0' }],
  ])('C22 the state comes back as it was, and is no markup, with %s', async (_name, more) => {
    const browser = world.recordingBrowser();
    await world.beginAs(browser, world.people.linus);
    await expectSignedIn(world, browser, world.people.linus);
    const post = async (text: string) => browser.go(ask({ state: text, ...more }));
    const wanted = elementsOf((await post(harmless)).text);
    expect(wanted).toContain('form method action');
    for (const payload of payloads) {
      const { text } = await post(payload);
      expect([payload, elementsOf(text)]).toEqual([payload, wanted]);
      const state = /name="state" value="([^"]*)"/.exec(text)?.[1] ?? '';
      // A state has visible ASCII characters only (RFC 6749 appendix A.5).
      expect(visible(unescape(state))).toBe(visible(payload));
    }
  });
});

describe('C22 in an answer to a program', () => {
  test('C22 the text of a request comes back as JSON only, which no browser takes for a page', async () => {
    const browser = world.recordingBrowser();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const text of [harmless, ...payloads]) {
      const bodies = [
        `grant_type=${e(text)}&client_id=contoso`,
        `grant_type=authorization_code&code=${e(text)}&client_id=${e(text)}&client_secret=${e(text)}`,
      ];
      for (const [path, body] of [
        ['/token', bodies[0]],
        ['/token', bodies[1]],
        ['/token/introspection', bodies[1]],
        ['/token/revocation', bodies[1]],
        ['/request', bodies[1]],
        ['/device/auth', bodies[1]],
      ] as const) {
        const answer = await browser.go(path, {
          method: 'POST',
          body: body ?? '',
          headers: { ...headers, accept: '*/*' },
        });
        expect([path, text, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual([
          path,
          text,
          'application/json; charset=utf-8',
          'nosniff',
        ]);
      }
    }
  });
});

describe('C22 in the developer portal', () => {
  test('C22 the name of a client, and the text of a refused request, are no markup of any page', async () => {
    const site = await startWorld({ env: { SALLYPORT_DEVELOPERS: 'everyone' } });
    try {
      const { linus } = site.people;
      const own = new OwnClients({ ...site.services, mayDevelop: () => true, places: 5 });
      const added = await own.add(linus.user, {
        client_name: harmless,
        redirect_uris: ['https://office.test/callback'],
      });
      if (!added.ok) throw new Error(added.message);
      const clients = await site.services.clients();
      const page = `/developer/clients/${added.id}`;
      const paths = [
        '/developer',
        page,
        `${page}/edit`,
        `${page}/delete`,
        `${page}/team`,
        `/developer/playground?client=${added.id}`,
      ];
      const refuse = async (text: string): Promise<unknown> => {
        const query = { client_id: added.id, redirect_uri: text, response_type: text };
        return site.browser().go(`/auth?${new URLSearchParams(query).toString()}`);
      };
      const pagesWith = async (text: string, address = text) => {
        const changed = await clients.change(added.id, { set: { client_name: text } }, 'cli');
        if (!changed.ok) return undefined;
        await refuse(address);
        site.clock.advance(writtenAfter);
        await site.clock.fired();
        // A page with a form asks for a sign-in of the last five minutes, and each payload takes seconds.
        const browser = site.browser();
        await openAccount(browser, linus, '/developer');
        const pages: string[] = [];
        for (const path of paths) pages.push((await browser.visit(path)).text);
        return pages;
      };
      const wanted = (await pagesWith(harmless)) ?? [];
      // The page of the client marks where an address differs from the registered one.
      wanted.push(...((await pagesWith(harmless, 'https://office.test/elsewhere')) ?? []));
      expect(wanted.every(text => text.includes(harmless))).toBe(true);
      // The list of refused requests grows, so the kinds of elements are compared, not their number.
      const known = new Set(wanted.flatMap(elementsOf));
      let shown = 0;
      for (const payload of payloads) {
        const pages = await pagesWith(payload);
        shown += pages === undefined ? 0 : 1;
        for (const [at, text] of (pages ?? []).entries()) {
          const others = [...new Set(elementsOf(text))].filter(each => !known.has(each));
          expect([payload, paths[at], others]).toEqual([payload, paths[at], []]);
        }
      }
      // The others are refused as names, for characters that no page shows.
      expect(shown).toBeGreaterThan(40);
    } finally {
      await site.close();
    }
  });
});
