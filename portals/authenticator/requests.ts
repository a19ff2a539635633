/** Serves the requests that a device has to answer, the stream that wakes it, and its answers. */
import type { Context } from 'koa';
import type { AnswerOutcome, RequestsAnswer } from '../../src/mfa/push/protocol.ts';
import { readAnswer } from '../../src/mfa/push/answers.ts';
import { signRequest } from '../../src/mfa/push/signed-requests.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import { deviceOf, membersOf, readCall } from './calls.ts';
import type { AuthenticatorApiDeps } from './deps.ts';
import { Refusal } from './refusals.ts';

/** Handles GET api/requests. @throws Refusal, Problem */
export const getRequests =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const device = await deviceOf(deps.devices, await readCall(ctx, deps.issuer.origin));
    const waiting = await deps.deviceRequests.of(device);
    const key = waiting.length === 0 ? undefined : await deps.pushKeys.current();
    const requests = key === undefined ? [] : await Promise.all(waiting.map(async each => signRequest(each, key)));
    ctx.body = { requests, state: device.state, push: device.push } satisfies RequestsAnswer;
  };

/** Handles GET api/events: says that something changed, never what. The device then asks for its requests. @throws Refusal, Problem */
export const getEvents =
  (deps: AuthenticatorApiDeps, streams: Streams) =>
  async (ctx: Context): Promise<void> => {
    const device = await deviceOf(deps.devices, await readCall(ctx, deps.issuer.origin));
    const { handle } = device;
    const of = { name: `device:${handle}`, address: ctx.ip, event: 'changed' };
    streams.open(ctx, of, signal => changesOf(deps, handle, signal));
  };

/** An empty line for each change. Ends once the device is not known any more: the next call tells it so. */
async function* changesOf(deps: AuthenticatorApiDeps, handle: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const isKnown of deps.deviceChanges.watch(handle, signal)) {
    yield '';
    if (!isKnown) return;
  }
}

/** Handles POST api/answers. @throws Refusal, Problem */
export const postAnswer =
  (deps: AuthenticatorApiDeps) =>
  async (ctx: Context): Promise<void> => {
    const call = await readCall(ctx, deps.issuer.origin);
    const device = await deviceOf(deps.devices, call);
    const { language } = device;
    const { answer } = membersOf(call.json, ['answer']);
    const claims = typeof answer === 'string' ? await readAnswer(answer, device.key) : undefined;
    if (claims === undefined) throw new Refusal('malformed', { language });
    const outcome = await deps.deviceAnswers.answer(claims.request, device, claims);
    // A request to another device is not told from one that has ended.
    if (outcome.result === 'refused') throw new Refusal('over', { language, more: overBecause('unknown') });
    if (outcome.result === 'over') throw new Refusal('over', { language, more: outcome });
    ctx.body = outcome satisfies AnswerOutcome;
  };

const overBecause = (reason: string): AnswerOutcome => ({ result: 'over', reason });
