/** Types the data of the pages below /developer. */
import type { RuleForClient } from '../../src/policy/explain.ts';
import type { ClientKind } from '../../src/oidc/developers/kinds.ts';
import type { ClientForm, FieldProblem } from '../../src/oidc/developers/form.ts';
import type { ClientSnippet } from '../../src/oidc/developers/snippets.ts';
import type { ApprovedMember } from '../../src/oidc/waiting-clients.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { ClientRefusal, ClientSignIn, ClientTokens, Noted, TeamRole } from '../../src/records.ts';
import type { PortalFrame } from './account-props.ts';

/** A client in the list. */
export interface DeveloperClientRow {
  readonly id: string;
  readonly name: string;
  readonly kind: ClientKind;
  /** What of it waits for approval. */
  readonly waits?: 'client' | 'change';
}

export interface DeveloperListPage extends PortalFrame {
  readonly clients: readonly DeveloperClientRow[];
}

export interface DeveloperChoosePage extends PortalFrame {
  readonly kinds: readonly Exclude<ClientKind, 'service'>[];
  readonly software: readonly { readonly name: string; readonly title: string }[];
}

/** A form that was refused: a problem in English, or more clients than one may have. */
export type FormRefusal =
  | { readonly field?: FieldProblem['field'] | 'url'; readonly message: string }
  | { readonly limit: number };

export interface DeveloperNewPage extends PortalFrame {
  /** A kind, or the name of software. */
  readonly choice: string;
  /** As its makers write it; absent for a kind. */
  readonly title?: string;
  readonly asks: 'url' | 'redirect_uris' | 'none';
  readonly typed: { readonly client_name: string; readonly url: string; readonly redirect_uris: string };
  readonly refused?: FormRefusal;
}

export interface DeveloperEditPage extends PortalFrame {
  readonly id: string;
  readonly name: string;
  readonly form: ClientForm;
  readonly needsApproval: boolean;
  readonly refused?: FormRefusal;
}

export interface TeamRow {
  readonly userId: string;
  readonly name: string;
  readonly role: TeamRole;
  readonly addedAt: EpochMillis;
  readonly isYou: boolean;
}

export interface DeveloperClientPage extends PortalFrame {
  readonly id: string;
  readonly name: string;
  readonly kind: ClientKind;
  readonly role: TeamRole;
  readonly issuer: string;
  /** By one or two secrets, by a key, or not at all: a public client. */
  readonly proves: 'secret' | 'key' | 'none';
  /** A secret that was made just now, and is shown this once. */
  readonly newSecret?: string;
  readonly previousSecretUntil?: EpochMillis;
  readonly redirectUris: readonly string[];
  readonly afterSignOut: readonly string[];
  /** As the form has it: `request`, `mfa`, `aal2` or `phr`. */
  readonly secondStep?: string;
  /** Rules of the operator that can apply here, in English. Absent or empty: there are none. */
  readonly rules?: readonly RuleForClient[];
  readonly waitsSince?: EpochMillis;
  /** What an administrator must approve, by member. */
  readonly waiting: readonly (readonly [ApprovedMember, readonly string[]])[];
  /** True: only a file of the operator changes it. */
  readonly isFromFile: boolean;
  readonly canTry: boolean;
  readonly snippets: readonly ClientSnippet[];
  readonly others: readonly { readonly name: string; readonly title: string }[];
  readonly failures: readonly Noted<ClientRefusal>[];
  readonly signIns: readonly Noted<ClientSignIn>[];
  /** The last ones of each grant type, the newest first. */
  readonly tokens: readonly Noted<ClientTokens>[];
  readonly team: readonly TeamRow[];
}

export interface DeveloperSecretPage extends PortalFrame {
  readonly id: string;
  readonly name: string;
  /** There are two already. */
  readonly refused?: true;
}

export interface DeveloperDeletePage extends PortalFrame {
  readonly id: string;
  readonly name: string;
}

export interface DeveloperTeamPage extends PortalFrame {
  readonly id: string;
  readonly name: string;
  readonly isOwner: boolean;
  readonly team: readonly TeamRow[];
  readonly refused?: { readonly reason: 'unknown-person' | 'full' | 'last-owner'; readonly typed: string };
}
