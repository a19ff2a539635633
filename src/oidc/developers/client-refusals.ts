/**
 * Says how the last refused requests of each client are kept for its developers: what came, what is registered, and the code whose
 * page explains it. Requests with an unknown client id are not kept. The log has every refusal.
 */
import type { ClientRefusal } from '../../records.ts';
import type { ClientNotesForm } from './client-notes.ts';

/** Printed length of each text of an entry, in characters. */
const longestText = 500;

/** Bounds what a sender chose. */
const bounded = ({ code, error, endpoint, reference, ...texts }: ClientRefusal): ClientRefusal => ({
  code,
  error: error.slice(0, longestText),
  endpoint,
  ...(reference !== undefined && { reference }),
  ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.slice(0, longestText)])),
});

/** Refused requests, in `durable.collection(clientRefusalsKind)`. */
export const refusalNotes: ClientNotesForm<ClientRefusal> = {
  name: 'client-refusals',
  keyOf: ({ code, error, endpoint, sent, explanation }) => JSON.stringify([code, error, endpoint, sent, explanation]),
  bounded,
};
