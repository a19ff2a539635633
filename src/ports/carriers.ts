/** Ports to carriers: channels that bring one message to one person, and the events that carriers send back. */
import type { Millis } from './time.ts';

/** How far a carrier got with what we sent. `ended` says why nothing more will come of a call; `undelivered`, that a text did not arrive. */
export type Progress =
  | { readonly step: 'dialled' | 'ringing' | 'answered' }
  | { readonly step: 'sent' | 'delivered' | 'undelivered' }
  | { readonly step: 'ended'; readonly reason: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled' };

/** Whom a message goes to: E.164, and the extension behind it where there is one. */
export interface Destination {
  readonly to: string;
  /** Digits. */
  readonly extension?: string;
}

/** What one channel carries to one person. `token` is the 128-bit name by which its answer finds its way back. */
export interface CallMessage extends Destination {
  readonly via: 'call';
  readonly token: string;
  /** How long the phone may ring. */
  readonly ringTimeout: Millis;
  /** How long the whole connection may last. */
  readonly lifetime: Millis;
  /** The carrier is to say who picked up, a human or a machine. Not behind an extension: a switchboard answers there. */
  readonly screened: boolean;
}

export interface TextMessage extends Destination {
  readonly via: 'sms';
  readonly token: string;
  /** The whole text, at most one segment (GSM 03.38: 160 characters; anything else: 70). */
  readonly text: string;
  /** Not to be delivered any more after. */
  readonly lifetime: Millis;
}

export type Message = CallMessage | TextMessage;

/** A request from a carrier as it came: `path` with its query, headers in lower case, the body's bytes. */
export interface Callback {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a carrier's callback says, once its signature held. `reference` names the call or message at the carrier. */
export type CarrierEvent = { readonly token: string; readonly reference: string } & (
  | { readonly keys: string; readonly by: 'human' | 'machine' | 'unknown' }
  | { readonly progress: Progress }
);

/** Carries one message to one person (Twilio, SMTP, Web Push). */
export interface Channel<M extends Message = Message> {
  readonly via: M['via'];
  /** @throws Undelivered, whose `reason` tells what the person can do. After any other end it may or may not arrive. */
  send(message: M, signal: AbortSignal): Promise<{ readonly reference: string }>;
  /** How far it got, asked of the carrier where it tells us nothing. @throws Undelivered where that is not known now. */
  fetchStatus?(reference: string, signal: AbortSignal): Promise<Progress>;
  /** Ends what `send` began where it can be ended (a ringing phone). Never throws for one that is over. */
  cancel?(reference: string, signal: AbortSignal): Promise<void>;
  /** What a carrier tells us later: keys pressed, or progress. @throws Problem 'forged' unless the carrier signed exactly this. */
  read?(callback: Callback): CarrierEvent;
}

/**
 * What the telephone says next and which keys it then listens for.
 * one: a single key, # included; line: digits up to #. `heard` comes back before the next keys.
 */
export interface VoicePrompt {
  readonly say: string;
  /** BCP 47, for the voice. */
  readonly language: string;
  readonly gather: 'key' | 'digits' | 'none';
  readonly previousKeys?: string;
  /** How long to wait for a key after the last word; a few seconds unless told. */
  readonly timeout?: Millis;
}

/** The telephone: a channel one can talk with. The dialect (TwiML, signatures) stays in the adapter. */
export interface VoiceChannel extends Channel<CallMessage> {
  render(turn: VoicePrompt, token: string): { readonly type: string; readonly body: string };
  read(callback: Callback): CarrierEvent;
}
