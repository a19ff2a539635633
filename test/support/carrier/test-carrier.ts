/** Replaces the carrier: it calls no phone, records requests, and the test sends its callbacks. */
import { withChannels } from './wrap.ts';
import { randomBytes } from 'node:crypto';
import { sign } from '../../../simulator/network/signature.ts';
import type { Resources } from '../../../server/services.ts';
import type { CallMessage } from '../../../src/ports/carriers.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import { untilHeard } from '../world/clock.ts';
import type { World } from '../world/world.ts';

export interface SentCall {
  readonly message: CallMessage;
  /** The call's name at the carrier (CallSid). */
  readonly sid: string;
}

export interface TestCarrier {
  readonly sent: readonly SentCall[];
  /** CallSids that were hung up. */
  readonly cancelled: readonly string[];
  /** For `startWorld`. */
  readonly wrap: (resources: Resources) => Resources;
  /** Runs between the request that starts a call and its answer. */
  onSend: (sent: SentCall) => Promise<void>;
  last(): SentCall;
}

export const callSid = (): string => `CA${randomBytes(16).toString('hex')}`;

export const createTestCarrier = (): TestCarrier => {
  const sent: SentCall[] = [];
  const cancelled: string[] = [];
  const carrier: TestCarrier = {
    sent,
    cancelled,
    onSend: async () => {},
    wrap: resources =>
      withChannels(resources, channel => ({
        ...channel,
        async send(message: CallMessage) {
          const one = { message, sid: callSid() };
          sent.push(one);
          await carrier.onSend(one);
          return { reference: one.sid };
        },
        async cancel(reference: string) {
          cancelled.push(reference);
        },
      })),
    last() {
      const last = sent.at(-1);
      if (last === undefined) throw new Error('nothing was sent');
      return last;
    },
  };
  return carrier;
};

export interface CallbackResponse {
  readonly status: number;
  readonly text: string;
}

/** Posts a callback as the carrier does: signed for the public address, to one of the nodes. */
const postSigned = async (
  world: World,
  { message, sid }: SentCall,
  what: { readonly step: string; readonly node: number; readonly fields: Readonly<Record<string, string>> },
): Promise<CallbackResponse> => {
  const { step, node, fields } = what;
  const { twilio } = world.settings;
  if (twilio === undefined) throw new Error('the world has no carrier');
  const path = `/callbacks/twilio/call/${message.token}/${step}`;
  const all = { AccountSid: twilio.accountSid, CallSid: sid, To: message.to, From: twilio.from, ...fields };
  const signature = sign(twilio.authTokens[0], new URL(path, twilio.callbackBase).href, Object.entries(all));
  const response = await fetch(`http://127.0.0.1:${world.place.ports[node] ?? 0}${path}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(all),
  });
  return { status: response.status, text: await response.text() };
};

/** Reports that the phone was picked up, and gets the first words. */
export const postAnswered = async (world: World, sent: SentCall, node = 0): Promise<CallbackResponse> => {
  pickedUp.set(sent.message.token, world.clock());
  return postSigned(world, sent, { step: 'answered', node, fields: { CallStatus: 'in-progress' } });
};

/** When the pick-up of a call was reported last, by its token. */
const pickedUp = new Map<string, EpochMillis>();

/** Reports keys that were pressed once the question was heard, and the pick-up before them. */
export const postKeys = async (world: World, sent: SentCall, keys: string, node = 0): Promise<CallbackResponse> => {
  if (!pickedUp.has(sent.message.token)) await postAnswered(world, sent, node);
  const heard = (pickedUp.get(sent.message.token) ?? 0) + untilHeard;
  if (world.clock() < heard) world.clock.set(heard);
  return postKeysAt(world, sent, { keys, node });
};

/** Reports keys alone. `status`: of the call, in Twilio's terms. */
export const postKeysAt = (
  world: World,
  sent: SentCall,
  {
    keys,
    node = 0,
    status = 'in-progress',
    heard = '',
  }: { readonly keys: string; readonly node?: number; readonly status?: string; readonly heard?: string },
): Promise<CallbackResponse> =>
  postSigned(world, sent, {
    step: `keys?heard=${heard}`,
    node,
    fields: { CallStatus: status, Digits: keys, msg: 'Gather End' },
  });

/** Reports the status of the call, in Twilio's terms. */
export const postStatus = (world: World, sent: SentCall, status: string, node = 0): Promise<CallbackResponse> =>
  postSigned(world, sent, { step: 'status', node, fields: { CallStatus: status } });
