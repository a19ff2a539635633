/** Tells what a QR code is: a pairing of this deployment, codes, or something else. */

export type Scanned =
  | { readonly kind: 'pairing'; readonly secret: string }
  /** A pairing of another deployment. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'codes' }
  | { readonly kind: 'foreign' };

/** Path of the app in every deployment. */
const path = '/authenticator/';

/** The secret in the fragment of a pairing link, `#pair=…`. */
export const secretIn = (fragment: string): string | undefined => {
  const secret = new URLSearchParams(fragment.replace(/^#/u, '')).get('pair');
  return secret === null || secret === '' ? undefined : secret;
};

/** Reads the text of a QR code. `origin`: of this deployment. */
export const readScanned = (text: string, origin: string): Scanned => {
  let address: URL;
  try {
    address = new URL(text.trim());
  } catch {
    return { kind: 'foreign' };
  }
  if (address.protocol === 'otpauth:') return { kind: 'codes' };
  const secret = secretIn(address.hash);
  if (address.pathname !== path || secret === undefined) return { kind: 'foreign' };
  return address.origin === origin ? { kind: 'pairing', secret } : { kind: 'elsewhere' };
};
