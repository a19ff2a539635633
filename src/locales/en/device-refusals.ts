/** English sentences that the authenticator shows where the server refuses a call. */
import type { RefusalCode } from '../../device-refusals.ts';

export const deviceRefusals: Readonly<Record<RefusalCode, string>> = {
  'device-unknown': 'This phone is not paired with your account any more. You can pair it again.',
  proof: 'We could not check that this came from your phone. Try again.',
  clock: 'The clock of this phone is wrong. Let your phone set date and time by itself, then try again.',
  'pairing-unknown':
    'This code is not right, or it has ended. Check it, or get a new one on the page where you saw it.',
  'pairing-used': 'Another phone has used this code. Get a new one on the page where you saw it.',
  over: 'This request has ended.',
  'not-subscribed': 'Notifications are off for this phone. Turn them on first.',
  'code-malformed': 'The code has 8 letters and digits. Check it and type it again.',
  'subscription-refused': 'Notifications of this browser cannot be used here. Open the authenticator when you sign in.',
  malformed: 'We did not understand the authenticator. Close it, open it again and try once more.',
  wait: 'That was too often. Wait some minutes, then try again.',
  'not-sent': 'The notification could not be sent. Try again in some minutes.',
};
