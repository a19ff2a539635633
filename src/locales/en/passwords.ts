/** English words for choosing a password: the field, why one is refused, and the pages around it. */
import { name, type Phrase } from '../phrase.ts';

export const passwords = {
  field: {
    label: 'New password',
    hint: 'At least 8 characters. A few words that belong together only for you are easy to remember.',
  },
  /** Why a password cannot be used, by `PasswordFault`. */
  faults: {
    unreadable: 'Type a new password.',
    short: 'That is too short. Use at least 8 characters.',
    common: 'Many people use that password, so it is guessed first. Choose another one.',
    pattern: 'That is easy to guess, because it repeats or counts. Choose another one.',
    personal: 'That is made of your name or of the name of this service. Choose another one.',
    breached: 'That password was stolen from another website and is known to attackers. Choose another one.',
    same: 'That is the password you have now. Choose another one.',
  },
  /** In a sign-in, where an administrator asked for another password. */
  required: {
    heading: 'Choose a new password',
    sentence: (client: string): Phrase => ['Then you continue to ', name(client), '. Your old password stops working.'],
    submit: 'Save and continue',
  },
  /** The page that asks who wants a new password. */
  forgotten: {
    heading: 'Forgot your password?',
    sentence: 'We send a link to your e-mail address. It lets you choose a new password.',
    name: 'Name or e-mail address',
    submit: 'Send the link',
    incomplete: 'Type your name or your e-mail address.',
    wait: 'Too many requests came from where you are.',
    full: 'We can’t take more requests right now. Wait a minute, then try again.',
    back: 'Back to signing in',
  },
  /** Where this server cannot send mail. */
  noMail: {
    heading: 'Ask your help desk for a new password',
    sentence: 'Ask the people who gave you this account. They set a new password. Your second step stays as it is.',
  },
  sent: {
    heading: 'Look in your mailbox',
    sentence: 'If this account has a confirmed e-mail address, a link is on its way to it.',
    steps: [
      'Open the link within 30 minutes. It works once.',
      'Nothing there? Look in the spam folder, and check the name that you typed.',
      'Asked more than once? Only the newest link works. There are at most 3 an hour.',
      'Still nothing? Ask your help desk for a new password.',
    ],
    again: 'Send another link',
  },
  /** The page that the link opens. */
  reset: {
    heading: 'Choose a new password',
    sentence: (account: string): Phrase => ['For the account ', name(account), '. Your second step stays as it is.'],
    effect: 'You are then signed out everywhere, and sign in with the new password.',
    submit: 'Save the new password',
  },
  gone: {
    heading: 'This link does not work any more',
    sentence: 'It was used, it is older than 30 minutes, or you asked for a newer one. Your password was not changed.',
    again: 'Get a new link',
  },
  done: {
    heading: 'Your new password is saved',
    sentence: 'You are signed out everywhere. Now sign in with the new password.',
    unknown: 'Open the app or website that you want to use, and sign in there.',
  },
  /** The mail with the link. `service`: host of this server. */
  mail: {
    subject: 'Choose a new password',
    heading: 'Choose a new password',
    asked: (account: string, service: string): string =>
      `Someone asked for a new password for the account ${account} at ${service}. If it was you, open the link.`,
    lifetime: 'It works for 30 minutes and once. Your second step stays as it is.',
    button: 'Choose a new password',
    closing:
      'If it was not you, you need not do anything. Your password stays as it is. Do not pass this link on to anyone.',
  },
};
