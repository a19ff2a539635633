/** English words for the methods of the second step. */

interface MethodWords {
  readonly name: string;
  readonly note?: string;
  /** Label of the button that starts it. */
  readonly start: string;
  /** Label of the button, or row of the list, that starts it again. */
  readonly again?: string;
  /** Label of the row that leads back to it while it is under way. */
  readonly back?: string;
  /** Tells it from the other ways of the same phone. */
  readonly hint?: string;
}

export const methods: Readonly<Record<string, MethodWords>> = {
  call: { name: 'Call me', start: 'Call me now', again: 'Call again', back: 'Back to the call', hint: 'press #' },
  sms: { name: 'Text a code', start: 'Text me a code', again: 'Text me a new code', back: 'Back to the texted code' },
  spoken: {
    name: 'Call me with a code',
    start: 'Call me with a code',
    again: 'Call again with a code',
    back: 'Back to the call with a code',
    hint: 'hear six digits',
  },
  totp: {
    name: 'Code from your app',
    note: 'Works without a network',
    start: 'Enter a code from your app',
    back: 'Back to the code from your app',
  },
  passkey: {
    name: 'Use a passkey',
    note: 'Face, finger or PIN',
    start: 'Use your passkey',
    again: 'Use your passkey',
    back: 'Back to your passkey',
  },
  push: {
    name: 'Approve in the authenticator',
    start: 'Send me a request',
    again: 'Send a new request',
    back: 'Back to the request',
  },
  'recovery-code': {
    name: 'Use a recovery code',
    note: 'One of the codes you saved',
    start: 'Enter a recovery code',
    back: 'Back to the recovery code',
  },
  email: {
    name: 'E-mail a code',
    start: 'E-mail me a code',
    again: 'E-mail me a new code',
    back: 'Back to the e-mailed code',
  },
  'temporary-access-pass': {
    name: 'Use a temporary pass',
    note: 'From your help desk',
    start: 'Enter a temporary pass',
    back: 'Back to the temporary pass',
  },
};
