/** Holds the account that the server has at the carrier, and checks its credentials. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Credentials of an account. */
export interface Account {
  /** AC and 32 hexadecimal digits. */
  readonly sid: string;
  readonly authToken: string;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Checks an Authorization header: HTTP Basic (RFC 7617) with the SID and the auth token of the account. */
export const isAuthenticated = ({ sid, authToken }: Account, header: string | undefined): boolean => {
  const credentials = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1] ?? '';
  const given = Buffer.from(credentials, 'base64').toString('utf8');
  return timingSafeEqual(sha256(given), sha256(`${sid}:${authToken}`));
};
