/**
 * Uses up refresh tokens. A used token and its successor are stored in one batch, so that neither a crash nor a second node comes
 * between them. A repeated request gets the same successor.
 *
 *     unused ─first use→ used, with its successor ─the successor is used, or the time has passed→ only reuse, which ends the family
 *
 * A request begins the use before it makes its access token, and finishes it once that is stored. Otherwise a token whose access token
 * cannot be stored would be used up, and soon count as reused.
 */
import { Provider, type Adapter, type AdapterFactory, type KoaContextWithOIDC } from 'oidc-provider';
import { openStored, randomToken, sealJson, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { insertIfAbsent } from '../../optimistic-write.ts';
import { inserting, replacing, type DurableStore } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import { oidcDocumentKind, type OidcDocument } from '../../records.ts';
import { models, type OidcDocuments } from '../models.ts';
import { findMarked, markedToken } from '../token-kinds.ts';
import { documentId, endOf, toDocument, toPayload } from './durable.ts';

const model = 'RefreshToken';

interface RefreshTokensDeps {
  readonly documents: OidcDocuments;
  readonly durable: Pick<DurableStore, 'batch'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** For this long the same token gives the same successor. 0: never. */
  readonly reuseWithin: Millis;
}

/** A refresh token: 256 random bits. */
export const newRefreshToken = (): string => markedToken(model, randomToken(32));

/** Refresh tokens by their id, which is the token itself. */
export interface RefreshTokens {
  /** Begins the use of a token: chooses its successor, and stores nothing. False: it is reused, or was revoked. */
  begin(ctx: KoaContextWithOIDC, id: string): Promise<boolean>;
  /** The successor that this request chose. */
  successorIn(ctx: KoaContextWithOIDC): string | undefined;
  /**
   * Finishes the use that this request began. Gives the successor for the answer: another one than `successorIn` where a concurrent
   * request was first. none: it began no use. lost: the token is reused, or was revoked meanwhile.
   */
  finish(ctx: KoaContextWithOIDC): Promise<{ readonly successor: string } | 'none' | 'lost'>;
  /** Whether `begin` would give the successor of this used token once more. */
  isRepeatable(id: string): Promise<boolean>;
  /** Wraps adapters: that of refresh tokens keeps the record of a successor until `finish`. */
  adapters(inner: AdapterFactory): AdapterFactory;
}

/** The use of a token in one request. `next`: the record of its successor, once the library has made it. */
interface Use {
  readonly token: OidcDocument;
  readonly successor: string;
  next?: OidcDocument;
}

/** Name to which the successor of a used token is sealed. */
export const successorBinding = ({ id }: Pick<OidcDocument, 'id'>): string => id;

export const createRefreshTokens = (deps: RefreshTokensDeps): RefreshTokens => {
  const { documents, durable, sealer, clock, reuseWithin } = deps;
  const uses = new WeakMap<KoaContextWithOIDC, Use>();
  /** The token that a request has found. It saves a read only: the batch compares its revision. */
  const found = new WeakMap<KoaContextWithOIDC, OidcDocument>();
  const read = async (id: string): Promise<OidcDocument | undefined> => documents.get(documentId(model, id));

  /** The successor of a used token, while it may be given again. */
  const repeated = async (token: OidcDocument): Promise<string | undefined> => {
    if (token.successor === undefined || token.consumedAt === undefined) return undefined;
    // A clock set back must not make the time longer.
    if (Math.abs(clock() - token.consumedAt) >= reuseWithin) return undefined;
    const successor = openStored(sealer, token.successor, successorBinding(token));
    if (successor === undefined) return undefined;
    // Absent: a node of an earlier release chose it and has not stored it yet.
    return (await read(successor))?.consumedAt === undefined ? successor : undefined;
  };

  const used = (token: OidcDocument, successor: string): OidcDocument => ({
    ...token,
    consumedAt: clock(),
    ...(reuseWithin > 0 && { successor: sealJson(sealer, successor, successorBinding(token)) }),
  });

  /** Stores the use; gives the successor that counts. */
  const store = async ({ token, successor, next }: Use): Promise<string | undefined> => {
    if (next === undefined) throw new Problem('internal', 'got no record of the next refresh token, expected one');
    if (token.consumedAt !== undefined) {
      await insertIfAbsent(documents, next);
      return successor;
    }
    const writes = [replacing(oidcDocumentKind, used(token, successor)), inserting(oidcDocumentKind, next)];
    if ((await durable.batch(writes)).ok) return successor;
    // A concurrent request used it first, or it was revoked meanwhile.
    const now = await documents.get(token.id);
    const earlier = now && (await repeated(now));
    if (earlier !== undefined) await insertIfAbsent(documents, { ...next, id: documentId(model, earlier) });
    return earlier;
  };

  const adapter = (inner: Adapter): Adapter => ({
    ...inner,
    async find(id) {
      const token = await read(id);
      if (token === undefined) return undefined;
      if (Provider.ctx !== undefined) found.set(Provider.ctx, token);
      return toPayload(token, id);
    },
    async upsert(id, payload, expiresIn) {
      const use = Provider.ctx && uses.get(Provider.ctx);
      if (use?.successor !== id) return inner.upsert(id, payload, expiresIn);
      use.next = toDocument(model, id, payload, endOf(models[model], clock, expiresIn));
    },
  });

  return {
    async begin(ctx, id) {
      const known = found.get(ctx);
      const token = known?.id === documentId(model, id) ? known : await read(id);
      if (token === undefined) return false;
      const successor = token.consumedAt === undefined ? newRefreshToken() : await repeated(token);
      if (successor === undefined) return false;
      uses.set(ctx, { token, successor });
      return true;
    },
    successorIn: ctx => uses.get(ctx)?.successor,
    async finish(ctx) {
      const use = uses.get(ctx);
      if (use === undefined) return 'none';
      uses.delete(ctx);
      const successor = await store(use);
      return successor === undefined ? 'lost' : { successor };
    },
    async isRepeatable(id) {
      const token = await read(id);
      return token !== undefined && (await repeated(token)) !== undefined;
    },
    adapters: inner => name => (name === model ? findMarked(model, adapter(inner(name))) : inner(name)),
  };
};
