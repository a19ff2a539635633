/** Makes the request context of a challenge, for a request of a person or of an administrator. */
import { referenceOf } from '../../reference.ts';
import type { User } from '../../records.ts';
import type { RequestContext } from './record.ts';

/** The context of a request that this person made. */
export const requestContext = ({ id, name }: User, request: Omit<RequestContext, 'person'>): RequestContext => ({
  ...request,
  person: { id, name },
});

/**
 * The context of an enrollment that an administrator leads for this person, in the person's language. `address`: where the
 * administrator works (`cli`); the reference is derived from the binding and stands in the audit.
 */
export const administratorContext = (
  user: User,
  { boundTo, issuer, address }: { readonly boundTo: string; readonly issuer: URL; readonly address: string },
): RequestContext =>
  requestContext(user, {
    reference: referenceOf(boundTo),
    client: 'Sallyport',
    language: user.language ?? 'en',
    origin: issuer.origin,
    address,
  });
