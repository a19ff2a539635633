/** Tests which tickets of a passkey alone are accepted: those of this sign-in, in this browser, in time, once. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openMemoryShortLived } from '../../adapters/memory.ts';
import { createSealer, sealJson } from '../../src/crypto.ts';
import { burnTicket, makeTicket, maxTicketBytes, openTicket } from '../../src/mfa/passkey-ticket.ts';
import { createClock } from '../support/world/clock.ts';

const newSealer = () => createSealer([{ id: 'test', key: createSecretKey(randomBytes(32)) }]);
const sealer = newSealer();
const here = { interaction: 'V1StGXR8Z5jdHi6B', browser: 'a-secret-of-128-bits' };
const begun = 1_000_000;
const end = begun + 300_000;
const { challenge, ticket } = makeTicket(sealer, here, begun);
const foreign = { ok: false, reason: 'foreign' };

test('a ticket opens in its sign-in and browser for five minutes, and fits its form field', () => {
  expect(openTicket(sealer, ticket, here, begun)).toEqual({ ok: true, challenge, until: end });
  expect(openTicket(sealer, ticket, here, end - 1)).toEqual({ ok: true, challenge, until: end });
  expect(openTicket(sealer, ticket, here, end)).toEqual({ ok: false, reason: 'late' });
  expect(Buffer.byteLength(ticket)).toBeLessThan(maxTicketBytes / 2);
  expect(Buffer.from(challenge, 'base64url')).toHaveLength(32);
});

describe('a ticket is foreign', () => {
  test.each([
    ['in another sign-in', { ...here, interaction: 'another' }],
    ['in another browser', { ...here, browser: 'another' }],
  ])('%s, also after its time', (_, elsewhere) => {
    expect(openTicket(sealer, ticket, elsewhere, begun)).toEqual(foreign);
    expect(openTicket(sealer, ticket, elsewhere, end)).toEqual(foreign);
  });

  test.each([
    ['empty', ''],
    ['changed', `${ticket.slice(0, -4)}AAAA`],
    ['of another installation', makeTicket(newSealer(), here, begun).ticket],
    ['another sealed value', sealJson(sealer, { challenge, until: end, ...here }, 'start-again-2')],
  ])('where it is %s', (_, given) => {
    expect(openTicket(sealer, given, here, begun)).toEqual(foreign);
  });
});

test('each ticket has a challenge of its own, and of twenty answers at once one uses it up', async () => {
  const { ephemeral } = openMemoryShortLived({ clock: createClock(begun) });
  const opened = openTicket(sealer, ticket, here, begun);
  if (!opened.ok) throw new Error('the ticket does not open');
  const burnt = await Promise.all(Array.from({ length: 20 }, async () => burnTicket(ephemeral, opened, begun)));
  expect(burnt.filter(Boolean)).toHaveLength(1);
  const another = openTicket(sealer, makeTicket(sealer, here, begun).ticket, here, begun);
  expect(another.ok && (await burnTicket(ephemeral, another, begun))).toBe(true);
});
