/** Lists all scenarios, in the order in which they run. */
import type { Scenario } from '../scenario.ts';
import { signIns } from './s01-sign-in.ts';
import { sessions } from './s02-session.ts';
import { refreshes } from './s03-refresh.ts';
import { clientCredentials } from './s04-client-credentials.ts';
import { tokens } from './s05-tokens.ts';
import { documents } from './s06-documents.ts';
import { pushes } from './s07-push.ts';
import { waitingPages } from './s08-waiting.ts';
import { isolation } from './s09-isolation.ts';
import { growth } from './s10-growth.ts';
import { life } from './s11-life.ts';
import { wrongPasswords } from './s12-wrong-passwords.ts';
import { eventLoop } from './s13-event-loop.ts';

export const scenarios: readonly Scenario[] = [
  signIns,
  sessions,
  refreshes,
  clientCredentials,
  tokens,
  documents,
  pushes,
  waitingPages,
  isolation,
  growth,
  life,
  wrongPasswords,
  eventLoop,
];
