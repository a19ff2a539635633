/** English words that every mail shares, and the mail with a code. */
import { name, type Phrase } from '../phrase.ts';

export const mail = {
  /** Below the content. `host`: where the account is. */
  footer: (host: string): string =>
    `You get this message because it is about your account at ${host}. Please do not reply: nobody reads this mailbox.`,
  /** To administrators, who have no account that the mail is about. */
  administratorFooter: (host: string): string =>
    `You get this message because you are named as an administrator of ${host}. Please do not reply: nobody reads this mailbox.`,
  /** Above the whole address of the link, for programs that show no buttons. */
  linkInstead: 'If the button does not work, open this address:',
  /** The mail with a code to type on the page of a sign-in. `client`: the name of the client, or empty. */
  code: {
    'sign-in': {
      subject: 'Your sign-in code',
      sentence: (client: string): Phrase =>
        client === ''
          ? ['Type this code on the page where you sign in:']
          : ['Type this code on the page where you sign in to ', name(client), ':'],
      unexpected: 'You did not try to sign in? Then somebody knows your password. Change it, and tell your help desk.',
    },
    enrollment: {
      subject: 'Your code to set up codes by e-mail',
      sentence: (): Phrase => ['Type this code on the page to add this mailbox to your account:'],
      unexpected: 'You did not ask for this? Then you need not do anything.',
    },
    lifetime: 'It works for five minutes and only once. Never tell it to anybody, not even to us.',
  },
};
