import { createHash, timingSafeEqual } from 'node:crypto';

/** The account that the server has at this carrier. */
export interface Account {
  /** AC and 32 hexadecimal digits. */
  readonly sid: string;
  readonly authToken: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** HTTP Basic (RFC 7617) with the account's SID and its auth token. */
export const isAllowed = ({ sid, authToken }: Account, header: string | undefined): boolean => {
  const credentials = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1] ?? '';
  const given = Buffer.from(credentials, 'base64').toString('utf8');
  return timingSafeEqual(digest(given), digest(`${sid}:${authToken}`));
};
