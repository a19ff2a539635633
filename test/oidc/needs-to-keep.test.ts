/** Tests which needs a removal must leave: those of the server, of rules and of clients, at the security page and at clients in use. */
import { expect, test } from '@jest/globals';
import { createNeedsToKeep } from '../../src/oidc/needs-to-keep.ts';
import { noPolicy } from '../../src/policy/policy.ts';
import type { OidcDocument, User } from '../../src/records.ts';
import { policyIn } from '../policy/support/policy-in.ts';

const user: User = {
  id: 'u1',
  rev: 1,
  name: 'ada',
  signInNames: ['ada'],
  displayName: 'Ada',
  createdAt: 0,
  authenticators: ['a'],
  groups: ['staff'],
};
const metadata: Readonly<Record<string, object>> = {
  wiki: { client_id: 'wiki' },
  payroll: { client_id: 'payroll' },
  vault: { client_id: 'vault', min_acr: 'phr', factors: ['passkey'] },
};

/** The needs that are more than any second step, without doubles. */
const needsOf = async (file: string, clients: readonly string[], isBreakGlass = false) => {
  const grants: readonly OidcDocument[] = clients.map(clientId => ({
    id: `Grant:${clientId}`,
    rev: 1,
    model: 'Grant',
    grantId: clientId,
    accountId: user.id,
    clientId,
    payload: {},
  }));
  const needs = await createNeedsToKeep({
    documents: { find: async (_query, wish) => (wish?.after ? [] : grants) },
    clients: { find: async id => ({ ...metadata[id] }) },
    minimum: 'mfa',
    policy: file === '' ? noPolicy : policyIn(file),
    isBreakGlass: () => isBreakGlass,
  })(user);
  const more = needs.filter(({ acr, factors }) => acr !== 'mfa' || factors !== undefined);
  return [...new Set(more.map(({ acr, factors = [] }) => [acr, ...factors].join(' ')))].toSorted();
};

const rules = `
networks:
  office: [192.0.2.0/24]
rules:
  - { name: outside, when: { clients: [payroll], not: { networks: [office] } }, require: { acr: aal2 } }
  - name: night
    when: { clients: [payroll], time: { zone: Europe/Berlin, from: '22:00', to: '06:00' } }
    require: { acr: phr }
  - { name: staff, when: { groups: [staff], clients: [wiki] }, require: { factors: [totp, passkey] } }
  - { name: guests, when: { groups: [guests] }, require: { acr: phr } }
  - { name: closed, when: { clients: [payroll], networks: [office] }, deny: { en: Closed. } }
`;

test('a client that is not in use adds none', async () => {
  expect(await needsOf(rules, [])).toEqual([]);
});

test('what a client requires is kept once it is in use', async () => {
  expect(await needsOf('', ['vault'])).toEqual(['phr passkey']);
});

test('rules of networks and times are kept, together and each alone; those of other groups are not', async () => {
  expect(await needsOf(rules, ['payroll'])).toEqual(['aal2', 'phr']);
  expect(await needsOf(rules, ['wiki'])).toEqual(['mfa totp passkey']);
});

test('a level for every sign-in is kept for the security page, where lists of factors do not count', async () => {
  expect(await needsOf('{ defaults: { acr: aal2, factors: [totp] }, rules: [] }', [])).toEqual(['aal2']);
});

test('an account for an emergency keeps only what its clients require', async () => {
  expect(await needsOf(rules, ['payroll', 'vault'], true)).toEqual(['phr passkey']);
});
