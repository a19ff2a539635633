/**
 * Uses up refresh tokens. A used token and its successor are decided in one write, so that neither a crash nor a second node
 * comes between them. A repeated request gets the same successor, and stores it if the first one did not.
 *
 * unused ─first use→ used, successor chosen ─the successor is used, or the time is over→ only reuse, which ends the family
 */
import { openStored, randomToken, sealJson, type Sealer } from '../../crypto.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { OidcDocument } from '../../records.ts';
import type { OidcDocuments } from '../models.ts';
import { markedToken } from '../token-kinds.ts';
import { documentId } from './durable.ts';

interface RefreshTokensDeps {
  readonly documents: OidcDocuments;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** For this long the same token gives the same successor. 0: never. */
  readonly reuseWithin: Millis;
}

/** A refresh token: 256 random bits. */
export const newRefreshToken = (): string => markedToken('RefreshToken', randomToken(32));

/** Refresh tokens by their id, which is the token itself. */
export interface RefreshTokens {
  /** Uses a token and gives its successor. undefined: it is reused, or was revoked. */
  use(id: string): Promise<string | undefined>;
  /** Whether `use` would give the successor of this used token once more. */
  isRepeatable(id: string): Promise<boolean>;
}

/** Name to which the successor of a used token is sealed. */
export const successorBinding = ({ id }: Pick<OidcDocument, 'id'>): string => id;

export const createRefreshTokens = ({ documents, sealer, clock, reuseWithin }: RefreshTokensDeps): RefreshTokens => {
  const read = async (id: string): Promise<OidcDocument | undefined> => documents.get(documentId('RefreshToken', id));

  /** The successor of a used token, while it may be given again. */
  const repeated = async (token: OidcDocument): Promise<string | undefined> => {
    if (token.successor === undefined || token.consumedAt === undefined) return undefined;
    // A clock set back must not make the time longer.
    if (Math.abs(clock() - token.consumedAt) >= reuseWithin) return undefined;
    const successor = openStored(sealer, token.successor, successorBinding(token));
    if (successor === undefined) return undefined;
    // Absent: the first request chose it and has not stored it yet.
    return (await read(successor))?.consumedAt === undefined ? successor : undefined;
  };

  return {
    async use(id) {
      const token = await read(id);
      if (token === undefined) return undefined;
      if (token.consumedAt !== undefined) return repeated(token);
      const successor = newRefreshToken();
      const used: OidcDocument = {
        ...token,
        consumedAt: clock(),
        ...(reuseWithin > 0 && { successor: sealJson(sealer, successor, successorBinding(token)) }),
      };
      if ((await documents.replace(used)) !== undefined) return successor;
      // A concurrent request used it first, or it was revoked meanwhile.
      const now = await read(id);
      return now && repeated(now);
    },
    async isRepeatable(id) {
      const token = await read(id);
      return token !== undefined && (await repeated(token)) !== undefined;
    },
  };
};
