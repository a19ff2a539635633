/**
 * Gives the subjects by which clients with `subject_type=pairwise` know people (OIDC Core §8.1): the same person is another subject in
 * each sector, so that two clients cannot compare whom they know.
 */
import type { KeyObject } from 'node:crypto';
import type { Client, Configuration } from 'oidc-provider';
import { hmac } from '../crypto.ts';

/**
 * The subject by which this client knows the person. The sector is the host of `sector_identifier_uri`, else that of the redirect
 * addresses. `hashKey` is secret and never changes: with another one all people would be new to these clients.
 */
export const subjectFor = (hashKey: KeyObject, accountId: string, client: Client): string =>
  client.subjectType === 'pairwise'
    ? hmac(hashKey, `pairwise:${String(Reflect.get(client, 'sectorIdentifier'))}:${accountId}`)
    : accountId;

/** For `pairwiseIdentifier` of oidc-provider. */
export const pairwiseSubjects =
  (hashKey: KeyObject): NonNullable<Configuration['pairwiseIdentifier']> =>
  async (_ctx, accountId, client) =>
    subjectFor(hashKey, accountId, client);
