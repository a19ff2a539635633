/** Writes what the phone says and which keys it then waits for, as TwiML. */
import twilio from 'twilio';
import type { VoicePrompt } from '../../src/ports/carriers.ts';
import type { createAddress } from './address.ts';

/** How each kind of answer is gathered. Seconds as Twilio counts them: after the last word or key. */
const gathering = {
  // finishOnKey is # unless told, and a bare finish key makes no request at all: the one key we wait for would be lost.
  key: { numDigits: 1, finishOnKey: '', timeout: 8 },
  digits: { numDigits: 7, finishOnKey: '#', timeout: 10 },
} as const;

/** Seconds. */
const longestWait = 600;

const maxSpoken = 1000;
/** Control characters and lone surrogates are not XML, not even escaped. */
const spoken = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ')
    .slice(0, maxSpoken)
    .toWellFormed();

/** The voice of one account; `address` is where the keys are posted. Silence is posted too: it never approves, but it may be answered. */
export const createVoice =
  (address: ReturnType<typeof createAddress>) =>
  (
    { say, language, gather, previousKeys, timeout }: VoicePrompt,
    token: string,
  ): { readonly type: string; readonly body: string } => {
    const response = new twilio.twiml.VoiceResponse();
    const voice = { language } as Parameters<typeof response.say>[0];
    if (gather === 'none') {
      response.say(voice, spoken(say));
      response.hangup();
    } else {
      response
        .gather({
          input: ['dtmf'],
          ...gathering[gather],
          ...(timeout !== undefined && { timeout: Math.min(Math.max(Math.ceil(timeout / 1000), 1), longestWait) }),
          actionOnEmptyResult: true,
          method: 'POST',
          action: address(token, 'keys', previousKeys),
        })
        .say(voice, spoken(say));
    }
    return { type: 'text/xml', body: response.toString() };
  };
