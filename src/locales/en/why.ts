/** English words for "Why was I asked?", and for a sign-in that a rule refuses. */
import { name, type Phrase } from '../phrase.ts';

export const why = {
  question: 'Why was I asked?',
  reasons: {
    server: 'This sign-in asks everybody for a second step.',
    client: (client: string): Phrase => [name(client), ' always asks for it.'],
    request: (client: string): Phrase => [name(client), ' asked for it this time.'],
    person: 'You have set up a second step, so a password alone is not enough.',
    chosen: 'You chose on your security page to sign in no weaker than with your passkey.',
    age: 'Your last second step was too long ago.',
    factors: 'Only some methods are accepted here.',
    device: 'You are connecting a device to your account.',
    task: 'You are changing how you sign in.',
  },
  /** Of a rule without words of its own. */
  rule: 'A rule of your organisation asks for it.',
  denied: {
    heading: (client: string): Phrase => ['You can’t sign in to ', name(client), ' now'],
    help: 'If you think that this is wrong, read the reference below to your help desk.',
    term: 'refused by a rule',
  },
};
