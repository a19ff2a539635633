/** Signs requests for a device (`protocol.ts`). */
import { SignJWT } from 'jose';
import { jwtTypes, type RequestClaims } from './protocol.ts';
import type { RequestKey } from './server-keys.ts';

/** The request as a JWT, signed by the present key of the server. */
export const signRequest = async (claims: RequestClaims, { kid, key }: RequestKey): Promise<string> =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: jwtTypes.request, kid }).sign(key);
