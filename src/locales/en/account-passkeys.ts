/** English words for passkeys on the security page. */
export const accountPasskeys = {
  /** Where it is kept. */
  synced: 'in your password manager, for all your devices',
  bound: 'on one device or key only',
  unverified: 'without PIN or finger, so only together with your password',
  refused: 'Keys of this kind are no longer accepted here. Remove it, and add another one.',
  /** Before one is removed. */
  deleteToo: 'Delete it in your password manager or on the key too. Some browsers do that by themselves.',
  endsOnly:
    'It is your last passkey that asks for your face, finger or PIN. After that, your other methods are enough again.',
  /** The choice to sign in no weaker than by a passkey. */
  only: {
    heading: 'Only with a passkey',
    off: 'Your password together with a call, a text or a code also opens your account. You can switch that off: then every sign-in needs a passkey.',
    on: 'Every sign-in needs one of your passkeys. Your other methods are not enough.',
    lost: 'If you lose your passkeys, a recovery code or your help desk still lets you in.',
    noCodes: 'You have no recovery codes. If you lose your passkeys, only your help desk can let you in.',
    turnOn: 'Ask for a passkey each time',
    turnOff: 'Accept my other methods again',
  },
  notices: {
    'passkey-only': 'From now on every sign-in needs one of your passkeys.',
    'passkey-optional': 'From now on any of your methods is enough again.',
    'passkey-missing': 'For that you need a passkey that asks for your face, finger or PIN. Add one first.',
  } as Readonly<Record<string, string>>,
};
