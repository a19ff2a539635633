/** Names the values of a challenge in the short-lived store, the bindings of its sealed texts, and the topic of its changes. */
import { sha256 } from '../../crypto.ts';
import { key, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import type { Phase } from './phase.ts';
import type { ChallengeRecord } from './record.ts';
import type { Resends } from './resend-count.ts';
import type { SentMessage } from './sent-message.ts';

/** Keys in the short-lived store. */
export const keys = {
  /** The one live challenge of a binding. */
  current: (boundTo: string): Key<ChallengeRecord> => key('challenge-of', boundTo),
  phase: (id: string): Key<Phase> => key('phase', id),
  attempts: (id: string): Key<number> => key('attempts', id),
  /** Unanswered voice prompts of a call. */
  unansweredPrompts: (id: string): Key<number> => key('silences', id),
  /** Exists while one caller verifies the held keys of a call. */
  heldKeysClaim: (id: string): Key<true> => key('held-keys-claim', id),
  /** By `messageIdOf` of its token: the token itself is never stored. */
  sent: (id: string): Key<SentMessage> => key('sent', id),
  resends: (boundTo: string): Key<Resends> => key('resends', boundTo),
  /** The one call or push that a person may be asked to answer for a sign-in or a pairing: the id of its message. */
  ringing: (userId: string): Key<string> => key('ringing', userId),
  /** The same for a request that no sign-in made: it must never keep a person from signing in. */
  asking: (userId: string): Key<string> => key('asking', userId),
  /** The newest text that this browser asked for, for an account: the id of its message. `browser`: SHA-256 of its secret. */
  texted: (userId: string, browser: string): Key<string> => key('texted', userId, browser),
};

/** Id of the message with this token. */
export const messageIdOf = (token: string): string => sha256(token);

/** A challenge is kept for so long after its last use, so that a late page or callback still learns how it ended. */
const keptAfterUse: Millis = 600_000;

/** How long everything of a challenge is kept. */
export const retention = (record: ChallengeRecord): Millis =>
  record.answerBy - record.begunAt + record.redeemLifetime + keptAfterUse;

/** Bindings of the sealed texts to their challenge (additional data of the AEAD). */
export const sealBinding = (id: string): string => `challenge:${id}`;
export const factsBinding = (record: ChallengeRecord): string => `facts:${record.id}`;
export const heldKeysBinding = (record: ChallengeRecord): string => `held-keys:${record.id}`;

/** Topic on which changes of a binding's challenge are published. */
export const challengeTopic = (boundTo: string): string => `challenge:${boundTo}`;
