/** Creates the request context of an enrolment that an operator starts on the command line. */
import type { RequestContext } from '../src/mfa/challenge/record.ts';
import { referenceOf } from '../src/reference.ts';
import type { User } from '../src/records.ts';
import type { CommandServices } from './services.ts';

/** The person hears and reads `client` as the sender; `reference` is written to the audit trail. */
export const requestContextFor = (services: CommandServices, user: User, boundTo: string): RequestContext => ({
  reference: referenceOf(boundTo),
  client: 'Sallyport',
  language: user.language ?? 'en',
  origin: services.resources.settings.issuer.origin,
  address: 'cli',
  person: { id: user.id, name: user.name },
});
