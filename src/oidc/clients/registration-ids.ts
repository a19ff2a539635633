/**
 * Tells the registrations of one client id apart. Each time a client is added, its document gets a random `registrationId`, which no change
 * of the client replaces. So a later client of the same id inherits no token (`issued-under.ts`).
 */
import { randomToken } from '../../crypto.ts';
import type { OidcDocument } from '../../records.ts';

const known = new WeakMap<object, string>();

/** The document as it is first stored. */
export const withRegistrationId = (client: OidcDocument): OidcDocument => ({
  ...client,
  registrationId: randomToken(),
});

/** Notes the registration of metadata, or of the client that oidc-provider has made of them. */
export const noteRegistration = (client: object, id: string): void => void known.set(client, id);

/** The registration of these metadata or this client. Empty: built in, added by an earlier release, or there is none. */
export const registrationOf = (client: object | undefined): string => (client && known.get(client)) ?? '';
