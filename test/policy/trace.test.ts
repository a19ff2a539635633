/** Tests that a decision finds room in 1 KiB, and is read back as it was. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/policy/decide.ts';
import { explained, rulesForClient } from '../../src/policy/explain.ts';
import { longestTrace, readTrace, traceText } from '../../src/policy/trace.ts';
import { policyIn } from './support/policy-in.ts';

const at = Date.parse('2026-11-30T12:00:00Z');
const facts = {
  server: 'mfa',
  request: { acr: 'sfa' },
  at,
  address: '203.0.113.7',
  client: { id: 'payroll' },
} as const;

const manyRules = (count: number) =>
  policyIn(
    `rules:\n${Array.from({ length: count }, (_, each) => `  - { name: ${String(each).padStart(40, 'x')}, require: { acr: aal2 } }`).join('\n')}`,
  );

test.each([1, 5, 20, 100])('a decision over %s rules fits, and counts those that found no room', count => {
  const text = traceText(decide(manyRules(count), facts), { how: 'asked', factor: 'temporary-access-pass' });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(longestTrace);
  const kept = readTrace(text);
  expect((kept?.decided.length ?? 0) + (kept?.applied.length ?? 0) + (kept?.more ?? 0)).toBe(count + 1);
  expect(kept).toMatchObject({ acr: 'aal2', second: { how: 'asked' } });
});

test.each([undefined, 7, '', '{', '[]', 'null', '{"version":1}', `{"version":"${'x'.repeat(2000)}"}`])(
  '%j is no decision',
  text => {
    expect(readTrace(text)).toBeUndefined();
  },
);

const policy = policyIn(`
networks: { office: [192.0.2.0/24] }
rules:
  - name: outside
    when: { clients: [payroll], not: { networks: [office] } }
    require: { acr: aal2, factors: [totp], mfa_max_age: 600 }
    because: { en: Payroll needs a code outside the office. }
  - name: night
    when: { groups: [guests], time: { zone: UTC, days: [mon], from: '22:00', to: '06:00' } }
    deny: { en: Not at night. }
  - name: wiki
    when: { clients: [wiki] }
    require: { consent: true }
`);

describe('words', () => {
  test('of a decision say what was required, who decided, and why the others did not apply', () => {
    const kept = readTrace(traceText(decide(policy, facts), { how: 'session', factor: 'totp' }));
    expect(kept && explained(kept, { version: policy.version }).slice(0, -1)).toMatchInlineSnapshot(`
[
  "Required: aal2, a second step by totp, a second step of the last 600 seconds.",
  "The second step was not asked for: this session had proven it by totp.",
  "  decided   rule outside",
  "  applied   SALLYPORT_MIN_ACR: others required as much or more",
  "  no        rule night: it is for another time",
  "  no        rule wiki: it is about other clients",
  "Network: none of the named ones.",
]
`);
    expect(kept && explained(kept, { version: 'another' }).at(-1)).toBe(
      `Policy: ${policy.version}; here it is another now.`,
    );
  });

  test('of the rules that can apply at a client', () => {
    expect(rulesForClient(policy, 'payroll')).toMatchInlineSnapshot(`
[
  {
    "because": "Payroll needs a code outside the office.",
    "name": "outside",
    "requires": "aal2, a second step by totp, a second step of the last 600 seconds",
    "when": "outside office",
  },
  {
    "because": "Not at night.",
    "name": "night",
    "requires": "refuses the sign-in",
    "when": "for the groups guests; mon from 22:00 to 06:00 (UTC)",
  },
]
`);
  });
});
