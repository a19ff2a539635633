/** Types the data of the pages of sessions, sign-ins and apps. */
import type { EpochMillis } from '../../src/ports/time.ts';
import type { AttemptEnd, AttemptStep, RememberedUse } from '../../src/sign-in-history.ts';
import type { BrowserName } from '../../src/user-agent.ts';
import type { PortalFrame } from './account-props.ts';
import type { DetailShown } from './props.ts';
import type { ShownScope } from '../../src/scopes/scopes.ts';

/** Where somebody was. */
interface Place {
  readonly browser?: BrowserName;
  /** IP address. */
  readonly address?: string;
}

/** A session in the list. */
export interface SessionRow extends Place {
  readonly id: string;
  /** That of this browser. */
  readonly isHere: boolean;
  readonly startedAt: EpochMillis;
  readonly usedAt: EpochMillis;
  /** Type of the factor of the second step. */
  readonly method?: string;
  /** Names of the apps that used it. */
  readonly apps: readonly string[];
}

/** A sign-in in the list. */
export interface SignInRow extends Place {
  readonly reference: string;
  readonly at: EpochMillis;
  readonly end: AttemptEnd;
  /** Name of the app. */
  readonly app?: string;
  readonly step?: AttemptStep;
  readonly remembered?: RememberedUse;
  readonly wrongPasswords: number;
  readonly wrongCodes: number;
  /** It let the person in, with the browser and address of this request. */
  readonly isFamiliar: boolean;
}

/** A browser in which the person is not asked for the second step. The place is that of its last use. */
export interface RememberedBrowserRow extends Place {
  readonly id: string;
  readonly since: EpochMillis;
  readonly usedAt: EpochMillis;
  readonly until: EpochMillis;
}

export interface SessionsPage extends PortalFrame {
  readonly sessions: readonly SessionRow[];
  /** Absent where no browser is remembered here. */
  readonly remembered?: readonly RememberedBrowserRow[];
  readonly signIns: readonly SignInRow[];
}

export interface NotMeReportPage extends PortalFrame {
  readonly signIn: SignInRow;
}

/** One thing that an app was allowed beside scopes, for good. */
export interface AllowedDetail extends DetailShown {
  readonly id: string;
  readonly since: EpochMillis;
}

/** An app in the list. */
export interface AppRow {
  readonly id: string;
  readonly name: string;
  readonly isFirstParty: boolean;
  readonly scopes: readonly ShownScope[];
  readonly details: readonly AllowedDetail[];
  readonly since: EpochMillis;
  readonly isOffline: boolean;
}

export interface AppsPage extends PortalFrame {
  readonly apps: readonly AppRow[];
}
