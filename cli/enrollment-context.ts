/** What surrounds a ceremony that an operator leads. */
import type { RequestContext } from '../src/mfa/challenge/record.ts';
import { referenceOf } from '../src/reference.ts';
import type { User } from '../src/records.ts';
import type { CommandServices } from './services.ts';

/** The person hears and reads the display name of this house; the reference stands in the audit. */
export const requestContextFor = (services: CommandServices, user: User, boundTo: string): RequestContext => ({
  reference: referenceOf(boundTo),
  client: 'Sallyport',
  language: user.language ?? 'en',
  origin: services.resources.settings.issuer.origin,
  address: 'cli',
  person: { id: user.id, name: user.name },
});
