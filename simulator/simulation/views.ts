/** Shapes calls, texts, phones and codes for the JSON API and the pages, as one phone shows them. */
import type { CallBehaviourName } from '../network/behaviours/calls.ts';
import type { BehaviourSettings } from '../network/behaviours/settings.ts';
import type { Call, CallStatus, Leg, Utterance } from '../network/call.ts';
import { isOver, statusOfLeg } from '../network/call.ts';
import type { Text } from '../network/text.ts';
import type { Phone } from './people.ts';
import { codeAt } from './totp.ts';
import type { Simulation } from './simulation.ts';

/** A call as one phone shows it. Times in milliseconds since 1970. */
export interface CallView {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly status: CallStatus;
  readonly isOver: boolean;
  /** Why it ended, in words. */
  readonly reason?: string;
  readonly createdAt: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
  /** True while the line accepts keys. */
  readonly listening: boolean;
  /** Texts that the voice spoke, each as far as it was spoken. */
  readonly heard: readonly { readonly text: string; readonly language: string; readonly finished: boolean }[];
  /** Tones that the caller dialled after this phone was answered. */
  readonly tones: string;
  /** All keys pressed so far. */
  readonly pressed: string;
}

/** A text as the phone shows it. Times in milliseconds since 1970. */
export interface TextView {
  readonly sid: string;
  /** The number of the sender. */
  readonly from: string;
  readonly text: string;
  readonly sentAt: number;
  /** The first arrival. */
  readonly arrivedAt: number;
  /** How often it arrived. */
  readonly arrivals: number;
  /** Every arrival. */
  readonly arrivedAts: readonly number[];
}

/** A phone, its settings and its calls. */
export interface PhoneView {
  readonly name: string;
  readonly number: string;
  /** Set for calls; `behaves` has all settings. */
  readonly behaviour: CallBehaviourName;
  readonly behaves: BehaviourSettings;
  readonly state: 'idle' | 'ringing' | 'on-call';
  /** Of an office: names by extension. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** Number of texts on their way. */
  readonly onTheWay: number;
  /** Newest first, with the current call; at most 20. */
  readonly calls: readonly CallView[];
}

/** The code that an authenticator app shows. */
export interface CodeView {
  readonly code: string;
  /** When it changes, in milliseconds since 1970. */
  readonly until: number;
  readonly secondsLeft: number;
}

const spokenText = (text: string, spoken: number): string => text.split(' ').slice(0, spoken).join(' ');

/** The part of the transcript that one telephone heard: everything since it was answered. */
export const heardAt = ({ heard }: Call, { missed }: Leg): readonly Utterance[] =>
  heard.slice(missed.utterances).flatMap((each, index): Utterance[] => {
    if (index > 0 || missed.words === 0 || each.who !== 'line') return [each];
    const [words, spoken] = [each.words - missed.words, each.spoken - missed.words];
    const text = each.text.split(' ').slice(missed.words).join(' ');
    return words > 0 ? [{ ...each, text, words, spoken }] : [];
  });

const keysOf = (heard: readonly Utterance[], who: 'tones' | 'person'): string =>
  heard.map(each => (each.who === who ? each.keys : '')).join('');

/** A call as seen from one leg. */
export const viewCall = (call: Call, leg: Leg): CallView => {
  const status = statusOfLeg(call, leg);
  const heard = leg.answeredAt === undefined ? [] : heardAt(call, leg);
  return {
    sid: call.sid,
    from: call.parameters.from,
    to: call.parameters.to,
    status,
    isOver: isOver(status),
    ...(leg.reason !== undefined && { reason: leg.reason }),
    createdAt: call.createdAt,
    ...(leg.answeredAt !== undefined && { answeredAt: leg.answeredAt }),
    ...(leg.endedAt !== undefined && { endedAt: leg.endedAt }),
    listening: call.listening && leg.state === 'answered',
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

/** A text as its phone shows it. */
export const viewText = ({ sid, from, parameters, sentAt, createdAt, arrivals }: Text): TextView => ({
  sid,
  from: from ?? '',
  text: parameters.body,
  sentAt: sentAt ?? createdAt,
  arrivedAt: arrivals[0] ?? createdAt,
  arrivals: arrivals.length,
  arrivedAts: [...arrivals],
});

/** Calls as one telephone shows them, newest first. */
export const callsAt = (simulation: Simulation, phone: string): readonly CallView[] =>
  simulation.callsTo(phone).flatMap(call => {
    const leg = call.legs.findLast(each => each.phone === phone);
    return leg === undefined ? [] : [viewCall(call, leg)];
  });

/** A phone with its settings and its last calls. */
export const viewPhone = (simulation: Simulation, { name, number, behaviour, extensions }: Phone): PhoneView => {
  const current = simulation.network.current(number)?.leg.state;
  const state = current === 'answered' ? 'on-call' : current === 'ringing' ? 'ringing' : 'idle';
  return {
    name,
    number,
    ...(extensions !== undefined && { extensions }),
    behaviour: behaviour.calls,
    behaves: behaviour,
    state,
    onTheWay: simulation.texts.onTheWay(number),
    calls: callsAt(simulation, number).slice(0, 20),
  };
};

/** The code in the authenticator app of a person, found by name or telephone. Undefined: the person has no app. */
export const viewCode = (simulation: Simulation, nameOrPhone: string): CodeView | undefined => {
  const secret = (simulation.person(nameOrPhone) ?? simulation.person(simulation.phone(nameOrPhone)?.name ?? ''))
    ?.totpSecret;
  if (secret === undefined) return undefined;
  const now = simulation.clock.now();
  const { code, until } = codeAt(secret, now);
  return { code, until, secondsLeft: Math.ceil((until - now) / 1000) };
};
