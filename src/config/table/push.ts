/** Settings of the authenticator on a phone, and of pushes to it. */
import { contact, origins } from '../checks/addresses.ts';
import { oneOf } from '../checks/values.ts';
import { optional, withDefault } from '../setting.ts';

export const push = {
  pushDigits: withDefault({
    name: 'SALLYPORT_PUSH_DIGITS',
    check: oneOf('2', '6'),
    expected: '2 or 6',
    example: '6',
    doc: 'Digits of the number that a person reads on the sign-in page and types in the authenticator on their phone. `2` reaches the level `mfa`, `6` the level `aal2`.',
    fallback: '2',
  }),
  pushUnlock: withDefault({
    name: 'SALLYPORT_PUSH_UNLOCK',
    check: oneOf('none', 'pin', 'biometric'),
    expected: 'none, pin or biometric',
    example: 'pin',
    doc: 'What the authenticator on a phone asks for before it answers. `pin`: a PIN of six digits or more, which is checked here; five wrong ones in a row, and the phone must be paired again. `biometric`: finger, face or the code of the phone (WebAuthn). Phones that were paired under a weaker setting must be paired again.',
    fallback: 'none',
  }),
  pushServices: optional({
    name: 'SALLYPORT_PUSH_SERVICES',
    check: origins(),
    expected: 'origins such as https://push.example.com, separated by commas; http on loopback only',
    example: 'https://push.example.com',
    doc: 'Push services that may wake the phones of people, beside those of Google, Mozilla, Apple and Microsoft. A phone names its own push service, so that only known ones are asked. Unset: no others.',
  }),
  pushContact: optional({
    name: 'SALLYPORT_PUSH_CONTACT',
    check: contact(),
    expected: 'mailto: and an e-mail address, or an https address',
    example: 'mailto:login@example.com',
    doc: 'Where operators of push services can reach you about our pushes (RFC 8292 §2.1). Unset: the issuer.',
  }),
};
