/**
 * Defines the operator's policy: rules that say what a sign-in must prove, beside what server, client, person and request require.
 *
 *   file ─read.ts→ Policy ─decide.ts (facts)→ Decision { required, trace } ─trace.ts→ a text in the audit
 *
 * - `read.ts`: reads the file, or lists its mistakes
 * - `networks.ts`, `time-window.ts`, `conditions.ts`: whether a rule applies
 * - `decide.ts`: the one decision; the highest of everything that applies
 * - `trace.ts`: keeps a decision in at most 1 KiB, and reads it back
 * - `explain.ts`: words a decision for operators and developers
 * - `file-tests.ts`: runs the tests that the file itself holds
 *
 * A rule only adds: it never lowers what another one requires. Everything here is pure.
 */
import type { Sentences } from '../locales/sentences.ts';
import type { Acr } from '../mfa/factor.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { Networks } from './networks.ts';
import type { TimeWindow } from './time-window.ts';

/** What a rule, a client or the server requires of a sign-in. */
export interface Requirement {
  /** The lowest level. */
  readonly acr?: Acr;
  /** Seconds after which the second step must be repeated. */
  readonly mfaMaxAge?: number;
  /** Types of the factors that may be the second step. */
  readonly factors?: readonly string[];
  /** People are asked for consent, also for a first-party client. */
  readonly consent?: true;
}

/** Conditions of a rule. One of each list must hold. */
export interface Conditions {
  readonly clients?: readonly string[];
  readonly groups?: readonly string[];
  /** Names of networks of the file. */
  readonly networks?: readonly string[];
  readonly time?: TimeWindow;
}

/** One rule of the file. */
export interface Rule {
  /** Lower case letters, digits and hyphens. Unique in the file. */
  readonly name: string;
  /** All of them must hold. Empty: the rule applies to every sign-in. */
  readonly when: Conditions;
  /** None of them may hold. */
  readonly unless: Conditions;
  readonly requires: Requirement;
  /** It refuses the sign-in, with these words. */
  readonly denies?: Sentences;
  /** Tells people why the rule exists. */
  readonly because?: Sentences;
}

/** A policy as its file describes it. */
export interface Policy {
  /** The first characters of the SHA-256 of the file, without space around its text. All nodes of an installation should have the same. */
  readonly version: string;
  readonly networks: Networks;
  /** Required of every sign-in. */
  readonly defaults: Requirement;
  readonly rules: readonly Rule[];
}

/** The policy of an installation without a file. */
export const noPolicy: Policy = { version: 'none', networks: new Map(), defaults: {}, rules: [] };

/** What the policy may know of a client. */
export interface ClientFacts extends Requirement {
  readonly id: string;
  /** One of our own portals. It asks for the strongest method of the person, so no list of factors applies there. */
  readonly isPortal?: true;
}

/** What the policy may know of a person. */
export interface PersonFacts {
  readonly groups: readonly string[];
  /** A person with a method is always asked for it. */
  readonly hasMethod: boolean;
  /** The lowest level that they chose for themselves. */
  readonly chosen?: Acr;
  /** An account for an emergency: exempt from the server's minimum and from the file. */
  readonly isExempt?: true;
}

/** What a decision is about. */
export interface Facts {
  /** The lowest level that this server accepts. */
  readonly server: Acr;
  /** Absent: no client, so that rules about clients do not apply. */
  readonly client?: ClientFacts;
  /** The least that the request itself requires. */
  readonly request: { readonly acr: Acr };
  /** Absent before the person is known: rules about groups wait. */
  readonly person?: PersonFacts;
  /** Address of the person's browser. Absent where there is none (CIBA): rules about networks then apply. */
  readonly address?: string;
  /** undefined: at any time, so that rules about times apply. */
  readonly at: EpochMillis | undefined;
}

/** All that a sign-in must prove. */
export interface Required {
  /** The lowest level that is not an error. */
  readonly acr: Acr;
  /** Seconds; absent: the second step does not become too old. */
  readonly mfaMaxAge?: number;
  /** Absent: each factor may be the second step. */
  readonly factors?: readonly string[];
  readonly consent: boolean;
  /** The first rule that refuses the sign-in. */
  readonly denied?: { readonly rule: string; readonly sentences: Sentences };
}

/**
 * What can require something of a sign-in. `server`: the setting. `person`: they have a method. `chosen`: their own choice. `file`:
 * the defaults of the file; `rule NAME`: one of its rules.
 */
export type Source = 'server' | 'client' | 'request' | 'person' | 'chosen' | 'file' | `rule ${string}`;

/** Why a rule does not apply. `waiting`: it is about groups, and the person is not known yet. `exempt`: an account for an emergency. */
export type NotApplying = 'client' | 'group' | 'network' | 'time' | 'unless' | 'waiting' | 'exempt';

/** One source, and what came of it. */
export interface SourceOutcome {
  readonly source: Source;
  /** Absent: it applies. */
  readonly not?: NotApplying;
  readonly requires: Requirement;
  /** It requires as much as all sources together, in one respect at least. */
  readonly decides: boolean;
  /** Of a rule with words for people. */
  readonly because?: Sentences;
}

/** How a decision came about. */
export interface Trace {
  readonly version: string;
  /** Names of the networks that the address belongs to; undefined: the address is not known. */
  readonly networks?: readonly string[];
  /** All that were looked at. */
  readonly sources: readonly SourceOutcome[];
}

export interface Decision {
  readonly required: Required;
  readonly trace: Trace;
}
