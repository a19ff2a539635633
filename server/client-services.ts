/** Wires what belongs to clients: their registry, teams, sessions and tokens, and what their developers see. */
import type { Audit } from '../src/audit.ts';
import type { Settings } from '../src/config.ts';
import type { Sealer } from '../src/crypto.ts';
import { createOutbound } from '../src/http/outbound.ts';
import { loadSecrets } from '../src/keys/rings.ts';
import type { Log } from '../src/log.ts';
import { BackChannelLogout } from '../src/oidc/sign-out/back-channel-logout.ts';
import { Pings } from '../src/oidc/ciba/pings.ts';
import { ClientNotes } from '../src/oidc/developers/client-notes.ts';
import { refusalNotes } from '../src/oidc/developers/client-refusals.ts';
import { signInNotes } from '../src/oidc/developers/client-sign-ins.ts';
import { tokenNotes } from '../src/oidc/developers/client-tokens.ts';
import type { Clients } from '../src/oidc/clients.ts';
import { Teams } from '../src/oidc/developers/team.ts';
import { RegistrationTokens } from '../src/oidc/registration/registration-tokens.ts';
import { once } from '../src/once.ts';
import type { Outbox } from '../src/outbox/outbox.ts';
import type { DurableStore, ShortLivedStore } from '../src/ports/stores.ts';
import type { Clock, Schedule } from '../src/ports/time.ts';
import {
  clientMemberKind,
  clientRefusalsKind,
  clientSessionKind,
  clientSignInsKind,
  clientTokensKind,
  oidcDocumentKind,
  registrationTokenKind,
  type ClientRefusal,
  type ClientSignIn,
  type ClientTokens,
} from '../src/records.ts';
import { timers } from './timers.ts';

/** The resources, settings and services that they use. */
interface ClientServicesDeps {
  readonly settings: Settings;
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly outbox: Outbox;
  readonly audit: Audit;
  /** Runs a function later. Default: the timers of the process. */
  readonly schedule?: Schedule;
}

/** The services of clients. */
export interface ClientServices {
  readonly backChannelLogout: BackChannelLogout;
  /** The last refused requests of each client. Holds a timer: close it before the process ends. */
  readonly clientRefusals: ClientNotes<ClientRefusal>;
  /** Why the last sign-ins at each client needed a second step. Close it too. */
  readonly clientSignIns: ClientNotes<ClientSignIn>;
  /** When each client got tokens last, by grant type. Close it too. */
  readonly clientTokens: ClientNotes<ClientTokens>;
  readonly pings: Pings;
  /** The team of each client. */
  readonly teams: Teams;
  /** Loads the client registry on demand. Most commands do not need oidc-provider, which loads slowly. */
  readonly clients: () => Promise<Clients>;
  /** Tokens with which clients register themselves. */
  readonly registrationTokens: RegistrationTokens;
}

/** Creates them. */
export const createClientServices = (deps: ClientServicesDeps): ClientServices => {
  const { settings, durable, shortLived, clock, log, sealer, outbox, audit, schedule = timers } = deps;
  const { ephemeral } = shortLived;
  const documents = durable.collection(oidcDocumentKind);
  const backChannelLogout = new BackChannelLogout({
    sessions: durable.collection(clientSessionKind),
    outbox,
    clock,
    lifetime: settings.lifetimes.session,
  });
  const teams = new Teams({ durable, members: durable.collection(clientMemberKind), clock });
  const ofNotes = { documents, clock, schedule, log };
  const clientRefusals = new ClientNotes({ ...ofNotes, records: durable.collection(clientRefusalsKind) }, refusalNotes);
  const clientSignIns = new ClientNotes({ ...ofNotes, records: durable.collection(clientSignInsKind) }, signInNotes);
  const clientTokens = new ClientNotes({ ...ofNotes, records: durable.collection(clientTokensKind) }, tokenNotes);
  const pings = new Pings({ ephemeral, sealer, outbox });
  const openClients = async (): Promise<Clients> => {
    const { Clients } = await import('../src/oidc/clients.ts');
    return new Clients({
      durable,
      documents,
      ephemeral,
      notifier: shortLived.notifier,
      clock,
      secrets: await loadSecrets({ durable, sealer, clock }),
      outbound: createOutbound({ allowed: settings.outboundOrigins, schedule }),
      clientCertificates: settings.clientCertificates,
      detailTypes: settings.detailTypes,
      audit,
      approval: settings.clientApproval,
      scopes: settings.scopes,
      onRemoved: async id => {
        await teams.forgetClient(id);
        await backChannelLogout.forgetClient(id);
        await clientRefusals.forgetClient(id);
        await clientSignIns.forgetClient(id);
        await clientTokens.forgetClient(id);
      },
    });
  };
  return {
    backChannelLogout,
    clientRefusals,
    clientSignIns,
    clientTokens,
    pings,
    teams,
    clients: once(openClients),
    registrationTokens: new RegistrationTokens({ tokens: durable.collection(registrationTokenKind), clock, audit }),
  };
};
