/** States in discovery where clients register themselves (OpenID Connect Discovery §3). */
import { registrationPath } from './information.ts';

/** Gives the function that changes the members of discovery. Where nobody may register, they stay as they are. */
export const announceRegistration =
  (isOffered: boolean, issuer: URL) =>
  (members: object): object =>
    isOffered ? { ...members, registration_endpoint: new URL(registrationPath, issuer).href } : members;
