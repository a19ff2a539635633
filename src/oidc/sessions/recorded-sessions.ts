/**
 * Records each session before it is stored, so that its person can see and end every session. A member of the session holds the time
 * and a digest of its last record. So without a read it is recorded at once at a sign-in, a step-up and for a new client, and otherwise
 * at most once in a quarter of an hour.
 */
import {
  Provider,
  type Adapter,
  type AdapterFactory,
  type AdapterPayload,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { sha256 } from '../../crypto.ts';
import type { Write } from '../../ports/stores.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { SessionClient } from '../../records.ts';
import { browserText } from '../../user-agent.ts';
import { signInDigest } from '../adapter/session-merge.ts';
import { sessionDigest } from '../ended-sessions.ts';
import { storeHeld } from '../http/held-writes.ts';
import { rememberedIn } from '../prompts/remembered-browser.ts';
import { secondStepOf } from '../request.ts';
import { isStale, type SeenSession, type SessionRecords } from './session-records.ts';

/** Member of a session with its last record. `provider.ts` makes oidc-provider carry it. */
export const recordedMember = 'recorded';
interface Recorded {
  readonly at: EpochMillis;
  /** Digest of the recorded facts. */
  readonly what: string;
}

export interface RecordedSessionsDeps {
  readonly sessionRecords: Pick<SessionRecords, 'record' | 'forget'>;
  readonly clock: Clock;
}

/** Wraps `adapters`: those of sessions keep their records. */
export const recordSessions =
  (adapters: AdapterFactory, deps: RecordedSessionsDeps): AdapterFactory =>
  model =>
    model === 'Session' ? recorded(adapters(model), deps) : adapters(model);

const recorded = (adapter: Adapter, { sessionRecords, clock }: RecordedSessionsDeps): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    const before = recordOf(payload);
    const clients = clientsOf(payload);
    const what = sha256(JSON.stringify([signInDigest(payload), clients]));
    const now = clock();
    const isRecorded = before?.what === what && !isStale(before.at, now);
    if (payload.accountId === undefined || isRecorded) return adapter.upsert(id, payload, expiresIn);
    const seen = seenIn(ctx, payload, payload.accountId, clients);
    // An ended session is not stored again. What this request issued in it is refused where it is presented.
    const store = async (write: Write): Promise<boolean> => storeHeld(ctx, write);
    if (!(await sessionRecords.record(seen, { isNew: before === undefined, store }))) return;
    await adapter.upsert(id, { ...payload, [recordedMember]: { at: now, what } satisfies Recorded }, expiresIn);
  },
  async destroy(id) {
    const session = Provider.ctx?.oidc.session;
    await adapter.destroy(id);
    if (session?.accountId !== undefined && session.jti === id) {
      await sessionRecords.forget(session.accountId, sessionDigest(session.uid));
    }
  },
});

const seenIn = (
  ctx: KoaContextWithOIDC | undefined,
  payload: AdapterPayload,
  accountId: string,
  clients: readonly SessionClient[],
): SeenSession => {
  const [{ acr, loginTs = 0 }, step, remembered] = [payload, secondStepOf(payload), rememberedIn(payload)];
  const browser = browserText(ctx?.get('user-agent') ?? '');
  return {
    accountId,
    session: sessionDigest(String(payload['uid'])),
    loginTs,
    ...(ctx !== undefined && { address: ctx.ip }),
    ...(browser !== undefined && { browser }),
    ...(acr !== undefined && { acr }),
    ...(step !== undefined && { method: step.method }),
    ...(remembered !== undefined && { remembered }),
    clients,
  };
};

const clientsOf = ({ authorizations = {} }: AdapterPayload): readonly SessionClient[] =>
  Object.entries(authorizations).map(([clientId, { sid, grantId }]) => ({
    clientId,
    ...(sid !== undefined && { sid }),
    ...(grantId !== undefined && { grantId }),
  }));

const recordOf = (payload: AdapterPayload): Recorded | undefined => {
  const found: unknown = payload[recordedMember];
  const isRecord = typeof found === 'object' && found !== null && 'at' in found && 'what' in found;
  return isRecord && typeof found.at === 'number' && typeof found.what === 'string'
    ? { at: found.at, what: found.what }
    : undefined;
};
