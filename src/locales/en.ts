/** Assembles the English catalogue, which defines the shape of all others. Style: short, present tense, no blame. */
import { account } from './en/account.ts';
import { accountProfile } from './en/account-profile.ts';
import { accountSessions } from './en/account-sessions.ts';
import { approve } from './en/approve.ts';
import { authenticator } from './en/authenticator.ts';
import { calls } from './en/calls.ts';
import { codes } from './en/codes.ts';
import { developer } from './en/developer.ts';
import { device } from './en/device.ts';
import { deviceRefusals } from './en/device-refusals.ts';
import { enroll } from './en/enroll.ts';
import { frame } from './en/frame.ts';
import { help } from './en/help.ts';
import { mail } from './en/mail.ts';
import { notices } from './en/notices.ts';
import { pages } from './en/pages.ts';
import { pairing } from './en/pairing.ts';
import { passkeys } from './en/passkeys.ts';
import { passwords } from './en/passwords.ts';
import { phone } from './en/phone.ts';
import { playground } from './en/playground.ts';
import { problems } from './en/problems.ts';
import { pushes } from './en/pushes.ts';
import { texts } from './en/texts.ts';
import { why } from './en/why.ts';

export const en = {
  /** Language tag (BCP 47). */
  language: 'en',
  languageName: 'English',
  direction: 'ltr',
  frame,
  pages,
  account,
  accountProfile,
  accountSessions,
  authenticator,
  developer,
  device,
  deviceRefusals,
  approve,
  calls,
  codes,
  enroll,
  help,
  mail,
  playground,
  problems,
  pairing,
  pushes,
  passkeys,
  passwords,
  phone,
  texts,
  notices,
  why,
};
