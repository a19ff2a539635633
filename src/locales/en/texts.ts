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
  /** Notices by text, by the kinds of `src/notice.ts` that are texted. A link may follow. */
  notices: {
    'method-added': 'A sign-in method was added to your account.',
    'method-removed': 'A sign-in method was removed from your account.',
    'method-renamed': 'A sign-in method of your account has a new name.',
    'method-made-default': 'We now ask you for another sign-in method first.',
    'passkey-required': 'Your account now asks for your passkey each time.',
    'passkey-optional': 'Your account no longer insists on your passkey.',
    'methods-reset': 'An administrator removed all your sign-in methods.',
    'recovery-codes-made': 'New recovery codes were made for your account.',
    'recovery-code-used': 'A recovery code was used to sign in to your account.',
    'temporary-pass-made': 'A temporary pass was made for your account.',
    'temporary-pass-used': 'A temporary pass was used to sign in to your account.',
    'password-changed': 'Your password was changed.',
    'password-set': 'An administrator set a new password for you.',
    'password-reset': 'Your password was reset.',
    'email-changed': 'The e-mail address of your account was changed.',
    'sessions-ended': 'You were signed out.',
    'app-access-revoked': 'An app lost its access to your account.',
    'account-locked': 'An administrator locked your account.',
    'account-unlocked': 'An administrator unlocked your account.',
    'not-me': 'You reported a sign-in. It was stopped.',
    'factor-disabled': 'Too many wrong codes. A sign-in method was turned off.',
    'code-reused': 'Somebody tried a code that had been used before.',
    'passkey-copied': 'A passkey of yours may have been copied. It was refused.',
    'remembered-browser-copied': 'A copy of a browser that we remembered was used. We forgot that browser.',
    'changes-frozen': 'You are signed out everywhere, and changes are stopped for 7 days.',
    'changes-unfrozen': 'An administrator allowed changes to your account again.',
  },
  notYou: (link: string): string => `Not you? ${link}`,
  notYouDesk: 'Not you? Tell your help desk.',
};
