/** English words for password and e-mail address on the security page. */
import { name, type Phrase } from '../phrase.ts';

export const accountProfile = {
  /** In place of a form that needs a fresh sign-in. */
  first: 'For a change, you first confirm that it’s you.',
  password: {
    heading: 'Password',
    current: 'Your password now',
    effect: 'All other browsers and apps are then signed out. This one stays signed in.',
    submit: 'Change the password',
    absent: 'You sign in without a password here.',
    wrong: 'That is not your password.',
    changed: 'Your password was just changed in another place. Load the page again.',
    wait: 'Too many attempts.',
  },
  address: {
    heading: 'E-mail address',
    now: 'Current',
    absent: 'You have no e-mail address here.',
    confirmed: 'confirmed',
    unconfirmed: 'not confirmed',
    confirm: 'Confirm this address',
    change: 'Change the address',
    new: 'New address',
    effect: 'We send a link to the new address. The old one works until you have opened it.',
    submit: 'Send the link',
    waiting: (address: string): Phrase => ['A link is on its way to ', name(address), '. It works for 30 minutes.'],
    noMail: 'This server sends no e-mail. Your help desk can change the address.',
    faults: {
      email: 'That is not an e-mail address.',
      same: 'That is your address already, and it is confirmed.',
      limit: 'You get at most 3 links an hour. Try again in an hour.',
      off: 'This server sends no e-mail. Your help desk can change the address.',
      full: 'We can’t send e-mails right now. Try again in a minute.',
    },
  },
  confirm: {
    heading: 'Is this your address?',
    sentence: (address: string): Phrase => [name(address), ' becomes the e-mail address of your account.'],
    submit: 'Yes, confirm it',
    no: 'No, leave it as it is',
    gone: 'This link does not work any more. It was used, it is older than 30 minutes, you asked for a newer one, or it is for another account.',
    taken: 'This address cannot be used for your account. Choose another one.',
    back: 'Back to your profile',
  },
  /** The mail with the link. `service`: host of this server. */
  mail: {
    subject: 'Confirm your e-mail address',
    heading: 'Is this your address?',
    asked: (account: string, service: string): string =>
      `The account ${account} at ${service} wants to use this address. If that is your account, open the link while you are signed in.`,
    lifetime: 'It works for 30 minutes and once.',
    button: 'Confirm this address',
    closing: 'If you do not know this account, you need not do anything. Do not open the link for someone else.',
  },
};
