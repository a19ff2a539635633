/**
 * Accepts DPoP proofs that name an address for clients with certificates (`mtls_endpoint_aliases`, RFC 8705 §5). A proof names the address
 * to which its request is sent (RFC 9449 §4.2). The proxy sends such a request on to the host of the issuer, with which the library
 * compares the proof.
 */
import { decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';
import { Problem } from '../../errors.ts';
import type { ClientCertificateSettings } from '../../config.ts';

/** Routes of the library that take proofs. */
const routes: ReadonlySet<string> = new Set(['token', 'userinfo', 'pushed_authorization_request']);

/** Changes the contexts of this provider. Must run before it answers requests. */
export const acceptAliases = (
  { OIDCContext: { prototype } }: Provider,
  certificates: Pick<ClientCertificateSettings, 'origin'> | undefined,
): void => {
  const { origin: alias } = certificates ?? {};
  if (alias === undefined) return;
  const urlFor: unknown = Reflect.get(prototype, 'urlFor');
  if (typeof urlFor !== 'function') {
    throw new Problem('internal', 'got a context of oidc-provider without urlFor, expected it in this version');
  }
  Reflect.set(prototype, 'urlFor', function addressOf(this: object, ...asked: readonly unknown[]): string {
    const address = String(Reflect.apply(urlFor, this, asked));
    const { ctx } = Provider;
    const isOwn = ctx !== undefined && asked[0] === ctx.oidc.route && routes.has(ctx.oidc.route);
    return isOwn && originNamed(ctx.get('dpop')) === alias.origin
      ? new URL(new URL(address).pathname, alias).href
      : address;
  });
};

/** The origin in an unverified proof. The library verifies the proof, and compares the whole address. */
const originNamed = (proof: string): string | undefined => {
  try {
    return URL.parse(String(decodeJwt(proof)['htu']))?.origin;
  } catch {
    return undefined;
  }
};
