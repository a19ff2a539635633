/**
 * Holds back the writes of a request at the end of a sign-in, and carries them out together before its answer leaves: durable documents in
 * one commit, then short-lived values in one step.
 *
 *     request ─┬→ grant, audit event ──→ session: one commit, with the record of the session
 *              └→ code, session, kept answer, removal of the prompt ──→ end of the request: one step ──→ the answer
 *
 * Where they fail, the headers of the answer are taken back. A write may be held back only where no request, this one included, reads its
 * value before the answer. Outside `holdWrites` each write is carried out at once.
 */
import type { Context, Middleware } from 'koa';
import type { AuditEvent, WriteAudited } from '../../audit.ts';
import type { Ephemeral, EphemeralWrite, Key, Write } from '../../ports/stores.ts';

/** A durable document. `alone` stores it without the others, after one of them was refused. */
export interface HeldDocument {
  readonly write: Write;
  readonly alone: () => Promise<void>;
}

/** Short-lived values. `after` gets the answer of each write. `comesLast`: written once all others are stored. */
export interface HeldValues {
  readonly writes: readonly EphemeralWrite[];
  readonly after?: (answers: readonly boolean[]) => Promise<void>;
  readonly comesLast?: boolean;
}

interface HoldingDeps {
  readonly writeAudited: WriteAudited;
  readonly ephemeral: Pick<Ephemeral, 'writeMany'>;
}

/** The writes of one request. */
interface Held {
  readonly deps: HoldingDeps;
  documents: readonly HeldDocument[];
  events: readonly AuditEvent[];
  values: readonly HeldValues[];
  removed: readonly Key<unknown>[];
}

const requests = new WeakMap<Context, Held>();
const heldBy = (ctx: Context | undefined): Held | undefined => ctx && requests.get(ctx);

/** Holds writes back during the rest of a request, and stores them at its end. @throws the error of a store */
export const holdWrites =
  (deps: HoldingDeps): Middleware =>
  async (ctx, next) => {
    const held: Held = { deps, documents: [], events: [], values: [], removed: [] };
    const cookies = ctx.res.getHeader('set-cookie');
    requests.set(ctx, held);
    try {
      await next();
      await storeHeld(ctx);
      await storeValues(held);
    } catch (error) {
      // These headers name a code and a session that are not stored. The cookie of the prompt stays, for the next attempt.
      ctx.remove('location');
      if (cookies === undefined) ctx.remove('set-cookie');
      else ctx.res.setHeader('set-cookie', cookies);
      throw error;
    } finally {
      requests.delete(ctx);
    }
  };

/** Holds a document back. False: this request holds no writes back, so the caller stores it. */
export const holdDocument = (ctx: Context | undefined, document: HeldDocument): boolean => {
  const held = heldBy(ctx);
  if (held !== undefined) held.documents = [...held.documents, document];
  return held !== undefined;
};

/** Holds an audit event back. False: as `holdDocument`. */
export const holdEvent = (ctx: Context | undefined, event: AuditEvent): boolean => {
  const held = heldBy(ctx);
  if (held !== undefined) held.events = [...held.events, event];
  return held !== undefined;
};

/** Holds short-lived values back. False: as `holdDocument`. */
export const holdValues = (ctx: Context | undefined, values: HeldValues): boolean => {
  const held = heldBy(ctx);
  if (held !== undefined) held.values = [...held.values, values];
  return held !== undefined;
};

/**
 * Stores the documents and events that this request holds back, with `write`, in one commit. False: `write` is not stored, because a
 * document was refused, or this request holds no writes back. The documents are stored in any case.
 */
export const storeHeld = async (ctx: Context | undefined, write?: Write): Promise<boolean> => {
  const held = heldBy(ctx);
  if (held === undefined) return false;
  const { documents, events, deps } = held;
  const writes = [...documents.map(each => each.write), ...(write === undefined ? [] : [write])];
  if (writes.length === 0 && events.length === 0) return true;
  Object.assign(held, { documents: [], events: [] });
  if ((await deps.writeAudited(writes, events)).ok) return true;
  for (const { alone } of documents) await alone();
  if (events.length > 0) await deps.writeAudited([], events);
  return false;
};

/** Holds the removal of a short-lived value back until everything else is stored. False: as `holdDocument`. */
export const holdRemoval = (ctx: Context | undefined, key: Key<unknown>): boolean => {
  const held = heldBy(ctx);
  if (held !== undefined) held.removed = [...held.removed, key];
  return held !== undefined;
};

const storeValues = async ({ values, removed, deps }: Held): Promise<void> => {
  const first = values.filter(({ comesLast }) => comesLast !== true);
  const last = values.filter(({ comesLast }) => comesLast === true);
  const removals = removed.map(key => ({ method: 'remove', key }) as const);
  if (values.length === 0 && removals.length === 0) return;
  const answers = await deps.ephemeral.writeMany(first.flatMap(writesOf), [...last.flatMap(writesOf), ...removals]);
  let from = 0;
  for (const { writes, after } of [...first, ...last]) {
    await after?.(answers.slice(from, from + writes.length));
    from += writes.length;
  }
};
const writesOf = ({ writes }: HeldValues): readonly EphemeralWrite[] => writes;
