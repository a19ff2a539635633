/**
 * Step 1: copies the keys that sign tokens and cookies from two secrets into key rings, where they can be rotated. The secrets
 * stay and are kept equal to the rings, so that nodes of the previous release start and verify.
 */
import { allRings } from '../../keys/ring.ts';
import { createRings, readRings } from '../../keys/rings.ts';
import { keyRingKind, secretKind } from '../../records.ts';
import type { MigratedPage, Migration, MigrationContext } from '../migration.ts';

/** A new store has no keys yet: its first start makes them. */
const toRings = async (context: MigrationContext): Promise<MigratedPage> => {
  const secrets = context.durable.collection(secretKind);
  const found = await Promise.all(['signing-keys', 'cookie-keys'].map(async id => secrets.get(id)));
  const seen = found.filter(secret => secret !== undefined).length;
  const rings = await readRings(context.durable.collection(keyRingKind));
  // A node that was killed in this step has left some of them.
  if (seen === 0 || rings.length === allRings.length) return { seen, changed: 0 };
  return { seen, changed: await createRings(context) };
};

/** The step. */
export const keyRingsStep: Migration = { number: 1, name: 'key-rings', phase: 'expand', run: toRings };
