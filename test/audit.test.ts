/** Tests the audit trail: one record for each fact, with members from a closed set. */
import { describe, expect, test } from '@jest/globals';
import { openMemoryDurable } from '../adapters/memory.ts';
import { createAudit, createAuditTrail, type AuditEvent, type AuditTrail } from '../src/audit.ts';
import { Problem } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { auditEventKind, type AuditRecord } from '../src/records.ts';

const now = Date.UTC(2026, 10, 22);
const open = () => {
  const lines: string[] = [];
  const events = openMemoryDurable({ clock: () => now }).collection(auditEventKind);
  const log = createLog({ level: 'info', write: line => lines.push(line) });
  return { events, lines, log, audit: createAudit({ events, clock: () => now, log }) };
};

describe('an event', () => {
  test('is stored and logged, both with the reference that the page shows', async () => {
    const { audit, events, lines } = open();
    await audit({
      event: 'challenge.ended',
      actor: 'carrier',
      subject: 'ada',
      outcome: 'failure',
      reference: 'AB12CD34',
      factor: 'call',
      reason: 'busy',
    });
    const stored = await events.find({ reference: 'AB12CD34' });
    expect(stored).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        rev: 1,
        at: now,
        event: 'challenge.ended',
        actor: 'carrier',
        subject: 'ada',
        outcome: 'failure',
        reference: 'AB12CD34',
        facts: { factor: 'call', reason: 'busy' },
      },
    ]);
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'challenge.ended', reference: 'AB12CD34', factor: 'call', outcome: 'failure' }),
    ]);
  });

  test('comes after the events before it, also those of the same millisecond', async () => {
    const { audit, events } = open();
    for (let count = 0; count < 200; count += 1) {
      await audit({ event: 'password.refused', actor: 'browser', outcome: 'failure', count });
    }
    const stored = await events.find({}, { limit: 1000 });
    expect(stored.map(({ facts }) => facts['count'])).toEqual(Array.from({ length: 200 }, (_, count) => count));
  });

  test('has no member for an unknown fact', async () => {
    const { audit, events } = open();
    await audit({ event: 'password.refused', actor: 'browser', outcome: 'failure' });
    const [stored] = await events.find({});
    expect(stored).not.toHaveProperty('subject');
    expect(stored).not.toHaveProperty('reference');
    expect(stored?.facts).toEqual({});
  });

  test('that cannot be stored makes the caller fail and writes no log line', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: line => lines.push(line) });
    const { events } = open();
    const broken = { ...events, insert: () => Promise.reject(new Problem('unavailable', 'disk full')) };
    const audit = createAudit({ events: broken, clock: () => now, log });
    await expect(audit({ event: 'user.added', actor: 'cli', outcome: 'success' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(lines).toEqual([]);
  });

  test('has only the listed members, and the log hides no member by its name', () => {
    // The compiler requires this list to be complete: a new member must be checked here, whether it could hold a code
    // or a number.
    const members: Record<keyof AuditEvent, string> = {
      event: 'password.refused',
      actor: 'user:ada',
      subject: 'ada',
      outcome: 'failure',
      reference: 'AB12CD34',
      factor: 'call',
      authenticator: 'an id',
      reason: 'wrong',
      client: 'contoso',
      acr: 'mfa',
      amr: 'pwd tel',
      count: '3',
      until: '1792000000000',
      address: '203.0.113.9',
      browser: 'Firefox on Linux',
      progress: 'ringing',
      notice: 'paused',
      audience: 'administrators',
      via: 'sms',
      members: 'redirect_uris pkce',
      message: 'backchannel-logout',
      recipient: 'client:contoso',
      key: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
      ring: 'signing:ES256',
      record: 'authenticator:ada:an id',
      policy: '{"version":"a1b2c3d4e5","acr":"aal2"}',
      note: 'lost her phone',
    };
    const { lines, log } = open();
    log.info('every member', members);
    expect(lines.join('')).not.toContain('[hidden]');
  });
});

/** A trail of so many records, one after another; their count is their place. */
const trailOf = async (count: number): Promise<AuditTrail> => {
  const { events } = open();
  const names = ['password.accepted', 'challenge.begun', 'challenge.passed'] as const;
  for (let n = 0; n < count; n += 1) {
    await events.insert({
      // As UUIDv7 do, ids rise with time.
      id: String(n).padStart(4, '0'),
      rev: 1,
      at: now + n,
      event: names[n % 3] ?? '',
      actor: 'browser',
      subject: n % 2 === 0 ? 'ada' : 'bob',
      outcome: 'info',
      reference: n % 2 === 0 ? 'AAAAAAAA' : 'BBBBBBBB',
      facts: { count: n },
    });
  }
  return createAuditTrail({ events });
};
const countsIn = (found: readonly AuditRecord[]) => found.map(({ facts }) => facts['count']);

describe('the audit trail', () => {
  test('is found by person, reference and event, the newest first', async () => {
    const trail = await trailOf(7);
    expect(countsIn(await trail.find({ subject: 'ada' }))).toEqual([6, 4, 2, 0]);
    expect(countsIn(await trail.find({ reference: 'BBBBBBBB' }))).toEqual([5, 3, 1]);
    expect(countsIn(await trail.find({ event: 'challenge.begun' }))).toEqual([4, 1]);
    expect(countsIn(await trail.find({ subject: 'ada', event: 'challenge.begun' }))).toEqual([4]);
    expect(countsIn(await trail.find({}))).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(countsIn(await trail.find({}, { order: 'oldest', limit: 2 }))).toEqual([0, 1]);
    expect(await trail.find({ subject: 'eve' })).toEqual([]);
  });

  test('holds what was recorded', async () => {
    const { audit, events } = open();
    await audit({ event: 'user.locked', actor: 'cli', subject: 'ada', outcome: 'success' });
    const found = await createAuditTrail({ events }).find({ subject: 'ada' });
    expect(found).toEqual([
      expect.objectContaining({ event: 'user.locked', actor: 'cli', at: now, outcome: 'success' }),
    ]);
  });

  test('is read in pages of at most 100', async () => {
    const trail = await trailOf(203);
    const pages: (readonly unknown[])[] = [];
    for (let page = await trail.find({}, { limit: 1000 }); page.length > 0;) {
      pages.push(countsIn(page));
      page = await trail.find({}, { after: page.at(-1)?.id ?? '', limit: 1000 });
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 3]);
    expect(pages.flat()).toEqual(Array.from({ length: 203 }, (_, n) => 202 - n));
  });
});
