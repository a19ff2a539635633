/** The second step by a code from an authenticator app. */
const tries = (left: number): string => (left === 1 ? '1 try left' : `${left} tries left`);

export const codes = {
  heading: 'Enter the code from your app',
  sentence: 'It changes every 30 seconds.',
  hint: (length: number): string => `We check it as soon as all ${length} digits are in.`,
  label: 'Code',
  malformed: (length: number): string => `That isn’t a code yet. Type the ${length} digits your app shows.`,
  wrong: (left: number): string => `That code isn’t right. Check the newest code in your app — ${tries(left)}.`,
  reused: 'That code was used already. Wait for the next one in your app.',
  wait: 'That was too soon after a wrong code.',
  useAnother: 'Or use another option.',
  freshCode: 'Try again with a fresh code.',
  headings: {
    tries: 'Too many tries',
    expired: 'Time ran out',
    disabled: 'Your app’s codes are turned off',
    other: 'Let’s start with a fresh code',
  },
  ended: {
    tries: 'That was the last try for now.',
    expired: 'We waited too long for a code.',
    disabled: 'There were too many wrong codes. Your help desk can help you set up your app again.',
    other: 'We can’t take a code here any more. Nothing was approved.',
  },
  terms: {
    malformed: 'not a code',
    wrong: 'wrong code',
    reused: 'code already used',
    wait: 'must wait',
    tries: 'too many tries',
    expired: 'expired',
    disabled: 'factor disabled',
    other: 'ended',
  },
};
