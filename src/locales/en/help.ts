/** English words for the help page. Each topic: steps for the person, and how the help desk can help. */
export const help = {
  heading: 'Help with signing in',
  nothingLeft: 'You need help to sign in',
  sentence: 'What happened?',
  nothingLeftSentence:
    'Your help desk can help you sign in. Give them this reference, so that they can find this sign-in.',
  back: 'Back to signing in',
  desk: 'Your help desk',
  deskDefault:
    'Ask the people who gave you this account. Give them the reference below. Never give anyone your password or a code.',
  /** Label of the link to a new password, where mails are sent. */
  reset: 'Choose a new password by a link in an e-mail',
  topics: [
    {
      id: 'no-phone',
      question: 'I don’t have my phone',
      steps: [
        'Choose “Use a different verification option”. Any method listed there works, on any device.',
        'No other method? Ask your help desk for access for today. Your phone stays on your account.',
      ],
    },
    {
      id: 'lost-phone',
      question: 'I lost my phone',
      steps: [
        'Tell your help desk now. They remove the phone from your account, so that no one can use it to sign in.',
        'Have a recovery code? It signs you in without the phone, and ends your other sessions.',
        'Ask your carrier to lock the SIM card.',
        'Until then sign in with another method, and change your password if the phone was not locked.',
      ],
    },
    {
      id: 'nothing-arrives',
      question: 'The code or call does not arrive',
      steps: [
        'Check that the phone is on, has reception, and does not silence unknown numbers.',
        'Compare the last two digits of the number on the page with your own.',
        'No text? Choose “Not received a text message?” to get the same code again.',
        'Wait a minute, then choose “Call again”. If a code from your app is refused, set the phone’s clock to automatic.',
        'Still nothing? Use a different verification option.',
      ],
    },
    {
      id: 'new-number',
      question: 'I have a new number',
      steps: [
        'Can you sign in with another method? Then add the new number on your security page, and remove the old one there.',
        'No other method? Ask your help desk to replace the number. They call you back on a number they know.',
      ],
    },
    {
      id: 'authenticator',
      question: 'My authenticator shows no request',
      steps: [
        'Open the authenticator on your phone: a request waits there, with or without a notification.',
        'No notification for some time? In its settings choose “Send a test”, and do what it says.',
        'New phone, or the browser’s data was deleted? Sign in with another method. Then pair the phone on your security page.',
      ],
    },
    {
      id: 'passkey',
      question: 'My passkey does not work',
      steps: [
        'On another computer, choose “another device”, and scan the picture with the phone that has your passkey.',
        'Lost the phone or key? Sign in with another method or a recovery code. Then remove the passkey on your security page.',
        'Not accepted? It may belong to another account, or it was removed from yours. Sign in with another method, and set up a new one.',
        'Nothing happens? Unlock your phone, switch on Bluetooth on both devices, and try again.',
      ],
    },
    {
      id: 'password',
      question: 'I forgot my password',
      steps: ['Ask your help desk to set a new one. Your second step stays as it is.'],
    },
  ],
};
