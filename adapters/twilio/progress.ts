/** Twilio's words for how far a call or a text got, in ours. The same words come in callbacks and in resources. */
import type { Progress } from '../../src/ports/carriers.ts';

type Words = Readonly<Record<string, Progress | undefined>>;

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values; `initiated` comes in callbacks alone. */
const ofCalls: Words = {
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

/** https://www.twilio.com/docs/messaging/api/message-resource#message-status-values, those of texts that we send. */
const ofTexts: Words = {
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

const wordIn =
  (words: Words) =>
  (status: string | undefined): Progress | undefined =>
    status !== undefined && Object.hasOwn(words, status) ? words[status] : undefined;

/** undefined: not a word that is known. */
export const callProgress = wordIn(ofCalls);
export const textProgress = wordIn(ofTexts);
