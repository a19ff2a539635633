/**
 * Decides where a remembered browser takes the place of the second step: only where people without a method sign in by password
 * alone. The session keeps the id of its record, so that it ends with the record (`users/remembered-browsers.ts`).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { isBuiltIn } from '../clients/built-in.ts';
import type { RequiredAcr } from '../required-acr.ts';

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/** Name of the member with the id of the remembered browser, in a session and in the result of an interaction. */
export const rememberedMember = 'remembered';

/** Name of the member of the details of the prompt `login`: true where the request allows a remembered browser. */
export const allowsRememberedDetail = 'allowsRemembered';

/** The remembered browser in a session or in the result of an interaction. */
export const rememberedIn = (holder: object): string | undefined => {
  const found: unknown = Reflect.get(holder, rememberedMember);
  return typeof found === 'string' ? found : undefined;
};

/** Changes the session object of oidc-provider, which saves it after the request. */
export const setRemembered = (session: Session, id: string | undefined): void => {
  Reflect.set(session, rememberedMember, id);
};

/**
 * Whether this request allows a remembered browser. `acr`: the level of the request for an unknown person, voluntary levels included.
 * Not where the client wants a recent sign-in, for our own portals, which show the methods of the person and their clients, or for a device
 * (RFC 8628 §5.4).
 */
export const allowsRemembered = (
  { oidc }: KoaContextWithOIDC,
  { acr, decision }: Pick<RequiredAcr, 'acr' | 'decision'>,
): boolean =>
  acr === 'sfa' &&
  oidc.deviceCode === undefined &&
  !oidc.prompts.has('login') &&
  oidc.params?.['max_age'] === undefined &&
  !isBuiltIn(oidc.client?.clientId ?? '') &&
  decision.required.mfaMaxAge === undefined;
