/**
 * Reads and spells user codes of the device flow (RFC 8628 §6.1): 8 letters without vowels, so that they form no words, and
 * none that looks like a digit or another letter. That is 2^34 codes.
 */

/** For `charset` and `mask` of oidc-provider. */
export const userCodeStyle = { charset: 'base-20', mask: '****-****' } as const;

const shape = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

/**
 * The code that was typed, in the form that is compared; undefined: it cannot be one. Small letters, full-width letters, spaces
 * and dashes of any kind are as good.
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
