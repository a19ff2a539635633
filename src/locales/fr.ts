/** Assembles the French catalogue. Style: formal, short; a narrow no-break space (U+202F) before ; : ! ? and inside « ». */
import type { en } from './en.ts';
import { account } from './fr/account.ts';
import { accountProfile } from './fr/account-profile.ts';
import { accountSessions } from './fr/account-sessions.ts';
import { approve } from './fr/approve.ts';
import { authenticator } from './fr/authenticator.ts';
import { calls } from './fr/calls.ts';
import { codes } from './fr/codes.ts';
import { developer } from './fr/developer.ts';
import { device } from './fr/device.ts';
import { deviceRefusals } from './fr/device-refusals.ts';
import { enroll } from './fr/enroll.ts';
import { frame } from './fr/frame.ts';
import { help } from './fr/help.ts';
import { mail } from './fr/mail.ts';
import { notices } from './fr/notices.ts';
import { pages } from './fr/pages.ts';
import { pairing } from './fr/pairing.ts';
import { passkeys } from './fr/passkeys.ts';
import { passwords } from './fr/passwords.ts';
import { phone } from './fr/phone.ts';
import { playground } from './fr/playground.ts';
import { problems } from './fr/problems.ts';
import { pushes } from './fr/pushes.ts';
import { texts } from './fr/texts.ts';
import { why } from './fr/why.ts';

export const fr: typeof en = {
  language: 'fr',
  languageName: 'Français',
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
