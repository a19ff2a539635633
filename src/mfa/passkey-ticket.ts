/**
 * Keeps the challenge of a passkey whose person is not known yet. Every visit of the sign-in page needs one, and a visitor proves nothing,
 * so the page keeps it: sealed in a ticket that the answer gives back. Only an answer stores something, and only until the ticket ends.
 */
import { openJson, sealJson, sha256, type Sealer } from '../crypto.ts';
import { isProblem } from '../errors.ts';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { BrowserInteraction } from './sign-in-proofs.ts';
import { newPasskeyChallenge, passkeyTime } from './passkeys/options.ts';

interface Contents {
  readonly challenge: string;
  readonly until: EpochMillis;
  readonly interaction: string;
  /** SHA-256 of the browser's secret. */
  readonly browser: string;
}

/** Longest ticket, in bytes. */
export const maxTicketBytes = 1024;
const sealedTo = 'passkey-ticket-1';

/** A new challenge, and the ticket that holds it for one sign-in in one browser. */
export const makeTicket = (
  sealer: Sealer,
  { interaction, browser }: BrowserInteraction,
  now: EpochMillis,
): { readonly challenge: string; readonly ticket: string } => {
  const challenge = newPasskeyChallenge();
  const contents: Contents = { challenge, until: now + passkeyTime, interaction, browser: sha256(browser) };
  return { challenge, ticket: sealJson(sealer, contents, sealedTo) };
};

/** foreign: not ours, or of another sign-in or browser. late: its time is over. */
export type OpenedTicket =
  | { readonly ok: true; readonly challenge: string; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'foreign' | 'late' };

/** Opens a ticket that this browser gave back in this sign-in. */
export const openTicket = (
  sealer: Sealer,
  ticket: string,
  { interaction, browser }: BrowserInteraction,
  now: EpochMillis,
): OpenedTicket => {
  const contents = opened(sealer, ticket);
  if (contents?.interaction !== interaction || contents.browser !== sha256(browser)) {
    return { ok: false, reason: 'foreign' };
  }
  const { challenge, until } = contents;
  return now < until ? { ok: true, challenge, until } : { ok: false, reason: 'late' };
};

const opened = (sealer: Sealer, ticket: string): Contents | undefined => {
  try {
    return openJson<Contents>(sealer, ticket, sealedTo);
  } catch (error) {
    if (isProblem(error, 'unreadable')) return undefined;
    throw error;
  }
};

/** Uses a ticket up. True for one of many concurrent answers (WebAuthn §13.4.3). @throws the error of the store */
export const burnTicket = async (
  ephemeral: Pick<Ephemeral, 'setIfAbsent'>,
  { challenge, until }: Extract<OpenedTicket, { ok: true }>,
  now: EpochMillis,
): Promise<boolean> => ephemeral.setIfAbsent(key('passkey-tickets', sha256(challenge)), true, until - now);
