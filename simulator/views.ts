import type { BehaviourName } from './network/behaviours.ts';
import type { Call, CallStatus } from './network/call.ts';
import { isOver } from './network/call.ts';
import { codeAt } from './phones/totp.ts';
import type { Phone, World } from './world.ts';

/** A call as the person at the phone knows it. Times in milliseconds since 1970. */
export interface CallView {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly status: CallStatus;
  readonly isOver: boolean;
  /** Why it ended, in words. */
  readonly why?: string;
  readonly createdAt: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
  /** True while the line listens to keys. */
  readonly listening: boolean;
  /** What the voice said, one entry a sentence block, as far as it came. */
  readonly heard: readonly { readonly text: string; readonly language: string; readonly finished: boolean }[];
  /** All keys pressed so far. */
  readonly pressed: string;
}

export interface PhoneView {
  readonly name: string;
  readonly number: string;
  readonly behaviour: BehaviourName;
  readonly state: 'idle' | 'ringing' | 'on-call';
  /** Newest first, the current one included; at most 20. */
  readonly calls: readonly CallView[];
}

export interface CodeView {
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly secondsLeft: number;
}

const spokenText = (text: string, spoken: number): string => text.split(' ').slice(0, spoken).join(' ');

export const viewCall = (call: Call): CallView => ({
  sid: call.sid,
  from: call.order.from,
  to: call.order.to,
  status: call.status,
  isOver: isOver(call.status),
  ...(call.why !== undefined && { why: call.why }),
  createdAt: call.createdAt,
  ...(call.answeredAt !== undefined && { answeredAt: call.answeredAt }),
  ...(call.endedAt !== undefined && { endedAt: call.endedAt }),
  listening: call.listening,
  heard: call.heard.flatMap(each =>
    each.who === 'line'
      ? [
          {
            text: spokenText(each.text, each.spoken),
            language: each.language,
            finished: each.spoken === each.words,
          },
        ]
      : [],
  ),
  pressed: call.heard.map(each => (each.who === 'person' ? each.keys : '')).join(''),
});

export const viewPhone = (world: World, phone: Phone): PhoneView => {
  const current = world.network.current(phone.number)?.status;
  const state = current === 'in-progress' ? 'on-call' : current === 'ringing' ? 'ringing' : 'idle';
  return { ...phone, state, calls: world.callsTo(phone.number).slice(0, 20).map(viewCall) };
};

/** What a person's authenticator app shows; undefined for a person without one. */
export const viewCode = (world: World, who: string): CodeView | undefined => {
  const secret = world.person(who)?.totpSecret;
  if (secret === undefined) return undefined;
  const now = world.timers.now();
  const { code, until } = codeAt(secret, now);
  return { code, until, secondsLeft: Math.ceil((until - now) / 1000) };
};
