/**
 * Parses and formats user codes of the device flow (RFC 8628 §6.1): 8 of 20 consonants, 2^34 codes. Without vowels they form no
 * words, and no letter looks like a digit.
 */

/** For `charset` and `mask` of oidc-provider. */
export const userCodeStyle = { charset: 'base-20', mask: '****-****' } as const;

const shape = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

/**
 * The typed code in canonical form; undefined if it cannot be a code. Lower case, full-width letters, spaces and dashes are accepted.
 */
export const readUserCode = (typed: string): string | undefined => {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\p{P}\p{Z}\p{C}]/gu, '');
  return shape.test(code) ? code : undefined;
};

/** The code as devices and pages show it: `WDJB-MJHT`. */
export const spelledUserCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
