/** Wires what belongs to accounts: their people, sessions and browsers, stopped changes, and the ways back in. */
import type { Audit, AuditEvents } from '../src/audit.ts';
import type { Settings } from '../src/config.ts';
import type { Sealer } from '../src/crypto.ts';
import type { Mail } from '../src/mail/mail.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { factors as allFactors } from '../src/mfa/factors/index.ts';
import { NewBrowsers } from '../src/notices/new-browser.ts';
import { NotMe } from '../src/notices/not-me.ts';
import { AccountSessions } from '../src/oidc/sessions/account-sessions.ts';
import { SessionRecords } from '../src/oidc/sessions/session-records.ts';
import type { BackChannelLogout } from '../src/oidc/sign-out/back-channel-logout.ts';
import type { DurableStore, Ephemeral } from '../src/ports/stores.ts';
import type { Clock } from '../src/ports/time.ts';
import { notMeLinkKind, oidcDocumentKind, rememberedBrowserKind, sessionRecordKind, userKind } from '../src/records.ts';
import { HelpDesk } from '../src/recovery/help-desk.ts';
import { Passes } from '../src/recovery/passes.ts';
import { Recovery } from '../src/recovery/recovery.ts';
import type { IsBreakGlass } from '../src/users/break-glass.ts';
import { Freezes } from '../src/users/freezes.ts';
import { RememberedBrowsers } from '../src/users/remembered-browsers.ts';
import { SetUpRequests } from '../src/users/set-up-requests.ts';
import { Users } from '../src/users/users.ts';
import { notMePath } from '../web/pages/links.ts';
import type { MfaServices } from './mfa-services.ts';

/** The resources, settings and services that they use. */
interface AccountServicesDeps {
  readonly settings: Pick<Settings, 'issuer' | 'lifetimes'>;
  readonly durable: DurableStore;
  readonly ephemeral: Ephemeral;
  /** The factors in use. */
  readonly factors: readonly Factor[];
  readonly sealer: Sealer;
  readonly mail: Mail;
  readonly mfa: MfaServices;
  readonly backChannelLogout: BackChannelLogout;
  readonly isBreakGlass: IsBreakGlass;
  readonly events: AuditEvents;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** The services of accounts. */
export interface AccountServices {
  readonly users: Users;
  readonly setUpRequests: SetUpRequests;
  readonly freezes: Freezes;
  readonly sessionRecords: SessionRecords;
  /** The sessions of each account: listed, ended. */
  readonly accountSessions: AccountSessions;
  readonly rememberedBrowsers: RememberedBrowsers;
  readonly newBrowsers: NewBrowsers;
  /** The links "This wasn't me" in notices. */
  readonly notMe: NotMe;
  readonly recovery: Recovery;
  readonly passes: Passes;
  readonly helpDesk: HelpDesk;
}

/** Creates them. */
export const createAccountServices = (deps: AccountServicesDeps): AccountServices => {
  const { settings, durable, ephemeral, factors, sealer, mail, mfa, isBreakGlass, audit, clock } = deps;
  const { issuer, lifetimes } = settings;
  const { notices } = mfa;
  const ofUsers = durable.collection(userKind);
  const ofSessions = {
    documents: durable.collection(oidcDocumentKind),
    ephemeral,
    sealer,
    clock,
    lifetime: lifetimes.session,
  };
  const sessionRecords = new SessionRecords({ ...ofSessions, records: durable.collection(sessionRecordKind) });
  const accountSessions = new AccountSessions({
    ...ofSessions,
    sessionRecords,
    users: ofUsers,
    backChannelLogout: deps.backChannelLogout,
    notices,
    audit,
  });
  const onSignedOut = async (id: string, keep?: string): Promise<void> => accountSessions.afterSignedOut(id, keep);
  const users = new Users({ users: ofUsers, audit, clock, notices, onSignedOut });
  const freezes = new Freezes({ users: ofUsers, notices, isBreakGlass, audit, clock });
  const passes = new Passes({ ...mfa, factors, audit, clock });
  return {
    users,
    setUpRequests: new SetUpRequests({ users: ofUsers, clock }),
    freezes,
    sessionRecords,
    accountSessions,
    rememberedBrowsers: new RememberedBrowsers({
      records: durable.collection(rememberedBrowserKind),
      users: ofUsers,
      notices,
      audit,
      clock,
      lifetime: lifetimes.rememberedBrowser,
      endSessions: (userId, id, source) => accountSessions.endRemembered(userId, id, source),
    }),
    newBrowsers: new NewBrowsers({ mail, notices, events: deps.events }),
    notMe: new NotMe({
      links: durable.collection(notMeLinkKind),
      users,
      freezes,
      onSignedOut,
      pageOf: token => new URL(`${notMePath}/${token}`, issuer).href,
      clock,
    }),
    recovery: new Recovery({
      users,
      endOthers: (userId, session, by) => accountSessions.endOthers(userId, session, by),
      recoveryCodes: mfa.recoveryCodes,
      notices,
    }),
    passes,
    helpDesk: new HelpDesk({ ...mfa, users, passes, factors: allFactors, audit, onSignedOut }),
  };
};
