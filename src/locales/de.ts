/** Assembles the German catalogue. Style: formal, plain, short. */
import type { en } from './en.ts';
import { account } from './de/account.ts';
import { accountProfile } from './de/account-profile.ts';
import { accountSessions } from './de/account-sessions.ts';
import { approve } from './de/approve.ts';
import { authenticator } from './de/authenticator.ts';
import { calls } from './de/calls.ts';
import { codes } from './de/codes.ts';
import { developer } from './de/developer.ts';
import { device } from './de/device.ts';
import { deviceRefusals } from './de/device-refusals.ts';
import { enroll } from './de/enroll.ts';
import { frame } from './de/frame.ts';
import { help } from './de/help.ts';
import { mail } from './de/mail.ts';
import { notices } from './de/notices.ts';
import { pages } from './de/pages.ts';
import { pairing } from './de/pairing.ts';
import { passkeys } from './de/passkeys.ts';
import { passwords } from './de/passwords.ts';
import { phone } from './de/phone.ts';
import { playground } from './de/playground.ts';
import { problems } from './de/problems.ts';
import { pushes } from './de/pushes.ts';
import { texts } from './de/texts.ts';
import { why } from './de/why.ts';

export const de: typeof en = {
  language: 'de',
  languageName: 'Deutsch',
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
