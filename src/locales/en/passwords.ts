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
};
