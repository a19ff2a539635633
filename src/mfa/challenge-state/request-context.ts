/** Defines what is known of the request that asks for a challenge, and makes it for people and administrators. */
import type { User } from '../../records.ts';
import { referenceOf } from '../../reference.ts';
import type { Acr } from '../factor.ts';
import type { RequestPurpose } from '../push/protocol.ts';

/** Surroundings of a request, kept with its challenge so that a callback finds the same language and names. */
export interface RequestContext {
  /** The 8-character reference of the sign-in. */
  readonly reference: string;
  /** Name of the client, as pages and calls say it. */
  readonly client: string;
  /** BCP 47. */
  readonly language: string;
  /** The issuer's origin. */
  readonly origin: string;
  /** Address that the request came from; absent: no browser of the person asked. */
  readonly address?: string;
  readonly person: { readonly id: string; readonly name: string };
  /** This person has signed in before in the browser that asks. */
  readonly isKnownBrowser?: true;
  /** The level that the sign-in is to reach by this challenge; absent: any. */
  readonly level?: Acr;
  /** The page may make a passkey without a question to the person. */
  readonly isConditional?: true;
  /** Browser and system that ask, as the history of sign-ins shows them: "Firefox on Linux". */
  readonly browser?: string;
  /** Absent where no browser asked for the challenge. */
  readonly sharing?: SharingTerms;
  /** What a device is asked about; absent: a sign-in, or the test that ends a pairing. */
  readonly purpose?: Extract<RequestPurpose, 'approval' | 'caller'>;
  /** Text of the client or of the help desk that a device shows. */
  readonly message?: string;
}

/** Which other sign-ins may use a challenge (`sharing.ts`): those with the same terms. */
export interface SharingTerms {
  /** SHA-256 of the browser's secret. */
  readonly browser: string;
  /** What the person approves: prompt, client and level, as one text to be compared. */
  readonly approves: string;
}

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
