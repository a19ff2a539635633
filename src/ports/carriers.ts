/**
 * Declares the ports to carriers: channels that carry a message to a person, and the events that a carrier sends back.
 * A carrier is one adapter (`adapters/twilio.ts`). It brings its channels and the routes of its callbacks.
 */
import type { Millis } from './time.ts';

/** Progress of a message. `ended`: the call is over, with the reason. `undelivered`: the text or push did not arrive. */
export type Progress =
  | { readonly step: 'dialled' | 'ringing' | 'answered' }
  | { readonly step: 'sent' | 'delivered' }
  | { readonly step: 'undelivered'; readonly because?: UndeliveredCause }
  | { readonly step: 'ended'; readonly reason: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled' };

/**
 * Why a text did not arrive, where another one would not arrive either. unreachable: the phone is off. unknown-phone: the network
 * does not know it. no-texts: a landline. filtered: the network blocks it. unregistered: our sender is not registered there.
 */
export type UndeliveredCause = 'unreachable' | 'unknown-phone' | 'no-texts' | 'filtered' | 'unregistered';

/** The steps before the end of a call. */
export type ProgressStep = Exclude<Progress['step'], 'ended'>;

/** Where a message goes: E.164, and the digits of an extension behind it; or an e-mail address. */
export interface Destination {
  readonly to: string;
  /** Digits. */
  readonly extension?: string;
}

/** From the pick-up to the first digit of an extension: a switchboard does not listen to keys while it speaks. */
export const usualWait: Millis = 2_000;

/** How a switchboard takes the digits of an extension. A type, so that it can be stored as JSON. */
export type ExtensionDialling = {
  /** From the pick-up to the first digit; absent: `usualWait`. */
  readonly wait?: Millis;
  /** It wants a `#` after the last digit. */
  readonly confirmKey?: true;
};

/** `token`: 128 random bits by which the answer of a message finds its challenge. */
export interface CallMessage extends Destination {
  readonly via: 'call';
  readonly token: string;
  readonly dialling?: ExtensionDialling;
  /** How long the phone may ring. */
  readonly ringTimeout: Millis;
  /** From the pick-up to the end of the call, enforced by the carrier. */
  readonly connectedFor: Millis;
  /** From the pick-up to the end of a call on which the person pressed no key. */
  readonly keyWithin: Millis;
  /** How long the whole connection may last, with its ringing. */
  readonly lifetime: Millis;
  /** The carrier is to tell a person from an answering machine. Not behind an extension, where a switchboard answers. */
  readonly machineDetection: boolean;
  /**
   * The carrier detects machines while we speak, at most this long from the pick-up, and reports its verdict by an event of its
   * own. Absent: it detects before our first words.
   */
  readonly asyncDetectionTimeout?: Millis;
}
export interface TextMessage extends Destination {
  readonly via: 'sms';
  /** Absent: reports about it are not needed. */
  readonly token?: string;
  /** The whole text, at most one segment (GSM 03.38: 160 characters; anything else: 70). */
  readonly text: string;
  /** After this time the carrier must not deliver it any more. */
  readonly lifetime: Millis;
}
/** A code in a mail. The channel words it. */
export interface CodeMail extends Destination {
  readonly via: 'email';
  readonly token: string;
  readonly code: string;
  readonly purpose: 'sign-in' | 'enrollment';
  /** Id of the account. */
  readonly userId: string;
  /** BCP 47 */
  readonly language: string;
  /** Name of the client. */
  readonly client: string;
  /** After this time the mail must not be sent any more. */
  readonly lifetime: Millis;
}
/** Where a push service reaches a device (RFC 8030), and the keys of its user agent (RFC 8291). Texts in base64url. */
export type PushTarget = {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};
/**
 * Wakes a device. It says only that a request waits: the device fetches the request itself, so that no name, number or client
 * goes through the push service.
 */
export interface PushMessage {
  readonly via: 'push';
  /** Absent: the device cannot be woken, and has the request once its app is opened. */
  readonly target?: PushTarget;
  /** Whose subscription `target` is: the id of an authenticator and its owner. Absent while the device is being paired. */
  readonly device?: { readonly userId: string; readonly id: string };
  /** No request waits: the person tries out whether pushes arrive. */
  readonly isTest?: true;
  /** Replaces an undelivered push with the same topic: at most 32 characters of base64url (RFC 8030 §5.4). */
  readonly topic: string;
  /** BCP 47 */
  readonly language: string;
  /** The issuer's origin: a tap opens the authenticator there. */
  readonly origin: string;
  /** After this time the push service must not deliver it any more. */
  readonly lifetime: Millis;
}
export type Message = CallMessage | TextMessage | CodeMail | PushMessage;

/** Where a message goes; undefined for a push, which the limits of numbers and mailboxes do not know. */
export const destinationOf = (message: Message): Destination | undefined => {
  if (message.via === 'push') return undefined;
  const { to, extension } = message;
  return { to, ...(extension !== undefined && { extension }) };
};

/** True for an e-mail address; a number in E.164 has no @. */
export const isMailAddress = (to: string): boolean => to.includes('@');

/** How messages of one kind behave, with any carrier. */
export interface MessageTraits {
  /** It rings a phone or wakes a device: one at a time for an account, and not while the account is paused. */
  readonly interrupts: boolean;
  /** It can be ended once it was sent (a ringing phone); a text cannot be called back. */
  readonly canBeEnded: boolean;
  /** The steps it reports, in order. The first one is reached when the carrier accepts it. */
  readonly steps: readonly [ProgressStep, ...ProgressStep[]];
}

/** The one table of message kinds: a new kind is a row here. */
export const messageTraits: Readonly<Record<Message['via'], MessageTraits>> = {
  call: { interrupts: true, canBeEnded: true, steps: ['dialled', 'ringing', 'answered'] },
  sms: { interrupts: false, canBeEnded: false, steps: ['sent', 'delivered', 'undelivered'] },
  // No report says that a mail was read, or that it is late.
  email: { interrupts: false, canBeEnded: false, steps: ['sent'] },
  // delivered: the device fetched the request, also where no push could wake it.
  push: { interrupts: true, canBeEnded: false, steps: ['sent', 'undelivered', 'delivered'] },
};

/** True where a message of this kind rings a person; false also where there is no message. */
export const interrupts = (via: Message['via'] | undefined): boolean =>
  via !== undefined && messageTraits[via].interrupts;

/** A request from a carrier as it came: `path` with its query, headers in lower case, the body's bytes. */
export interface Callback {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Who picked up, by machine detection; unknown: the carrier could not tell. */
export type Answerer = 'human' | 'machine' | 'unknown';

/** What the carrier reports about the conversation of a call. */
export interface Heard {
  /** picked-up: our first words are asked for. keys: a prompt was answered, or met with silence. */
  readonly step: 'picked-up' | 'keys';
  /** `previousKeys` of the prompt, and the keys that were just pressed. */
  readonly keys: string;
  /** No key was just pressed. */
  readonly isSilent: boolean;
  /** The carrier says that the call is connected now. */
  readonly isConnected: boolean;
  /** Also `unknown` where this report does not say it. */
  readonly by: Answerer;
  /** The carrier could not get or use our last words, with its code for that. It asks for the first ones again. */
  readonly failure?: string;
}

/** A verified callback. `reference` names the call or message at the carrier. */
export type CarrierEvent = { readonly token: string; readonly reference: string } & (
  | Heard
  | { readonly progress: Progress }
  /** The verdict of machine detection, where it is told apart from the conversation (`CallMessage.asyncDetectionTimeout`). */
  | { readonly answerer: Answerer }
);

/** Carries one message to one person (a call, a text). */
export interface Channel<M extends Message = Message> {
  readonly via: M['via'];
  /** It asks many services, and stops asking each that fails by itself: the failures of one must not stop the others. */
  readonly backsOff?: true;
  /** @throws Undelivered with the reason. After any other error the message may or may not arrive. */
  send(message: M, signal: AbortSignal): Promise<{ readonly reference: string }>;
  /** Asks the carrier how far it got, where no callback came. @throws Undelivered where that is not known now. */
  fetchStatus?(reference: string, signal: AbortSignal): Promise<Progress>;
  /** Ends a message that can be ended (`MessageTraits.canBeEnded`). Does not throw for one that has ended. */
  cancel?(reference: string, signal: AbortSignal): Promise<void>;
}

/**
 * The next words of a voice dialogue, and the keys it then listens for.
 * key: a single key, # included; digits: digits up to #. `previousKeys` comes back before the next keys.
 */
export interface VoicePrompt {
  readonly say: string;
  /** BCP 47, for the voice. */
  readonly language: string;
  readonly gather: 'key' | 'digits' | 'none';
  readonly previousKeys?: string;
  /** How long to wait for a key after the last word. */
  readonly timeout?: Millis;
}

/** A route that the carrier calls back. */
export interface CallbackRoute {
  /** Below `/callbacks/<name of the carrier>`, with Koa's parameters: `/call/:token/keys`. */
  readonly path: string;
  /** @throws Problem 'forged' unless the carrier signed exactly this. */
  read(callback: Callback): CarrierEvent;
  /** Writes a voice prompt in the carrier's format. Absent where the answer contains no speech. */
  render?(prompt: VoicePrompt, token: string): { readonly type: string; readonly body: string };
}

/** One outside system that carries messages. */
export interface Carrier {
  /** Names its callback routes: lower-case letters. */
  readonly name: string;
  /** The number (E.164) that people see when they are called. */
  readonly callerId?: string;
  readonly channels: readonly Channel[];
  readonly callbacks: readonly CallbackRoute[];
}
