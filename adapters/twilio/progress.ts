/** Translates Twilio's statuses of calls and texts. Callbacks and resources use the same ones. */
import type { Progress, UndeliveredCause } from '../../src/ports/carriers.ts';

type Statuses = Readonly<Record<string, Progress | undefined>>;

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values; `initiated` occurs in callbacks only. */
const callStatuses: Statuses = {
  queued: { step: 'dialled' },
  initiated: { step: 'dialled' },
  ringing: { step: 'ringing' },
  'in-progress': { step: 'answered' },
  completed: { step: 'ended', reason: 'completed' },
  busy: { step: 'ended', reason: 'busy' },
  'no-answer': { step: 'ended', reason: 'no-answer' },
  failed: { step: 'ended', reason: 'failed' },
  canceled: { step: 'ended', reason: 'canceled' },
};

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values, of outbound texts. */
const textStatuses: Statuses = {
  accepted: { step: 'sent' },
  scheduled: { step: 'sent' },
  queued: { step: 'sent' },
  sending: { step: 'sent' },
  sent: { step: 'sent' },
  partially_delivered: { step: 'sent' },
  delivered: { step: 'delivered' },
  read: { step: 'delivered' },
  undelivered: { step: 'undelivered' },
  failed: { step: 'undelivered' },
  canceled: { step: 'undelivered' },
};

const progressIn =
  (statuses: Statuses) =>
  (status: string | undefined): Progress | undefined =>
    status !== undefined && Object.hasOwn(statuses, status) ? statuses[status] : undefined;

/** The progress of a call; undefined for an unknown status. */
export const callProgress = progressIn(callStatuses);
/**
 * Error codes of texts that another text would repeat, https://www.twilio.com/docs/api/errors. 30008, unknown, is not one of
 * them: such a text may arrive the next time.
 */
const causes: Readonly<Record<number, UndeliveredCause | undefined>> = {
  30_003: 'unreachable',
  30_004: 'filtered', // blocked by the network or the person
  30_005: 'unknown-phone',
  30_006: 'no-texts', // a landline, or a network that cannot be reached
  30_007: 'filtered',
  30_034: 'unregistered',
};

const progressOfText = progressIn(textStatuses);

/** The progress of a text; undefined for an unknown status. `errorCode`: Twilio's, where it did not arrive. */
export const textProgress = (status: string | undefined, errorCode?: number): Progress | undefined => {
  const progress = progressOfText(status);
  const because = errorCode === undefined ? undefined : causes[errorCode];
  return progress?.step === 'undelivered' && because !== undefined ? { ...progress, because } : progress;
};
