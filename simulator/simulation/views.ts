import type { CallDoingName } from '../network/behaviours/calls.ts';
import type { Behaviour } from '../network/behaviours/settings.ts';
import type { Call, CallStatus, Leg, Utterance } from '../network/call.ts';
import { isOver, statusAt } from '../network/call.ts';
import type { Text } from '../network/text.ts';
import type { Phone } from './people.ts';
import { codeAt } from './totp.ts';
import type { World } from './simulation.ts';

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
  /** Tones that the caller dialled while this person listened. */
  readonly tones: string;
  /** All keys pressed so far. */
  readonly pressed: string;
}

/** A text as the phone shows it. Times in milliseconds since 1970. */
export interface TextView {
  readonly sid: string;
  /** Who sent it. */
  readonly from: string;
  readonly text: string;
  readonly sentAt: number;
  /** The first time it arrived, how often it did, and each time. */
  readonly arrivedAt: number;
  readonly arrivals: number;
  readonly arrivedAts: readonly number[];
}

export interface PhoneView {
  readonly name: string;
  readonly number: string;
  /** What it does when it is called; `behaves` tells the rest. */
  readonly behaviour: CallDoingName;
  readonly behaves: Behaviour;
  readonly state: 'idle' | 'ringing' | 'on-call';
  /** Of an office: who sits behind it, by what is dialled. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** Texts that are on their way. */
  readonly onTheWay: number;
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

/** What is heard at one telephone: nothing that was said before it was picked up. */
export const heardAt = ({ heard }: Call, { missed }: Leg): readonly Utterance[] =>
  heard.slice(missed.utterances).flatMap((each, index): Utterance[] => {
    if (index > 0 || missed.words === 0 || each.who !== 'line') return [each];
    const [words, spoken] = [each.words - missed.words, each.spoken - missed.words];
    const text = each.text.split(' ').slice(missed.words).join(' ');
    return words > 0 ? [{ ...each, text, words, spoken }] : [];
  });

const keysOf = (heard: readonly Utterance[], who: 'tones' | 'person'): string =>
  heard.map(each => (each.who === who ? each.keys : '')).join('');

export const viewCall = (call: Call, leg: Leg): CallView => {
  const status = statusAt(call, leg);
  const heard = leg.answeredAt === undefined ? [] : heardAt(call, leg);
  return {
    sid: call.sid,
    from: call.order.from,
    to: call.order.to,
    status,
    isOver: isOver(status),
    ...(leg.why !== undefined && { why: leg.why }),
    createdAt: call.createdAt,
    ...(leg.answeredAt !== undefined && { answeredAt: leg.answeredAt }),
    ...(leg.endedAt !== undefined && { endedAt: leg.endedAt }),
    listening: call.listening && leg.state === 'on',
    heard: heard.flatMap(each =>
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
    tones: keysOf(heard, 'tones'),
    pressed: keysOf(heard, 'person'),
  };
};

export const viewText = ({ sid, from, order, sentAt, createdAt, arrivals }: Text): TextView => ({
  sid,
  from: from ?? '',
  text: order.body,
  sentAt: sentAt ?? createdAt,
  arrivedAt: arrivals[0] ?? createdAt,
  arrivals: arrivals.length,
  arrivedAts: [...arrivals],
});

/** Calls as one telephone knows them, newest first. */
export const callsAt = (world: World, phone: string): readonly CallView[] =>
  world.callsTo(phone).flatMap(call => {
    const leg = call.legs.findLast(each => each.phone === phone);
    return leg === undefined ? [] : [viewCall(call, leg)];
  });

export const viewPhone = (world: World, { name, number, behaviour, extensions }: Phone): PhoneView => {
  const current = world.network.current(number)?.leg.state;
  const state = current === 'on' ? 'on-call' : current === 'ringing' ? 'ringing' : 'idle';
  return {
    name,
    number,
    ...(extensions !== undefined && { extensions }),
    behaviour: behaviour.calls,
    behaves: behaviour,
    state,
    onTheWay: world.texts.onTheWay(number),
    calls: callsAt(world, number).slice(0, 20),
  };
};

/** What a person's authenticator app shows, by name or any telephone of theirs; undefined for a person without one. */
export const viewCode = (world: World, who: string): CodeView | undefined => {
  const secret = (world.person(who) ?? world.person(world.phone(who)?.name ?? ''))?.totpSecret;
  if (secret === undefined) return undefined;
  const now = world.timers.now();
  const { code, until } = codeAt(secret, now);
  return { code, until, secondsLeft: Math.ceil((until - now) / 1000) };
};
