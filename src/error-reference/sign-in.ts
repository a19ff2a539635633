/** The pages of a sign-in, of problems in general, and of devices. */
import type { Section } from './sections.ts';

export const signIn: Section = {
  title: 'Sign-in',
  shows: 'code',
  reader: 'help desk',
  rows: [
    [
      'IDP-1001',
      'the sign-in took longer than ten minutes, is already finished, or is unknown',
      'start again at the client',
    ],
    [
      'IDP-1002',
      'the sign-in belongs to another browser, or ended by a sign-out, or cookies are disabled',
      'start again in one browser, with cookies enabled',
    ],
    [
      'IDP-1003',
      'a callback that the carrier did not sign',
      "check the carrier's tokens and the public address in the settings",
      'operator',
    ],
    [
      'IDP-1004',
      'too many sign-ins began within a minute from this address, its network, or in this browser',
      'wait until the time on the page; `SALLYPORT_BEGUN_SIGN_INS_…`',
    ],
    [
      'IDP-1006',
      `changes of this account are stopped for 7 days: its owner used "This wasn't me" in a notice`,
      'talk to the person, remove what is not theirs, then `users unfreeze`',
    ],
    [
      'IDP-1101',
      'name and password do not match, or the account is locked; the page says the same for both',
      '`users unlock`, `users set-password`',
    ],
    [
      'IDP-1102',
      'too many wrong passwords for this account, or for many names from this address or its network',
      'wait until the time on the page, or use a browser that signed in before',
    ],
    ['IDP-1103', 'name or password was empty', 'enter both'],
    [
      'IDP-1104',
      'a passkey was not accepted: wrong, used before, or of a locked account (`passkey.refused`)',
      'use the password; `users unlock`',
    ],
    [
      'IDP-1105',
      'no account has this passkey: it was removed here, but not from the device',
      'remove it from the device, and set up a new one',
    ],
    [
      'IDP-1106',
      'the passkey is of another account than the typed name',
      'leave the name empty, or choose another passkey',
    ],
    ['IDP-1107', 'the page was open for too long before the passkey was used', 'try again'],
    [
      'IDP-1108',
      'too many wrong passkeys from this address or its network',
      'use the password, or wait until the time on the page',
    ],
    ['IDP-1400', 'an invalid request', 'go back and try again'],
    ['IDP-1403', 'a form that came from another site', 'open the page again, and submit the form there'],
    ['IDP-1404', 'no page at this address', 'go back'],
    [
      'IDP-1405, IDP-1413, IDP-1415',
      'wrong method, too large, wrong type: sent by a program, not by a page',
      'check the program',
    ],
    ['IDP-1409', 'another request changed the same data at the same time', 'try again'],
    [
      'IDP-1421',
      'a request for another host than the issuer',
      'find `request.wrong-host` in the log, which names both; check the proxy',
      'operator',
    ],
    [
      'IDP-1500, IDP-1501',
      'an internal error; 1501: sealed data cannot be decrypted',
      'the log line with the reference says more; 1501: a sealing key is missing ([keys](keys.md))',
      'operator',
    ],
    [
      'IDP-1503',
      'more requests, passwords or event streams than a node can answer at this moment',
      'wait some seconds; if it is often, add nodes ([overload](production.md#operation))',
      'operator',
    ],
    [
      'IDP-1504',
      'a store cannot be reached, or is not safe to use (for example its eviction policy)',
      'see `/readyz` and the log',
      'operator',
    ],
    [
      'IDP-1505',
      'a port is in use; `npm start`: the environment of this folder runs already',
      'stop the other program, or choose a port: `SALLYPORT_LISTEN`, `--port`',
      'operator',
    ],
    [
      'IDP-1506',
      'another server, such as that of a client, did not answer, or its address is refused',
      'the log line names the origin and the reason; see `SALLYPORT_OUTBOUND_ORIGINS`',
      'operator',
    ],
    ['IDP-2301', "none of the person's methods has the assurance that the client requires", '`methods add totp`'],
    ['IDP-2302', 'the person may not set up a method on their own in this sign-in', '`methods add`'],
    ['IDP-2303', 'set-up: the name of a method is empty or too long', 'type another one'],
    ['IDP-2304', 'set-up: the recovery codes were not marked as saved', 'save the codes, then tick the box'],
    [
      'IDP-2305',
      'set-up: an account has this passkey already',
      'use another device or key; `methods list` shows the passkeys of an account',
    ],
    [
      'IDP-2306',
      'set-up: this kind of key is not allowed by the settings of passkeys',
      'use another device or key, or change the settings',
    ],
    [
      'IDP-2307',
      'a rule of the policy refuses the sign-in; the page has its words',
      '`policy explain REFERENCE` names the rule; it says when a sign-in is possible again',
    ],
    ['IDP-2310, IDP-2311', 'set-up: no number, or no country, was entered', 'enter both'],
    ['IDP-2312, IDP-2313', 'set-up: not a phone number, or not an extension', 'check country, number and extension'],
    [
      'IDP-2314, IDP-2315, IDP-2316',
      'set-up: numbers of this type, network or country are not called',
      '`SALLYPORT_COUNTRIES`, `SALLYPORT_ALLOWED_PREFIXES`, or another number',
    ],
    ['IDP-2317', 'set-up: no texts arrive at this number', 'a call instead'],
    ['IDP-2318', 'set-up: the number is on the account already', 'another number'],
  ],
};

export const devices: Section = {
  title: 'Devices',
  intro: 'The pages at `/device` have a reference and no code; their headings say what happened.',
  shows: 'page',
  reader: 'help desk',
  rows: [
    [
      "That code isn't right",
      'no device waits with this code, or it ended more than a minute ago (`user-code.refused`)',
      'read the code from the device again',
    ],
    [
      'Too many wrong codes from here',
      'five wrong codes within ten minutes from this address, or in this browser',
      'wait until the time on the page',
    ],
    [
      'Please enter the code here again',
      'the question was answered in another browser than the one that typed the code',
      'type the code again, with cookies enabled',
    ],
    ['This code has expired', 'ten minutes have passed since the device asked', 'start again on the device'],
    [
      'This code was used already',
      'another browser or tab has answered, or begun to',
      'start again on the device, where it is not connected',
    ],
    ['Device not connected', 'somebody pressed Cancel (`device.denied`, `sign-in.cancelled`)', 'nothing'],
  ],
};
