/**
 * Says how the last sign-ins at each client are kept for its developers: why a second step was needed, or why not. An entry states no
 * person, group, network or rule that did not decide: those tell where a person was, and what they belong to.
 */
import type { KeptTrace } from '../../policy/trace.ts';
import type { ClientSignIn } from '../../records.ts';
import type { ClientNotesForm } from './client-notes.ts';

/** Sources of one entry. A policy file may have many rules. */
const maxSources = 10;

/** Sign-ins, in `durable.collection(clientSignInsKind)`. */
export const signInNotes: ClientNotesForm<ClientSignIn> = {
  name: 'client-sign-ins',
  keyOf: ({ refused, required, mfaMaxAge, factors, how, factor, flow, decided }) =>
    JSON.stringify([refused, required, mfaMaxAge, factors, how, factor, flow, decided]),
  bounded: signIn => ({ ...signIn, decided: signIn.decided.slice(0, maxSources) }),
};

/** What developers learn of a decision. `refused`: OAuth's error code, where the sign-in failed. */
export const noteOfSignIn = (
  { acr, mfaMaxAge, factors, denied, second, decided }: KeptTrace,
  { refused, flow, reference }: Pick<ClientSignIn, 'refused' | 'flow' | 'reference'>,
): ClientSignIn => ({
  ...(refused !== undefined && { refused: denied === undefined ? refused : 'policy' }),
  required: acr,
  ...(mfaMaxAge !== undefined && { mfaMaxAge }),
  ...(factors !== undefined && { factors }),
  // A rule refuses whatever the second step was.
  ...(denied === undefined && second),
  ...(flow !== undefined && { flow }),
  decided: denied === undefined ? decided : [`rule ${denied}`],
  ...(reference !== undefined && { reference }),
});
