/** Codes that a person types: of an app, a text, a mail, a set or a help desk. */
import type { Section } from './sections.ts';

export const codeFromAnApp: Section = {
  title: 'Code from an app',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2200', 'the code does not have six digits', 'enter the six digits that the app shows'],
    ['IDP-2201', 'wrong code', 'enter the newest code; check the clock of the phone'],
    ['IDP-2202', 'too many wrong codes in a row', 'wait until the time on the page'],
    ['IDP-2203', 'five wrong codes in this sign-in', 'start again'],
    ['IDP-2204', '50 wrong codes in a row: the app is disabled', '`methods add totp`: the new app replaces it'],
    ['IDP-2205', 'this code was already used', 'wait for the next one; if the person did not use it, an attacker did'],
    ['IDP-2207, IDP-2208', 'the challenge expired, or its state was lost', 'start again'],
  ],
};

export const recoveryCode: Section = {
  title: 'Recovery code',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2600', 'the text does not have the 16 characters of a code', 'type all four groups'],
    ['IDP-2601', 'wrong code, or a code of an older set', 'check each character; use the newest set'],
    ['IDP-2602', 'too many wrong codes in a row', 'wait until the time on the page'],
    ['IDP-2603', 'five wrong codes in this sign-in', 'start again'],
    [
      'IDP-2604',
      '50 wrong codes in a row: the set of codes is disabled',
      '[help the person](lost-phone.md); a new set works again',
    ],
    ['IDP-2605', 'this code was already used', 'use another one; if the person did not use it, an attacker did'],
    ['IDP-2607, IDP-2608', 'no code within ten minutes, or the state of it was lost', 'start again'],
  ],
};

export const temporaryAccessPass: Section = {
  title: 'Temporary access pass',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2700', 'the text does not have the ten characters of a pass', 'type all of it'],
    [
      'IDP-2701',
      'wrong pass, or one that has expired, was used or is not yet valid',
      'compare with the audit (`temporary-pass.made`); make a new one',
    ],
    ['IDP-2702', 'too many wrong passes in a row', 'wait until the time on the page'],
    ['IDP-2703', 'five wrong passes in this sign-in', 'start again'],
    ['IDP-2704', '50 wrong passes in a row: the pass is disabled', '`users pass` makes a new one'],
    ['IDP-2705', 'not used: a pass that was used before counts as wrong', 'make a new one'],
    ['IDP-2707, IDP-2708', 'no pass within ten minutes, or the state of it was lost', 'start again'],
  ],
};

export const codeInAText: Section = {
  title: 'Code in a text',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2400', 'the code does not have six digits', 'enter the six digits of the message'],
    ['IDP-2401', 'wrong code', 'check the digits; every message of one sign-in has the same code'],
    ['IDP-2402', 'too many wrong codes in a row', 'wait until the time on the page'],
    ['IDP-2403', 'five wrong codes in this sign-in', 'request a new code'],
    [
      'IDP-2404',
      '50 wrong codes in a row: codes to this phone are disabled, by text and by call',
      'contact the person, then `methods remove` and `methods add phone`',
    ],
    ['IDP-2405', 'this code was already used', 'request a new code; if the person did not use it, an attacker did'],
    [
      'IDP-2406',
      'the network could not deliver the text; the code is still valid',
      'send it again, call instead, or use another method; check the number',
    ],
    ['IDP-2407', 'no code was entered within five minutes', 'request a new code'],
    ['IDP-2408', 'the state of the code was lost', 'request a new code'],
    ['IDP-2409', 'the person chose another method, or went back', 'no action'],
    ['IDP-2410', 'too many unanswered texts to this number', 'use another method, or wait until the time on the page'],
    ['IDP-2411', 'the carrier did not accept the text', "try again; check the carrier's status and the log"],
    [
      'IDP-2412',
      'the carrier did not respond in time; a text that arrives late is no longer valid',
      "request a new code; check the carrier's status",
    ],
    [
      'IDP-2413',
      'the carrier temporarily accepts no more texts (429)',
      "wait a minute; check the limits of the carrier's account",
    ],
    [
      'IDP-2414',
      'the carrier sends no texts to this number (blocked, a landline, a country that is not allowed)',
      'use another method; check the number and the geographic permissions',
    ],
    [
      'IDP-2425',
      'the person answered STOP to our texts (21610)',
      'the person texts START to the number that the texts came from',
    ],
    ['IDP-2426', 'texts are stopped for everybody, see IDP-2122', 'use another method'],
  ],
};

export const codeInAMail: Section = {
  title: 'Code in a mail',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2800', 'the code does not have six digits', 'enter the six digits of the e-mail'],
    ['IDP-2801', 'wrong code', 'check the digits; every e-mail of one sign-in has the same code'],
    ['IDP-2802', 'too many wrong codes in a row', 'wait until the time on the page'],
    ['IDP-2803', 'five wrong codes in this sign-in', 'request a new code'],
    [
      'IDP-2804',
      '50 wrong codes in a row: codes to this mailbox are disabled',
      'contact the person, then `methods remove`; they set it up again',
    ],
    ['IDP-2807', 'no code was entered within five minutes', 'request a new code'],
    ['IDP-2808', 'the state of the code was lost', 'request a new code'],
    ['IDP-2809', 'the person chose another method, or went back', 'no action'],
    ['IDP-2810', 'too many unanswered codes to this mailbox', 'use another method, or wait until the time on the page'],
    ['IDP-2811', 'mail is not configured on this node', 'check `SALLYPORT_SMTP_URL`', 'operator'],
    [
      'IDP-2813',
      'five such mails to this address in an hour, or too many wait in the outbox',
      'wait; check `outbox list` and the log (`mail.limited`, `outbox.full`)',
    ],
  ],
};
