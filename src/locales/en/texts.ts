/**
 * Texts to a telephone. Only characters of the telephone's own alphabet (GSM 03.38), or a text holds 70 characters instead of
 * 160: so no typographic apostrophes here.
 */
export const texts = {
  /** The code first, so that a preview shows it. `to` may be empty. */
  'sign-in': (code: string, to: string): string =>
    to === '' ? `${code} is your sign-in code. Never share it.` : `${code} is your code for ${to}. Never share it.`,
  /** A text that adds this phone to an account. */
  enrollment: (code: string, to: string): string =>
    to === ''
      ? `${code} adds this phone to your account. Never share it.`
      : `${code} adds this phone to your account at ${to}. Never share it.`,
};
