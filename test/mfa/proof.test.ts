/** Tests the proofs of a sign-in: bound to interaction, browser and person. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reached } from '../../src/mfa/assurance.ts';
import { mint } from '../../src/mfa/proof.ts';
import { SignInProofs } from '../../src/mfa/sign-in-proofs.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const here = { interaction: 'uid', browser: 'secret of this browser' };
const password = (userId: string) => mint({ userId, factor: 'password', amr: ['pwd'], acr: 'sfa', at: 1 });
const phone = (userId: string) => mint({ userId, factor: 'call', amr: ['tel'], acr: 'mfa', at: 2 });

describe.each(stores)('the sign-in proofs on $name', stored => {
  let store: OpenStore;
  let signInProofs: SignInProofs;

  beforeEach(async () => {
    store = await stored.open(createClock());
    signInProofs = new SignInProofs(store.shortLived.ephemeral, 600_000);
  });
  afterEach(async () => store.close());

  it('are not begun again after the sign-in was cancelled or finished in this browser', async () => {
    for (const tombstone of [{}, { client: 'contoso' }]) {
      const ended = { ...here, interaction: `ended ${JSON.stringify(tombstone)}` };
      expect(await signInProofs.begin(ended, password('ada'))).toBeDefined();
      expect(await signInProofs.leaveTombstone(ended, tombstone)).toBe(true);
      expect(await signInProofs.begin(ended, password('ada'))).toBeUndefined();
      expect(await signInProofs.read(ended)).toBeUndefined();
      expect(await signInProofs.entry(ended.interaction)).toMatchObject(tombstone);
    }
  });

  it('are kept for one person and returned once', async () => {
    await signInProofs.begin(here, password('ada'));
    expect(await signInProofs.add(here, phone('ada'))).toBe(true);
    const closed = await Promise.all(Array.from({ length: 16 }, () => signInProofs.consume(here)));
    const pages = closed.filter(page => page !== undefined);
    expect(pages).toHaveLength(1);
    expect(reached(pages[0]?.proofs ?? [])).toEqual({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
    expect(await signInProofs.read(here)).toBeUndefined();
  });

  it('are neither readable nor writable by another browser, which begins none of its own', async () => {
    await signInProofs.begin(here, password('ada'));
    const there = { ...here, browser: 'another' };
    expect(await signInProofs.read(there)).toBeUndefined();
    expect(await signInProofs.add(there, phone('ada'))).toBe(false);
    expect(await signInProofs.consume(there)).toBeUndefined();
    for (const person of ['ada', 'grace']) expect(await signInProofs.begin(there, password(person))).toBeUndefined();
    expect(await signInProofs.read(here)).toMatchObject({ userId: 'ada' });
  });

  it('are held by one browser and person before there is a proof, until the sign-in has ended', async () => {
    for (const held of [here, here]) expect(await signInProofs.hold(held, 'ada')).toBe(true);
    expect(await signInProofs.hold(here, 'grace')).toBe(false);
    expect(await signInProofs.hold({ ...here, browser: 'another' }, 'ada')).toBe(false);
    await signInProofs.leaveTombstone(here, {});
    expect(await signInProofs.hold(here, 'ada')).toBe(false);
    const raced = { ...here, interaction: 'raced' };
    const browsers = Array.from({ length: 16 }, (_, at) => ({ ...raced, browser: `browser ${at}` }));
    const results = await Promise.all(browsers.map(async browser => signInProofs.hold(browser, 'ada')));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('start empty for another person in the same interaction', async () => {
    await signInProofs.begin(here, password('ada'));
    await signInProofs.add(here, phone('ada'));
    await signInProofs.begin(here, password('grace'));
    expect(await signInProofs.read(here)).toMatchObject({ userId: 'grace', proofs: [{ factor: 'password' }] });
    expect(await signInProofs.add(here, phone('ada'))).toBe(false);
  });

  it('keep later proofs when the same password is typed again', async () => {
    await signInProofs.begin(here, password('ada'));
    await signInProofs.add(here, phone('ada'));
    await Promise.all(Array.from({ length: 16 }, () => signInProofs.begin(here, password('ada'))));
    expect((await signInProofs.read(here))?.proofs).toHaveLength(2);
  });

  it('keep all of 16 proofs written at once', async () => {
    await signInProofs.begin(here, password('ada'));
    await Promise.all(Array.from({ length: 16 }, () => signInProofs.add(here, phone('ada'))));
    expect((await signInProofs.read(here))?.proofs).toHaveLength(17);
  });
});
