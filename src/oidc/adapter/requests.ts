/**
 * Decides what is kept of the requests of strangers: wraps the adapters of the models that anyone can make us store.
 *
 * | model                      | kept of a stranger                                                     |
 * | -------------------------- | ---------------------------------------------------------------------- |
 * | Interaction                | in the browser; in the store, within a limit, where it does not fit    |
 * | Session                    | nothing, see `sessions.ts`                                             |
 * | PushedAuthorizationRequest | parameters of allowed length; of a public client limited per address  |
 * | ReplayDetection            | the proof of such a push, counted with it; others need a code or token |
 * | DeviceCode                 | parameters of allowed length; limited per address and in all           |
 *
 * A BackchannelAuthenticationRequest comes from a client with a secret, which is no stranger: its parameters are of allowed length.
 */
import {
  errors,
  Provider,
  type Adapter,
  type AdapterFactory,
  type AdapterPayload,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { Problem } from '../../errors.ts';
import { setRetryAfter } from '../../http/retry-after.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { BegunSignIns } from '../../users/limits/begun-sign-ins.ts';
import type { KnownBrowser } from '../../users/known-browser.ts';
import { cibaRoute } from '../ciba-parameters.ts';
import { checkLengths } from '../http/parameter-limits.ts';
import type { RequestCookies } from '../http/request-cookies.ts';
import { noteEnd } from '../http/resume-answers.ts';

/** Dependencies of these limits. */
export interface RequestDeps {
  readonly begunSignIns: BegunSignIns;
  readonly requestCookies: RequestCookies;
  /** The accounts used before in the browser of this request. */
  readonly knownBrowser: (ctx: KoaContextWithOIDC) => KnownBrowser | undefined;
  readonly clock: Clock;
}

/** Wraps `adapters`: some of them keep only what strangers may make us keep. */
export const admitRequests =
  (adapters: AdapterFactory, deps: RequestDeps): AdapterFactory =>
  model => {
    const adapter = adapters(model);
    if (model === 'Interaction') return keptInBrowser(adapter, deps);
    if (model === 'PushedAuthorizationRequest') return limitedPushes(adapter, deps);
    if (model === 'DeviceCode') return limitedDevices(adapter, deps);
    if (model === 'BackchannelAuthenticationRequest') return ofAllowedLength(adapter);
    return model === 'ReplayDetection' ? limitedDpopProofs(adapter, deps) : adapter;
  };

const keptInBrowser = (adapter: Adapter, { begunSignIns, requestCookies, knownBrowser }: RequestDeps): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    if (ctx !== undefined && isAnonymous(payload)) {
      if (requestCookies.keep(ctx, id, payload)) return;
      // A known browser keeps its way into the store while strangers have used up their room.
      if (knownBrowser(ctx) === undefined && !(await begunSignIns.admitStored())) {
        throw new Problem('overloaded', 'got more sign-ins without a password than the store may hold');
      }
    }
    await adapter.upsert(id, payload, expiresIn);
  },
  async destroy(id) {
    const { ctx } = Provider;
    if (ctx !== undefined) {
      requestCookies.forget(ctx, id);
      noteEnd(ctx, id);
    }
    await adapter.destroy(id);
  },
});

/** Whether nothing is proven yet: the first prompt of a browser without a session. */
const isAnonymous = ({ prompt, session, result, lastSubmission }: AdapterPayload): boolean =>
  prompt?.name === 'login' && session === undefined && result === undefined && lastSubmission === undefined;

/** The mark of a DPoP proof (RFC 9449 §11.1) is stored before the pushed request that came with it. */
const limitedDpopProofs = (adapter: Adapter, deps: RequestDeps): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    if (ctx?.oidc.route === 'pushed_authorization_request') await limitPushed(ctx, deps);
    await adapter.upsert(id, payload, expiresIn);
  },
});

const limitedPushes = (adapter: Adapter, deps: RequestDeps): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    checkLengths(ctx?.oidc.params);
    // A signed request is stored as it came, also what is no parameter.
    checkLengths({ request: ctx?.oidc.body?.['request'] });
    if (ctx !== undefined) await limitPushed(ctx, deps);
    await adapter.upsert(id, payload, expiresIn);
  },
});

/**
 * Counts a request of a device before anything of it is stored. A later change of its record is not counted.
 * @throws TemporarilyUnavailable with status 429
 */
const limitedDevices = (adapter: Adapter, { begunSignIns, clock }: RequestDeps): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    const { ctx } = Provider;
    if (ctx?.oidc.route === 'device_authorization') {
      checkLengths(ctx.oidc.params);
      const { clientId = '' } = payload;
      const admission = await begunSignIns.admit({ by: 'device', address: ctx.ip, client: clientId });
      if (!admission.ok) throw tooMany(ctx, 'too many devices at this address', clock(), admission.until);
      if (!(await begunSignIns.admitStored('devices'))) {
        const now = clock();
        throw tooMany(ctx, 'more devices wait than the store may hold', now, now + 60_000);
      }
    }
    await adapter.upsert(id, payload, expiresIn);
  },
});

const ofAllowedLength = (adapter: Adapter): Adapter => ({
  ...adapter,
  async upsert(id, payload, expiresIn) {
    if (Provider.ctx?.oidc.route === cibaRoute) checkLengths(Provider.ctx.oidc.params);
    await adapter.upsert(id, payload, expiresIn);
  },
});

const tooMany = (ctx: KoaContextWithOIDC, sentence: string, now: EpochMillis, until: EpochMillis): Error => {
  setRetryAfter(ctx, now, until);
  return Object.assign(new errors.TemporarilyUnavailable(sentence), { status: 429, statusCode: 429 });
};

/** Pushed requests that were counted: each is counted once. */
const counted = new WeakSet<KoaContextWithOIDC>();

/**
 * Counts a pushed request of a public client towards the limits of its address. A client that proved its secret pushes for
 * all its people from one address, and is no stranger.
 * @throws TemporarilyUnavailable with status 429 (RFC 9126 §2.3)
 */
const limitPushed = async (ctx: KoaContextWithOIDC, { begunSignIns, clock }: RequestDeps): Promise<void> => {
  if (ctx.oidc.client?.clientAuthMethod !== 'none' || counted.has(ctx)) return;
  counted.add(ctx);
  const admission = await begunSignIns.admit({ by: 'pushed', address: ctx.ip });
  if (admission.ok) return;
  throw tooMany(ctx, 'too many pushed requests from this address', clock(), admission.until);
};
