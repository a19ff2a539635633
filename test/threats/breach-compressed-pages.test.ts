/**
 * BREACH (CVE-2013-3587). TLS hides the content of an answer but not its length. A compressed answer with a secret and
 * text of the attacker's choice becomes shorter when that text repeats a part of the secret. The attacker makes a
 * victim's browser ask many times and sees the lengths on the network. They learn the secret piece by piece.
 *
 * Our pages repeat `login_hint` and the typed name beside the addresses and references of one sign-in. Hence only the
 * files of `web/assets.ts` are compressed: they hold no secret and no input.
 * Guard: `server/endpoints/assets.ts#assetRoutes`, the only route that sets Content-Encoding; no middleware compresses.
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../support/browser/plain.ts';
import { everyAddress } from '../support/hostile/routes.ts';
import { head, sendRaw } from '../support/hostile/wire.ts';
import { atClient, enterCode, enterPassword } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

/** The header that Chromium sends. */
const codings = { 'accept-encoding': 'gzip, deflate, br, zstd' };

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld();
});
afterAll(() => world.close());

/** An answer that is never compressed: no coding, and no Vary that announces one. */
const plain = { encoding: undefined, vary: false };
const codingOf = ({ headers }: Pick<Answer, 'headers'>) => ({
  encoding: headers['content-encoding'],
  vary: /accept-encoding/i.test(String(headers['vary'] ?? '')),
});

/** Headers of the first answer on a connection, for streams that do not end. */
const readHead = (text: string): Answer['headers'] =>
  Object.fromEntries(
    (text.split('\r\n\r\n', 1)[0] ?? '')
      .split('\r\n')
      .slice(1)
      .map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );

test('BREACH an asset is compressed where the browser accepts it', async () => {
  const browser = world.recordingBrowser();
  const { page } = await world.begin(browser);
  const [, path = ''] = /href="(\/assets\/style-[^"]+)"/.exec(page.text) ?? [];
  const asset = await browser.go(path, { headers: codings });
  expect(codingOf(asset)).toEqual({ encoding: 'br', vary: true });
});

describe('BREACH pages that repeat input', () => {
  test('BREACH a page that holds the login_hint is not compressed', async () => {
    const browser = world.recordingBrowser();
    const { url } = await world.rp.begin({ login_hint: 'guess-of-an-attacker' });
    const page = await browser.visit(url);
    const shown = await browser.go(page.path, { headers: codings });
    expect(shown.text).toContain('value="guess-of-an-attacker"');
    expect(shown.headers['content-length']).toBe(String(Buffer.byteLength(shown.text)));
    expect(codingOf(shown)).toEqual(plain);
  });

  test('BREACH a page is of the same length whether the typed name repeats a secret of the page or not', async () => {
    const browser = world.recordingBrowser();
    const { page, uid } = await world.begin(browser);
    const guess = async (name: string): Promise<Answer> =>
      browser.go(`${page.path}/password`, { form: { name, password: 'wrong' }, headers: codings });
    const answers = [await guess(uid), await guess(Array.from(uid).toReversed().join(''))] as const;
    for (const answer of answers) expect([answer.status, codingOf(answer)]).toEqual([422, plain]);
    const [right, wrong] = answers;
    // Compressed, the two would differ in length, which is the attack.
    for (const compress of [gzipSync, brotliCompressSync])
      expect(compress(right.text).length).toBeLessThan(compress(wrong.text).length);
    expect(right.headers['content-length']).toBe(wrong.headers['content-length']);
    expect(right.headers['content-length']).toBe(String(Buffer.byteLength(right.text)));
  });
});

describe('BREACH all other answers', () => {
  test('BREACH no page of a sign-in from the client to the code is compressed', async () => {
    const browser = world.recordingBrowser();
    const { noor } = world.people;
    const { url } = await world.rp.begin();
    const pages = [await browser.go(url, { headers: codings })];
    const page = await browser.visit(url);
    pages.push(await browser.go(page.path, { headers: codings }));
    const factor = await enterPassword(browser, page, noor);
    for (const step of ['', '/options', '/help', '/resend'])
      pages.push(await browser.go(factor.path + step, { headers: codings }));
    const form = { code: codeAt(noor, world.clock()) };
    const last = await browser.go(`${factor.path}/factor`, { form, headers: codings });
    pages.push(last);
    expect(pages.map(codingOf)).toEqual(pages.map(() => plain));
    await browser.visit(browser.next(last)?.href ?? '');
    await expectSignedIn(world, browser, noor);
  });

  test.each(['text/html', 'application/json'])('BREACH no route compresses its answer as %s', async accept => {
    const browser = world.recordingBrowser();
    const { uid } = await world.beginAs(browser, world.people.noor);
    const addresses = await everyAddress(world, uid);
    expect(addresses.length).toBeGreaterThan(35);
    const compressed: unknown[] = [];
    for (const { method, path, name } of addresses) {
      const form = method === 'POST' && { form: { name: 'noor', code: '12' } };
      const answer = await browser.go(path, { method, ...form, headers: { ...codings, accept } });
      const coding = codingOf(answer);
      if (coding.encoding !== undefined || coding.vary) compressed.push({ name, ...coding });
    }
    expect(compressed).toEqual([]);
  });

  test('BREACH discovery and keys are not compressed', async () => {
    const browser = world.browser();
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks']) {
      const answer = await browser.go(path, { headers: codings });
      expect([answer.status, typeof JSON.parse(answer.text)]).toEqual([200, 'object']);
      expect({ path, ...codingOf(answer) }).toEqual({ path, ...plain });
    }
  });

  test('BREACH tokens and claims are not compressed', async () => {
    const { noor } = world.people;
    world.clock.advance(60_000);
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, noor, { code_challenge: challenge });
    const to = atClient(browser, await enterCode(browser, page, codeAt(noor, world.clock())));
    const sent = new URLSearchParams({
      grant_type: 'authorization_code',
      code: to.searchParams.get('code') ?? '',
      redirect_uri: world.rp.redirectUri,
      code_verifier: verifier,
    });
    const basic = Buffer.from(`contoso:${encodeURIComponent(world.rp.client.secret ?? '')}`).toString('base64');
    // As a client's server asks: without the Origin of a page.
    const type = 'application/x-www-form-urlencoded';
    const headers = { ...codings, accept: '*/*', 'content-type': type, authorization: `Basic ${basic}` };
    const tokens = await browser.go('/token', { method: 'POST', body: sent.toString(), headers });
    expect([tokens.status, codingOf(tokens)]).toEqual([200, plain]);
    const { access_token: token } = JSON.parse(tokens.text) as { readonly access_token: string };
    const claims = await browser.go('/me', { headers: { ...codings, authorization: `Bearer ${token}` } });
    expect([claims.status, codingOf(claims)]).toEqual([200, plain]);
    const refused = await browser.go('/token', { method: 'POST', body: sent.toString(), headers });
    expect([refused.status, codingOf(refused)]).toEqual([400, plain]);
  });

  test('BREACH the events of a waiting page are not compressed, as a stream or as JSON', async () => {
    const browser = world.recordingBrowser();
    const { uid } = await world.beginAs(browser, world.people.grace);
    const path = `/interaction/${uid}/events`;
    const json = await browser.go(path, { headers: { ...codings, accept: 'application/json' } });
    expect([json.status, typeof JSON.parse(json.text), codingOf(json)]).toEqual([200, 'object', plain]);

    const asked = { host: world.issuer.host, cookie: browser.jar.for(path), accept: 'text/event-stream', ...codings };
    const { text, statuses } = await sendRaw(world.place.ports[0] ?? 0, [head('GET', path, asked)]);
    const headers = readHead(text);
    expect([statuses, headers['content-type']]).toEqual([[200], 'text/event-stream; charset=utf-8']);
    expect(codingOf({ headers })).toEqual(plain);
  });
});
