/** Tests what a sign-in must prove, as pure decisions over facts. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/policy/decide.ts';
import { noPolicy, type Facts } from '../../src/policy/policy.ts';
import { policyIn } from './support/policy-in.ts';

const noon = Date.parse('2026-11-30T12:00:00Z');
const facts: Facts = { server: 'sfa', request: { acr: 'sfa' }, at: noon, address: '203.0.113.7' };
const staff = { groups: ['staff'], hasMethod: false };

const policy = policyIn(`
networks:
  office: [192.0.2.0/24, '2001:db8::/32']
rules:
  - name: payroll
    when: { clients: [payroll] }
    require: { acr: aal2, mfa_max_age: 3600 }
  - name: outside
    when: { not: { networks: [office] } }
    require: { acr: mfa }
  - name: staff
    when: { groups: [staff] }
    require: { factors: [passkey, totp] }
  - name: payroll-factors
    when: { clients: [payroll] }
    require: { factors: [totp, call], consent: true }
  - name: night
    when: { clients: [payroll], time: { zone: Europe/Berlin, from: '22:00', to: '06:00' } }
    deny: { en: Payroll is closed at night. }
`);

const deciding = (given: Facts): readonly string[] =>
  decide(policy, given).trace.sources.flatMap(({ source, decides }) => (decides ? [source] : []));

describe('the decision without a file', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['nothing demands anything', {}, 'sfa'],
    ['the server', { server: 'mfa' }, 'mfa'],
    ['the client', { client: { id: 'a', acr: 'aal2' } }, 'aal2'],
    ['the request', { request: { acr: 'phr' } }, 'phr'],
    ['a person with a method', { person: { ...staff, hasMethod: true } }, 'mfa'],
    ['a person who insists on their passkey', { person: { ...staff, hasMethod: true, chosen: 'phr' } }, 'phr'],
    ['the highest of all', { server: 'mfa', client: { id: 'a', acr: 'aal2' }, request: { acr: 'sfa' } }, 'aal2'],
    ['an account for an emergency', { server: 'phr', person: { ...staff, isExempt: true } }, 'sfa'],
  ])('%s', (_title, more, acr) => {
    expect(decide(noPolicy, { ...facts, ...more }).required.acr).toBe(acr);
  });
});

describe('the rules of a file', () => {
  test('add up to the highest level, the shortest age, and the factors that all of them allow', () => {
    const client = { id: 'payroll', acr: 'mfa', mfaMaxAge: 600 } as const;
    const { required } = decide(policy, { ...facts, client, person: staff });
    expect(required).toEqual({ acr: 'aal2', mfaMaxAge: 600, factors: ['totp'], consent: true });
  });

  test('never lower what another source requires', () => {
    const { required } = decide(policy, { ...facts, server: 'phr', client: { id: 'payroll' } });
    expect(required.acr).toBe('phr');
  });

  test('name those that decided, and why the others did not apply', () => {
    const { trace } = decide(policy, { ...facts, address: '192.0.2.9', client: { id: 'wiki' }, person: staff });
    expect(trace.networks).toEqual(['office']);
    expect(trace.version).toMatch(/^[\w-]{10}$/);
    expect(trace.sources.map(({ source, not, decides }) => [source, not ?? (decides ? 'decides' : 'applies')])).toEqual(
      [
        ['rule payroll', 'client'],
        ['rule outside', 'unless'],
        ['rule staff', 'decides'],
        ['rule payroll-factors', 'client'],
        ['rule night', 'client'],
      ],
    );
  });

  test('about groups wait until the person is known', () => {
    expect(decide(policy, facts).required.factors).toBeUndefined();
    expect(decide(policy, facts).trace.sources.find(({ source }) => source === 'rule staff')?.not).toBe('waiting');
  });

  test('do not count for an account for an emergency', () => {
    const person = { ...staff, isExempt: true } as const;
    const { required } = decide(policy, { ...facts, client: { id: 'payroll', acr: 'mfa' }, person });
    expect(required).toEqual({ acr: 'mfa', consent: false });
  });

  test('refuse by the clock of their zone', () => {
    const client = { id: 'payroll' };
    expect(decide(policy, { ...facts, client }).required.denied).toBeUndefined();
    const denied = decide(policy, { ...facts, client, at: Date.parse('2026-11-30T21:30:00Z') }).required.denied;
    expect(denied).toEqual({ rule: 'night', sentences: { en: 'Payroll is closed at night.' } });
  });
});

describe('a rule about networks', () => {
  test.each([
    ['192.0.2.255', false],
    ['192.0.3.0', true],
    ['::ffff:192.0.2.1', false],
    ['2001:db8:ffff::1', false],
    ['2001:db9::1', true],
    ['fe80::1%eth0', true],
    ['not an address', true],
  ])('%s is outside the office: %s', (address, isOutside) => {
    expect(deciding({ ...facts, address }).includes('rule outside')).toBe(isOutside);
  });

  test('applies where the address of the person is not known', () => {
    const { address: _address, ...unknown } = facts;
    expect(deciding(unknown)).toContain('rule outside');
    const within = policyIn(
      '{ networks: { office: [192.0.2.1] }, rules: [{ name: in, when: { networks: [office] }, require: { acr: mfa } }] }',
    );
    expect(decide(within, unknown).required.acr).toBe('mfa');
    expect(decide(within, facts).required.acr).toBe('sfa');
  });
});

/** A policy that requires `mfa` in these hours. */
const shift = (from: string, to: string, on: string) =>
  policyIn(
    `rules: [{ name: shift, when: { time: { zone: Europe/Berlin, days: [${on}], from: '${from}', to: '${to}' } }, require: { acr: mfa } }]`,
  );

describe('hours', () => {
  test.each([
    // 2026-11-30 is a Monday; Berlin is one hour ahead of UTC in winter and two in summer.
    ['08:00', '18:00', 'mon', '2026-11-30T07:00:00Z', true],
    ['08:00', '18:00', 'mon', '2026-11-30T06:59:59Z', false],
    ['08:00', '18:00', 'mon', '2026-11-30T17:00:00Z', false],
    ['08:00', '18:00', 'tue', '2026-11-30T09:00:00Z', false],
    ['22:00', '06:00', 'mon', '2026-11-30T22:30:00Z', true],
    ['22:00', '06:00', 'mon', '2026-12-01T04:59:00Z', true],
    ['22:00', '06:00', 'mon', '2026-12-01T05:00:00Z', false],
    ['22:00', '06:00', 'sun', '2026-11-30T04:00:00Z', true],
    ['00:00', '24:00', 'mon', '2026-11-29T23:00:00Z', true],
    ['00:00', '24:00', 'mon', '2026-11-30T23:00:00Z', false],
    // The hour that summer time skips, and the one that it repeats.
    ['02:00', '03:00', 'sun', '2026-03-29T01:00:00Z', false],
    ['02:00', '03:00', 'sun', '2026-10-25T00:30:00Z', true],
    ['02:00', '03:00', 'sun', '2026-10-25T01:30:00Z', true],
  ])('%s to %s on %s, at %s: %s', (from, to, on, at, isWithin) => {
    const { required } = decide(shift(from, to, on), { ...facts, at: Date.parse(at) });
    expect(required.acr).toBe(isWithin ? 'mfa' : 'sfa');
  });
});
