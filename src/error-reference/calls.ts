/** Calls: those that a person answers with #, and those that dictate a code. */
import type { Section } from './sections.ts';

export const phoneCall: Section = {
  title: 'Phone call',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2100', 'the carrier did not accept the call', "try again; check the carrier's status and the log"],
    ['IDP-2101', 'no answer within 40 seconds', 'call again'],
    ['IDP-2102', 'the telephone network could not connect the call', 'check the number with `methods list`'],
    ['IDP-2103', 'the line was busy, or the call was declined', 'end the other call and call again'],
    ['IDP-2104', 'the call ended before `#`', 'call again and listen to the end'],
    ['IDP-2105', 'the call was answered, but no key was pressed in time', 'call again; voicemail may have answered'],
    [
      'IDP-2106',
      '`0` was pressed: "this was not me". After `0#` no calls for a day',
      'contact the person; the password may be known to an attacker',
    ],
    ['IDP-2107', 'approved, but the browser did not go on in time', 'call again'],
    ['IDP-2108', 'the person chose another method, or went back', 'no action'],
    [
      'IDP-2109',
      'too many calls: five an hour and ten a day without an answer, one of them for browsers that signed in before; 100 a day in total',
      'use another method, or wait until the time on the page',
    ],
    [
      'IDP-2110',
      'a call for another sign-in of this account is in progress. A tab of the same browser, client and level shares the call instead',
      'finish that sign-in, or wait a minute',
    ],
    ['IDP-2111', 'calls are paused after IDP-2106', 'use another method until the time on the page'],
    ['IDP-2112', 'the state of the call was lost', 'call again'],
    ['IDP-2113', 'too many unexpected keys', 'call again'],
    ['IDP-2114', 'the method is disabled (not used for calls that `#` answers)', 'bind it again'],
    ['IDP-2115', 'voicemail or a fax machine answered', 'call again and answer in person'],
    [
      'IDP-2116',
      'the carrier did not respond in time; the call may still ring but is no longer valid',
      "use another method, or call again; check the carrier's status",
    ],
    [
      'IDP-2117',
      'the carrier temporarily accepts no more calls (429)',
      "wait a minute; check the limits of the carrier's account",
    ],
    [
      'IDP-2118',
      'the carrier does not call this number (blocked, not a telephone, a country that is not allowed)',
      'check the number with `methods list`, and the geographic permissions',
    ],
    [
      'IDP-2119',
      '`0` was pressed on a call that dictated a code: "this was not me". Nothing confirmed it, so calls go on',
      'contact the person; the password may be known to an attacker',
    ],
    [
      'IDP-2120',
      'the call was answered and ended before we spoke: a hang-up within seconds, or the carrier could not reach us',
      'call again; if it happens to several people, check the callback address and the log',
    ],
    [
      'IDP-2121',
      'the person answered STOP to our texts (not used for calls)',
      'the person texts START to the number that the texts came from',
    ],
    [
      'IDP-2122',
      'calls are stopped for everybody: the ceiling of unanswered sends is reached (`SALLYPORT_SENDS_PER_HOUR`)',
      'find the attack in the audit (`sends.half-of-ceiling`), or raise the ceiling',
      'operator',
    ],
  ],
};

export const spokenCode: Section = {
  title: 'Spoken code',
  shows: 'code',
  reader: 'help desk',
  rows: [
    ['IDP-2500', 'the code does not have six digits', 'enter the six digits that the call reads out'],
    ['IDP-2501', 'wrong code', 'while the call lasts, press `#` to hear it again'],
    ['IDP-2502', 'too many wrong codes in a row', 'wait until the time on the page'],
    ['IDP-2503', 'five wrong codes in this sign-in', 'call again'],
    [
      'IDP-2504',
      '50 wrong codes in a row: codes to this phone are disabled, by text and by call',
      'contact the person, then `methods remove` and `methods add phone`',
    ],
    ['IDP-2505', 'this code was already used', 'call again; if the person did not use it, an attacker did'],
    ['IDP-2507', 'no code was entered within five minutes', 'call again'],
    ['IDP-2508', 'the state of the code was lost', 'call again'],
    ['IDP-2509', 'the person chose another method, or went back', 'no action'],
    ['IDP-2510', 'too many calls, see IDP-2109', 'use another method, or wait until the time on the page'],
    ['IDP-2511', 'the carrier did not accept the call', "try again; check the carrier's status and the log"],
    [
      'IDP-2512',
      'the carrier did not respond in time; the call may still ring but its code is no longer valid',
      "use another method, or call again; check the carrier's status",
    ],
    [
      'IDP-2513',
      'the carrier temporarily accepts no more calls (429)',
      "wait a minute; check the limits of the carrier's account",
    ],
    [
      'IDP-2514',
      'the carrier does not call this number (blocked, not a telephone, a country that is not allowed)',
      'check the number with `methods list`, and the geographic permissions',
    ],
    ['IDP-2515', 'the line was busy, or the call was declined', 'end the other call and call again'],
    ['IDP-2516', 'no answer within 40 seconds', 'call again'],
    ['IDP-2517', 'the telephone network could not connect the call', 'check the number with `methods list`'],
    ['IDP-2518', 'voicemail or a fax machine answered; it did not get the code', 'call again and answer in person'],
    ['IDP-2519', 'a call for another sign-in of this account is in progress', 'finish that sign-in, or wait a minute'],
    [
      'IDP-2520',
      '"this was not me" was reported on a call: no calls for a day',
      'contact the person; the password may be known to an attacker',
    ],
    ['IDP-2521', 'the call ended before the code was entered', 'call again and type while listening'],
    ['IDP-2522', 'the call was answered, but no key was pressed', 'call again; voicemail may have answered'],
    [
      'IDP-2523',
      '`0` was pressed on the call, "this was not me", and nothing confirmed it',
      'contact the person; the password may be known to an attacker',
    ],
    ['IDP-2524', 'the call was answered and ended before we spoke, see IDP-2120', 'call again'],
    [
      'IDP-2525',
      'the person answered STOP to our texts (not used for calls)',
      'the person texts START to the number that the texts came from',
    ],
    ['IDP-2526', 'calls are stopped for everybody, see IDP-2122', 'use another method'],
  ],
};
