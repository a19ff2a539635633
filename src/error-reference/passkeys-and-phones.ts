/** Passkeys, and requests to the authenticator on a phone. */
import type { Section } from './sections.ts';

export const passkeyAsSecondStep: Section = {
  title: 'Passkey as second step',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2900', 'the browser sent no answer, or one that cannot be read', 'try again; try another browser'],
    [
      'IDP-2901',
      "the answer was refused: another account's passkey, a removed one, or one that was copied",
      'use a passkey of this account, or another method; the audit has the reason',
    ],
    ['IDP-2902', 'too soon after another answer', 'wait until the time on the page'],
    ['IDP-2903', 'several refused answers in this sign-in', 'start again, or use another method'],
    ['IDP-2905', 'the same answer was sent twice', 'try again'],
    ['IDP-2907, IDP-2908', 'the challenge expired, or its state was lost', 'try again'],
  ],
};

export const requestInTheAuthenticator: Section = {
  title: 'Request in the authenticator',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-3000', 'the state of the request was lost', 'send a new one'],
    [
      'IDP-3001',
      'no answer within 60 seconds, or the browser did not go on in time',
      'open the authenticator, then send a new one',
    ],
    [
      'IDP-3002',
      'another number than that of the page was typed. One wrong number ends a request',
      'send a new one; if the person typed nothing, the password may be known to an attacker',
    ],
    [
      'IDP-3003',
      '_Deny_ on the device',
      'if by mistake, send a new one; otherwise the password may be known to an attacker',
    ],
    [
      'IDP-3004',
      "_It wasn't me_ on the device. No requests and no calls for a day",
      'contact the person; the password may be known to an attacker',
    ],
    [
      'IDP-3005',
      'a request or call for another sign-in of this account is waiting',
      'answer that one, or wait a minute',
    ],
    [
      'IDP-3006',
      'more than three requests to this account in five minutes',
      'use another method, or wait until the time on the page',
    ],
    [
      'IDP-3007',
      'requests are paused after IDP-3004, or after IDP-2106',
      'use another method until the time on the page',
    ],
    ['IDP-3008', 'five wrong PINs in a row on this device', 'use another method, remove the device and pair it again'],
    ['IDP-3009', 'the person chose another method, or went back', 'no action'],
    [
      'IDP-3010',
      'the last three requests within ten minutes were denied or ignored',
      'use another method, or wait ten minutes; if the person caused none of them, change the password',
    ],
    [
      'IDP-3011',
      'ten requests to this account since its last sign-in, one of them for browsers that signed in before',
      'sign in once with another method, or in a browser in which the person has signed in before',
    ],
    [
      'IDP-3012',
      'the key of the device was paired before, so that this pairing added nothing',
      'begin the pairing anew; the authenticator then makes a new key',
    ],
  ],
};

export const pairingADevice: Section = {
  title: 'Pairing a device',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-3100', 'the state of the pairing was lost, or another tab began a new one', 'start with a new code'],
    ['IDP-3101', 'no device was confirmed within ten minutes', 'start with a new code'],
    [
      'IDP-3102',
      'five wrong codes were typed for this pairing',
      'start with a new code; if the person typed none, somebody was guessing',
    ],
    [
      'IDP-3103',
      'the person said _No_, or the pairing was cancelled on the phone',
      'start with a new code; another device may have used the code before theirs',
    ],
  ],
};
