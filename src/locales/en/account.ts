/** English words of the security page below /account. */

/** What a page reports after a form. */
const notices: Readonly<Record<string, string>> = {
  repeat: 'It’s you. Thank you. Now please make your change once more.',
  cancelled: 'Nothing was changed.',
};

const names: Readonly<Record<string, string>> = {
  call: 'Phone call',
  sms: 'Text message',
  spoken: 'Phone call with a code',
  totp: 'Code from your app',
};

export const account = {
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  navigation: { label: 'Your account', security: 'Security' },
  notices,
  methods: { heading: 'Ways to confirm it’s you', names },
  notSignedIn: {
    heading: 'You’re not signed in',
    sentence: 'The sign-in was left or took too long. Nothing was changed.',
    again: 'Sign in',
  },
};
