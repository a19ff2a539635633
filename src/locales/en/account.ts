/** English words of the security page below /account. */
import { accountMethods } from './account-methods.ts';
import { accountPasskeys } from './account-passkeys.ts';
import { accountSessions } from './account-sessions.ts';

/** What a page reports after a form. */
const notices: Readonly<Record<string, string>> = {
  repeat: 'It’s you. Thank you. Now please make your change once more.',
  cancelled: 'Nothing was changed.',
  added: 'Done. You can use it from now on.',
  tested: 'It works: you just confirmed with it.',
  renamed: 'The name was changed.',
  removed: 'It was removed. It can no longer be used to sign in.',
  'made-default': 'From now on we ask for this first.',
  'language-set': 'The language was changed.',
  'password-changed': 'Your new password is saved. All other browsers and apps are signed out.',
  'address-asked': 'If you can use this address, a link is on its way to it.',
  'address-proven': 'Your e-mail address is confirmed.',
};

export const account = {
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  navigation: {
    label: 'Your account',
    security: 'Security',
    sessions: 'Sessions and sign-ins',
    apps: 'Apps',
    profile: 'Profile and password',
  },
  notices: { ...notices, ...accountSessions.notices, ...accountPasskeys.notices },
  methods: accountMethods,
  passkeys: accountPasskeys,
  language: {
    heading: 'Language',
    label: 'For pages, calls, texts and mails',
    save: 'Save',
  },
  appPasswords: {
    heading: 'App passwords',
    sentence:
      'You don’t need any. Every app opens the sign-in page that you know, so no app has to keep a password of its own. If an old mail program still asks for one, add your account in it again and choose to sign in on a web page, or use the mail app of your phone.',
  },
  notSignedIn: {
    heading: 'You’re not signed in',
    sentence: 'The sign-in was left or took too long. Nothing was changed.',
    again: 'Sign in',
  },
};
