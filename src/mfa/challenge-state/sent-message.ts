/**
 * Defines a message of a challenge, and applies what carriers report about it. Reports come late, twice and out of order.
 */
import type { Sealed } from '../../crypto.ts';
import { messageTraits, type Answerer, type ProgressStep, type UndeliveredCause } from '../../ports/carriers.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { DailySends } from '../../records.ts';
import type { Factor } from '../factor.ts';
import type { ChallengeRecord } from './record.ts';

/** How far a carrier got. Kept apart from the phase, so that a report can never win against an answer. */
export interface MessageProgress {
  readonly step: ProgressStep;
  readonly at: EpochMillis;
}

/** One message of a challenge, found by the token in the addresses of its callbacks. */
export interface SentMessage {
  readonly record: ChallengeRecord;
  /** The carrier that took it. */
  readonly carrier?: string;
  /** The carrier's name for it: the first one that was told or heard binds. */
  readonly reference?: string;
  readonly progress?: MessageProgress;
  /** The daily sends as this message left them, for its refund. */
  readonly today?: DailySends;
  /** Somebody or something picked up and was spoken to. */
  readonly pickedUp?: true;
  /** A `0` was pressed: without another answer the attempt ends as declined. */
  readonly declineBegun?: true;
  /** The carrier's verdict on who picked up, where it detects while we speak. */
  readonly answerer?: Answerer;
  /** Keys that were pressed before that verdict, sealed to the challenge. They count once it is known who answered. */
  readonly heldKeys?: Sealed<string>;
  /** When the question was first asked, or anew. Behind a switchboard it is asked at the extension only. */
  readonly askedAt?: EpochMillis;
  /** Its code was dictated: the call may end, the challenge goes on. */
  readonly codeRevealed?: true;
  /** The call has ended. */
  readonly ended?: true;
  /** Why this text did not arrive, where the carrier told. */
  readonly undelivered?: UndeliveredCause;
}

/** What a report changes of a message. */
export interface MessageUpdate extends Pick<
  SentMessage,
  | 'carrier'
  | 'today'
  | 'pickedUp'
  | 'declineBegun'
  | 'answerer'
  | 'heldKeys'
  | 'askedAt'
  | 'codeRevealed'
  | 'ended'
  | 'undelivered'
> {
  readonly reference?: string | undefined;
  readonly step?: ProgressStep | undefined;
}

/** True where approving keys of a call wait for the verdict on who answered. Keys that only ask for a code approve nothing. */
export const isHeld = (
  { factor }: { readonly factor: Pick<Factor, 'answeredBy'> },
  sent: SentMessage | undefined,
): sent is SentMessage & Required<Pick<SentMessage, 'heldKeys'>> =>
  factor.answeredBy === 'device' && sent?.heldKeys !== undefined;

/** True where a report names another message than the one that is bound: it must change nothing. */
export const isAboutAnother = ({ reference }: SentMessage, update: MessageUpdate): boolean =>
  update.reference !== undefined && reference !== undefined && reference !== update.reference;

/**
 * The message with this update; the same object where nothing changes. A step behind the known one is ignored; marks, once set,
 * stay; the first reference binds. Of a `0` that has begun to decline and keys that are held, the later one counts. A verdict
 * stays too, but a machine counts whenever it is told.
 */
export const withUpdate = (sent: SentMessage, update: MessageUpdate, now: EpochMillis): SentMessage => {
  const { step, reference, declineBegun, heldKeys, answerer, ...marks } = update;
  const isFurther = step !== undefined && orderOf(sent, step) > orderOf(sent, sent.progress?.step);
  const { declineBegun: declined, heldKeys: held, ...others } = sent;
  const isDeclined = heldKeys === undefined && (declineBegun ?? declined);
  const kept = declineBegun === undefined ? (held ?? heldKeys) : undefined;
  const verdict = answerer === 'machine' ? answerer : (sent.answerer ?? answerer);
  const next: SentMessage = {
    ...others,
    ...marks,
    ...(isDeclined === true && { declineBegun: true as const }),
    ...(kept !== undefined && { heldKeys: kept }),
    ...(verdict !== undefined && { answerer: verdict }),
    ...(reference !== undefined && { reference }),
    ...(isFurther && { progress: { step, at: now } }),
  };
  const changed = isFurther || watched.some(member => sent[member] !== next[member]);
  return changed ? next : sent;
};

/** Members that tell an update from a repeated report. */
const watched = [
  'carrier',
  'reference',
  'pickedUp',
  'declineBegun',
  'answerer',
  'heldKeys',
  'askedAt',
  'codeRevealed',
  'ended',
  'undelivered',
] as const satisfies readonly (keyof SentMessage)[];

/** Place of a step in the order of its kind of message; -1 for no step. */
const orderOf = ({ record: { via } }: SentMessage, step: ProgressStep | undefined): number =>
  via === undefined || step === undefined ? -1 : messageTraits[via].steps.indexOf(step);
