/** The ledger of one sign-in: bound to interaction, browser and person. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reached } from '../../src/mfa/assurance.ts';
import { Ledger, mint } from '../../src/mfa/proof.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const here = { interaction: 'uid', browser: 'secret of this browser' };
const password = (userId: string) => mint({ userId, factor: 'password', amr: ['pwd'], acr: 'sfa', at: 1 });
const phone = (userId: string) => mint({ userId, factor: 'call', amr: ['tel'], acr: 'mfa', at: 2 });

describe.each(stores)('the ledger on $name', stored => {
  let store: OpenStore;
  let ledger: Ledger;

  beforeEach(async () => {
    store = await stored.open(createClock());
    ledger = new Ledger(store.shortLived.ephemeral, 600_000);
  });
  afterEach(async () => store.close());

  it('keeps what one person proved, and gives it once', async () => {
    await ledger.open(here, password('ada'));
    expect(await ledger.add(here, phone('ada'))).toBe(true);
    const closed = await Promise.all(Array.from({ length: 16 }, () => ledger.close(here)));
    const pages = closed.filter(page => page !== undefined);
    expect(pages).toHaveLength(1);
    expect(reached(pages[0]?.proofs ?? [])).toEqual({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
    expect(await ledger.read(here)).toBeUndefined();
  });

  it('shows another browser nothing, and takes nothing from it', async () => {
    await ledger.open(here, password('ada'));
    const there = { ...here, browser: 'another' };
    expect(await ledger.read(there)).toBeUndefined();
    expect(await ledger.add(there, phone('ada'))).toBe(false);
    expect(await ledger.close(there)).toBeUndefined();
    expect(await ledger.read(here)).toMatchObject({ userId: 'ada' });
  });

  it('starts an empty page for another person in the same interaction', async () => {
    await ledger.open(here, password('ada'));
    await ledger.add(here, phone('ada'));
    await ledger.open(here, password('grace'));
    expect(await ledger.read(here)).toMatchObject({ userId: 'grace', proofs: [{ factor: 'password' }] });
    expect(await ledger.add(here, phone('ada'))).toBe(false);
  });

  it('the same password again keeps what was proven since', async () => {
    await ledger.open(here, password('ada'));
    await ledger.add(here, phone('ada'));
    await Promise.all(Array.from({ length: 16 }, () => ledger.open(here, password('ada'))));
    expect((await ledger.read(here))?.proofs).toHaveLength(2);
  });

  it('loses none of 16 proofs written at once', async () => {
    await ledger.open(here, password('ada'));
    await Promise.all(Array.from({ length: 16 }, () => ledger.add(here, phone('ada'))));
    expect((await ledger.read(here))?.proofs).toHaveLength(17);
  });
});
