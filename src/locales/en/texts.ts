/**
 * English text messages. They use only the GSM alphabet (3GPP TS 23.038 §6.2.1), so without typographic apostrophes: any other
 * character reduces a message from 160 characters to 70.
 */
export const texts = {
  /** Begins with the code, so that a preview shows it. `to`: the name of the client, or empty. */
  'sign-in': (code: string, to: string): string =>
    to === '' ? `${code} is your sign-in code. Never share it.` : `${code} is your code for ${to}. Never share it.`,
  /** A text that adds this phone to an account. */
  enrollment: (code: string, to: string): string =>
    to === ''
      ? `${code} adds this phone to your account. Never share it.`
      : `${code} adds this phone to your account at ${to}. Never share it.`,
};
