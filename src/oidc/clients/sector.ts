/**
 * Keeps clients out of the sectors of others. A pairwise client knows people by the subjects of its sector (`../pairwise.ts`): the host of
 * its list of addresses, else of its redirect addresses, else of its keys (OIDC Core §8.1). Anybody may register an address at the host of
 * another, because tokens need a redirect to that host, or a key from there. oidc-provider asks for those. This file closes two other ways to
 * learn the subjects of a foreign sector:
 *
 * - tokens from before, after the client has moved to the other host
 * - addresses on a person's own machine, at which any program there gets codes
 */
import { isLoopback } from '../../config/checks/addresses.ts';
import { textsOf } from '../client-metadata.ts';
import { isForNative } from './addresses.ts';

const isPairwise = (client: object): boolean => Reflect.get(client, 'subject_type') === 'pairwise';

/** The sector of a pairwise client; undefined: another client has none. */
const sectorOf = (client: object): string | undefined => {
  const [address] = ['sector_identifier_uri', 'redirect_uris', 'jwks_uri'].flatMap(member => textsOf(client, member));
  return isPairwise(client) && address !== undefined ? URL.parse(address)?.host : undefined;
};

/** The first address at which any program of a person's machine gets codes. */
const ownMachineAddress = (client: object): string | undefined =>
  textsOf(client, 'redirect_uris').find(uri => isForNative(uri) || isLoopback(URL.parse(uri)?.hostname ?? ''));

/** Why this client shares its sector with clients that it does not know, as "got …, expected …"; undefined where it does not. */
export const sharedSectorProblem = (client: object): string | undefined => {
  const isShared = textsOf(client, 'sector_identifier_uri').length === 0 && ownMachineAddress(client) !== undefined;
  return isPairwise(client) && isShared
    ? 'subject_type: got pairwise with an address of an installed program, expected sector_identifier_uri: all such programs share a host'
    : undefined;
};

/** Why only an operator may register this client in its sector; undefined where others may too. */
export const sectorProblem = (client: object): string | undefined => {
  const address = isPairwise(client) ? ownMachineAddress(client) : undefined;
  return address === undefined
    ? undefined
    : `redirect_uris: got ${JSON.stringify(address)} with subject_type=pairwise, expected https: only an operator allows both`;
};

/** Why only an operator may make this change of a client, because of the sector; undefined where others may too. */
export const sectorChangeProblem = (before: object, after: object): string | undefined => {
  if (!isPairwise(after)) return undefined;
  if (!isPairwise(before))
    return 'subject_type: got pairwise, expected it at the registration: only an operator changes how people are known';
  const [was, is] = [sectorOf(before), sectorOf(after)];
  if (was !== is) return `redirect_uris: got the sector ${is}, expected ${was}: only an operator changes it`;
  return ownMachineAddress(before) === undefined ? sectorProblem(after) : undefined;
};
