/** Tests `policy test` on each example and on a file that is wrong, and `policy explain` of a sign-in that is past or to come. */
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { decide } from '../../src/policy/decide.ts';
import { traceText } from '../../src/policy/trace.ts';
import { auditRecord } from '../../src/audit.ts';
import { auditEventKind } from '../../src/records.ts';
import { policyIn } from '../policy/support/policy-in.ts';
import { openCommandLine, type CommandLine } from '../support/world/command-line.ts';

const root = join(import.meta.dirname, '../..');
const policy = `
networks: { office: [192.0.2.0/24] }
rules:
  - name: outside
    when: { not: { networks: [office] } }
    require: { acr: aal2 }
  - name: staff
    when: { groups: [staff] }
    require: { factors: [totp] }
tests:
  - { name: at home, given: { address: 203.0.113.7 }, expect: { acr: aal2 } }
`;

let line: CommandLine;
beforeAll(async () => {
  line = await openCommandLine({ SALLYPORT_POLICY: policy });
});
afterAll(() => line.close());

describe('policy test', () => {
  const examples = globSync('examples/policy/*.yaml', { cwd: root });
  test('there are examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });
  test.each(examples)('passes on %s', async file => {
    expect(await line.run('policy', 'test', join(root, file))).toMatchObject({ code: 0, err: '' });
  });

  test('runs the tests of the configured file', async () => {
    expect((await line.run('policy', 'test')).out).toMatch(/^1 of 1 tests of the policy \S{10} passed\.\n$/);
  });

  test('exits with 1 where a test fails, and says how', async () => {
    await writeFile(
      'wrong.yaml',
      policy.replace('expect: { acr: aal2 }', 'expect: { acr: phr, rules: [], denied: staff }'),
    );
    const { out } = await line.run('policy', 'test', 'wrong.yaml');
    expect(process.exitCode).toBe(1);
    // The process is that of the tests.
    process.exitCode = 0;
    expect(out).toContain('acr: got "aal2", expected "phr"');
    expect(out).toContain('rules: got ["outside"], expected []');
    expect(out).toContain('denied: got false, expected "staff"');
  });

  test('lists every mistake of a file', async () => {
    await writeFile('broken.yaml', 'rules: [{ name: A, require: { acr: gold } }]');
    const { code, err } = await line.run('policy', 'test', 'broken.yaml');
    expect(code).not.toBe(0);
    expect(err).toContain('rules[0].name (line 1)');
    expect(err).toContain('rules[0].require.acr (line 1)');
  });
});

describe('policy explain', () => {
  test('says what a sign-in would require, for a person, a client and a network', async () => {
    await line.run('users', 'add', 'ada', '--display-name', 'Ada', '--no-password');
    await line.run('users', 'set', 'ada', '--add-group', 'staff');
    const { out } = await line.run('policy', 'explain', '--user', 'ada', '--network', 'office');
    expect(out).toContain('Required: sfa, a second step by totp.');
    expect(out).toContain('decided   rule staff');
    expect(out).toContain('no        rule outside: an exception of it holds');
    expect((await line.run('policy', 'explain', '--network', '203.0.113.7')).out).toContain('Required: aal2.');
  });

  test('answers for a past sign-in from its reference alone', async () => {
    const durable = openSqliteDurable({ file: '.sallyport/sallyport.db', clock: Date.now });
    const facts = { server: 'sfa', request: { acr: 'sfa' }, at: 0, address: '203.0.113.7' } as const;
    const kept = traceText(decide(policyIn(policy), facts), { how: 'asked', factor: 'totp' });
    const event = { event: 'sign-in.finished', actor: 'browser', outcome: 'success', reference: '7K3MQ2XA' } as const;
    await durable
      .collection(auditEventKind)
      .insert(auditRecord({ ...event, client: 'wiki', policy: kept }, Date.now()));
    await durable.close();
    const { code, out } = await line.run('policy', 'explain', '7k3m-q2xa');
    expect(code).toBe(0);
    expect(out).toContain('sign-in.finished at wiki');
    expect(out).toContain('The second step was asked for, and proven by totp.');
    expect(out).toContain('decided   rule outside');
    expect((await line.run('audit', 'find', '--reference', '7K3M-Q2XA')).out).not.toContain('"version"');
  });

  test.each([
    [['explain', 'AAAA-AAAA'], /no decision is recorded/],
    [['explain'], /either a reference/],
    [['explain', 'AAAA-AAAA', '--client', 'x'], /either a reference/],
    [['explain', '--network', 'cellar'], /an address or one of office/],
    [['explain', '--client', 'nobody'], /no client/],
    [['explain', '--at', 'noon'], /--at: got "noon", expected a time with its zone/],
    [['explain', '--at', '2026-12-01T08:00:00'], /a time with its zone/],
  ])('refuses %j', async (args, expected) => {
    const { code, err } = await line.run('policy', ...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(expected);
  });
});

test('config check reports each mistake of the file together with the others', async () => {
  const wrong = await openCommandLine({ SALLYPORT_POLICY: 'rules: [{ name: A }]', SALLYPORT_MIN_ACR: 'gold' });
  try {
    const { code, err } = await wrong.run('config', 'check');
    expect(code).toBe(78);
    expect(err).toContain('SALLYPORT_POLICY: rules[0].name (line 1)');
    expect(err).toContain('SALLYPORT_POLICY: rules[0] (line 1)');
    expect(err).toContain('SALLYPORT_MIN_ACR');
  } finally {
    await wrong.close();
  }
});
