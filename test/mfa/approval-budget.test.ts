/** Tests how often a client may ask a person outside a sign-in: at the limit, past it, later, and all at once, on every store. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApprovalBudget, approvalsPerHour } from '../../src/mfa/limits/approval-budget.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const minute = 60_000;

describe.each(stores)('on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let budget: ApprovalBudget;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    const hashKey = createSecretKey(randomBytes(32));
    budget = new ApprovalBudget({ ephemeral: store.shortLived.ephemeral, clock, hashKey });
  });
  afterEach(() => store.close());

  test('three an hour, in any hour', async () => {
    expect(await budget.take('ada', 'client:bank')).toBe(true);
    clock.advance(58 * minute);
    expect(await budget.take('ada', 'client:bank')).toBe(true);
    expect(await budget.take('ada', 'client:bank')).toBe(true);
    expect(await budget.take('ada', 'client:bank')).toBe(false);
    clock.advance(2 * minute);
    expect(await budget.take('ada', 'client:bank')).toBe(true);
    expect(await budget.take('ada', 'client:bank')).toBe(false);
  });

  test('each person and each asker has a budget of its own', async () => {
    for (let at = 0; at < approvalsPerHour; at += 1) await budget.take('ada', 'client:bank');
    expect(await budget.take('ada', 'client:bank')).toBe(false);
    expect(await budget.take('grace', 'client:bank')).toBe(true);
    expect(await budget.take('ada', 'client:shop')).toBe(true);
    expect(await budget.take('ada', 'help-desk')).toBe(true);
  });

  test('of fifty at once at most three are admitted', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => budget.take('ada', 'client:bank')));
    expect(all.filter(Boolean)).toHaveLength(approvalsPerHour);
  });
});
