/** Tells what of a client waits for an administrator: the client as a whole, or redirect addresses that were added later. */
import type { EpochMillis } from '../ports/time.ts';

/** Members of stored metadata that no door sets (`clients/approval.ts` does). */
export const sinceMember = 'waiting_since';
export const addressesMember = 'waiting_redirect_uris';

/** What of a client waits. */
export interface Waiting {
  /** When the client was added; absent: it was approved. Milliseconds since 1970. */
  readonly since?: EpochMillis;
  /** Redirect addresses that cannot be used yet. */
  readonly redirectUris: readonly string[];
}

/** What waits of a stored client, or of a client of oidc-provider. */
export const waitingOf = (client: object): Waiting => {
  const since: unknown = Reflect.get(client, sinceMember);
  const uris: unknown = Reflect.get(client, addressesMember);
  return {
    ...(typeof since === 'number' && { since }),
    redirectUris: Array.isArray(uris) ? uris.filter(uri => typeof uri === 'string') : [],
  };
};

/** Whether anything of a client waits. */
export const isWaiting = (client: object): boolean => {
  const { since, redirectUris } = waitingOf(client);
  return since !== undefined || redirectUris.length > 0;
};

/** Lets a client of oidc-provider tell which of its addresses wait: the library drops members that it does not know. */
export const keepWaitingAddresses = (client: object, metadata: object): void => {
  const { redirectUris } = waitingOf(metadata);
  if (redirectUris.length > 0) Reflect.set(client, addressesMember, redirectUris);
};
