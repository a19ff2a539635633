/**
 * Says how the last tokens of each client are kept for its developers: the time of the last one by each grant type. They are noted
 * after the answer was decided, and written seconds later, so that no token waits for it.
 */
import type { ClientTokens } from '../../records.ts';
import type { ClientNotesForm } from './client-notes.ts';

/** Tokens, in `durable.collection(clientTokensKind)`. */
export const tokenNotes: ClientNotesForm<ClientTokens> = {
  name: 'client-tokens',
  keyOf: ({ grantType }) => grantType,
  bounded: tokens => tokens,
};
