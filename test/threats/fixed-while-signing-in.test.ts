/**
 * A08, by a race. The attacker leaves a browser with a session of their own making, or has stolen the cookie of a weak
 * one. They send requests with that id again and again. Such a request reads the session before its owner signs in, and
 * writes it afterwards. Neither the old id nor a new id of that request may lead to the owner's proofs.
 * Guards: `src/oidc/adapter/session-merge.ts#signInDigest`, compared with the pointer in
 * `src/oidc/adapter/sessions.ts#sessionAdapter`.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { createSealer } from '../../src/crypto.ts';
import { sessionAdapter } from '../../src/oidc/adapter/sessions.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);
const byPassword = { accountId: 'ada', loginTs: 100, acr: 'sfa', amr: ['pwd'] };
const byCode = { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'], mfa: { ts: 160, method: 'totp' } };

describe.each(stores)('A08 a session on $name', ({ open }) => {
  let store: OpenStore;
  let sessions: Adapter;
  beforeEach(async () => {
    store = await open(createClock());
    sessions = sessionAdapter({ ephemeral: store.shortLived.ephemeral, sealer });
  });
  afterEach(() => store.close());

  const read = async (id: string): Promise<AdapterPayload> => {
    const found = await sessions.find(id);
    if (!found) throw new Error(`no session ${id}`);
    return found;
  };

  test('A08 parallel tabs without a new proof share one session under any of their ids', async () => {
    await sessions.upsert('id-1', { jti: 'id-1', uid: 'u1', ...byPassword }, 3600);
    const tabs = await Promise.all(['id-1', 'id-1', 'id-1'].map(read));
    const ids = ['id-1', 'id-2', 'id-3'];
    await Promise.all(tabs.map((tab, at) => sessions.upsert(ids[at] ?? '', { ...tab, jti: ids[at] }, 3600)));
    for (const id of ['id-2', 'id-3']) expect(await read(id)).toMatchObject({ uid: 'u1', accountId: 'ada' });
  });

  test.each([
    ['of another person, planted before the password', { ...byPassword, accountId: 'mallory' }, byPassword],
    ['stolen before the step-up', byPassword, byCode],
  ])('A08 an id %s finds no session afterwards', async (_title, before, proven) => {
    for (const [at, given] of ['same', 'other', 'both'].entries()) {
      const [uid, old, theirs, own] = [`u${at}`, `old-${at}`, `theirs-${at}`, `own-${at}`];
      await sessions.upsert(old, { jti: old, uid, ...before }, 3600);
      const [attacker, again, owner] = [await read(old), await read(old), await read(old)];
      // a second id that the attacker got before
      if (given === 'both') await sessions.upsert(theirs, { ...again, jti: theirs }, 3600);
      await sessions.upsert(own, { ...owner, jti: own, ...proven }, 3600);
      if (given !== 'other') await sessions.upsert(old, { ...attacker, state: { secret: 'x' } }, 3600);
      else await sessions.upsert(theirs, { ...attacker, jti: theirs }, 3600);

      expect([await sessions.find(old), await sessions.find(theirs)]).toEqual([undefined, undefined]);
      expect(await read(own)).toMatchObject({ uid, ...before, ...proven });
    }
  });
});
