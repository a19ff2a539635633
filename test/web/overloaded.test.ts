/** Tests the page of a refused request: it promises no reference, because it has none, and shows the time of its answer. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOverloaded } from '../../server/endpoints/overloaded.ts';
import { silentLog } from '../../src/log.ts';

const time = { now: Date.parse('2026-11-29T22:12:07Z') };
const issuer = new URL('https://login.example.com');
const server = createServer(createOverloaded({ issuer, clock: () => time.now, log: silentLog }));
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

const page = async (language: string): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const headers = { accept: 'text/html', 'accept-language': language, connection: 'close' };
  return (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
};

test.each([
  ['en', 'Wait a minute, then try again.', /reference/i],
  ['de', 'Warten Sie eine Minute', /Referenz/i],
  ['fr', 'Attendez une minute', /référence/i],
])('the page in %s says to wait, and nothing of a reference', async (language, sentence, reference) => {
  const shown = await page(language);
  expect(shown).toContain(sentence);
  expect(shown).not.toMatch(reference);
});

test('the page shows the time of its answer, not of the start of the server', async () => {
  expect(await page('en')).toContain('2026-11-29 22:12:07');
  time.now += 60_000;
  expect(await page('en')).toContain('2026-11-29 22:13:07');
});
