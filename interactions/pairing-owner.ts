/** Names the owner of a pairing: the set-up of a method in one sign-in, its person, and the browser that holds it. */
import { sha256 } from '../src/crypto.ts';
import type { PairingOwner } from '../src/mfa/push/pairings.ts';
import type { BrowserInteraction } from '../src/mfa/sign-in-proofs.ts';
import { enrollmentBinding } from './enrollment-draft.ts';

/** Another account or browser in the same sign-in finds no pairing. */
export const pairingOwner = (
  {
    signIn,
    browserInteraction,
  }: { readonly signIn: { readonly id: string }; readonly browserInteraction: BrowserInteraction },
  { id: userId }: { readonly id: string },
): PairingOwner => ({
  binding: enrollmentBinding(signIn.id),
  userId,
  browser: sha256(browserInteraction.browser),
});
