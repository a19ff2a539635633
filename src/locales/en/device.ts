/** English words for the pages where a person connects a device. */
import { name, type Phrase } from '../phrase.ts';

export const device = {
  code: {
    heading: 'Connect a device',
    sentence: 'Enter the code that your device shows.',
    label: 'Code',
    submit: 'Continue',
    malformed: 'A code has 8 letters, for example WDJB-MJHT.',
    wrong: 'That code isn’t right, or it is too old. Check your device.',
    elsewhere: 'Please enter the code here again.',
    wait: 'Too many wrong codes from here.',
  },
  question: {
    heading: (client: string): Phrase => ['Connect ', name(client), '?'],
    sentence: 'Continue only if the device is in front of you and shows this code:',
    warning: 'Did somebody send you this code or a link? Then cancel. Whoever sent it would get into your account.',
    askedAt: 'Asked at',
    address: 'From',
    near: '(the same network as you)',
    far: '(another network than yours)',
    program: 'Program',
    allow: 'Yes, connect my device',
    deny: 'Cancel',
  },
  connected: { heading: 'Device connected', sentence: 'You can close this page. Your device continues by itself.' },
  refused: { heading: 'Device not connected', sentence: 'It cannot access your account. You can close this page.' },
  expired: { heading: 'This code has expired', sentence: 'Start again on your device, and enter its new code.' },
  used: {
    heading: 'This code was used already',
    sentence: 'Each code works once. If your device is not connected, start again on it.',
  },
  again: 'Enter another code',
};
