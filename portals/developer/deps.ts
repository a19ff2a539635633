/** Lists the services and settings that the routes of the developer portal use. */
import type { ClientApproval } from '../../src/oidc/clients/approval.ts';
import type { ClientNotes } from '../../src/oidc/developers/client-notes.ts';
import type { OwnClients } from '../../src/oidc/developers/own-clients.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { ClientRefusal, ClientSignIn, ClientTokens, User } from '../../src/records.ts';
import type { AdmissionDeps } from '../admission/deps.ts';
import type { PlaygroundDeps } from '../playground/steps.ts';
import type { OnceCookie } from './once.ts';

/** Services and settings of the developer portal. `server/developer-portal.ts` passes them. */
export interface DeveloperDeps extends AdmissionDeps {
  readonly own: OwnClients;
  readonly mayDevelop: (user: User) => boolean;
  readonly clientRefusals: Pick<ClientNotes<ClientRefusal>, 'of'>;
  readonly clientSignIns: Pick<ClientNotes<ClientSignIn>, 'of'>;
  readonly clientTokens: Pick<ClientNotes<ClientTokens>, 'of'>;
  /** Shows a new secret once, after the form that made it. */
  readonly once: OnceCookie;
  readonly playground: PlaygroundDeps;
  readonly approval: ClientApproval;
  /** The operator's rules for sign-ins. */
  readonly policy: Policy;
  /** Clients that a person may add. */
  readonly places: number;
}
