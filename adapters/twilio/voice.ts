/** Writes the next sentence of a call and the keys to wait for, as TwiML. https://www.twilio.com/docs/voice/twiml/gather */
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { VoicePrompt } from '../../src/ports/carriers.ts';
import type { createAddress } from './address.ts';

/** How each kind of keys is gathered. `timeout`: seconds after the last word or key, unless the prompt says so. */
const gathering = {
  // By default # is the finishOnKey. A finish key alone makes no request, so the one key that we wait for would be lost.
  key: { numDigits: 1, finishOnKey: '', timeout: 8 },
  digits: { numDigits: 7, finishOnKey: '#', timeout: 10 },
} as const;

/** Seconds that a gather may wait. */
const maxTimeout = 600;

/** Characters of one sentence. */
const maxSpoken = 1000;
/** Without control characters and lone surrogates, which XML cannot contain even escaped. */
const spoken = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ')
    .slice(0, maxSpoken)
    .toWellFormed();

/**
 * Gives a function from a prompt to TwiML. `voices`: by language and region. `address`: to which the keys are posted. Silence is
 * posted too: it never approves, but the call may answer it with another prompt.
 */
export const createVoice =
  (address: ReturnType<typeof createAddress>, voices: Readonly<Record<string, string>> = {}) =>
  (
    { say, language, gather, previousKeys, timeout }: VoicePrompt,
    token: string,
  ): { readonly type: string; readonly body: string } => {
    const response = new VoiceResponse();
    const name = Object.hasOwn(voices, language) ? voices[language] : undefined;
    const voice = { ...(name !== undefined && { voice: name }), language } as Parameters<typeof response.say>[0];
    if (gather === 'none') {
      response.say(voice, spoken(say));
      response.hangup();
    } else {
      response
        .gather({
          input: ['dtmf'],
          ...gathering[gather],
          ...(timeout !== undefined && { timeout: Math.min(Math.max(Math.floor(timeout / 1000), 1), maxTimeout) }),
          actionOnEmptyResult: true,
          method: 'POST',
          action: address(token, 'keys', previousKeys),
        })
        .say(voice, spoken(say));
    }
    return { type: 'text/xml', body: response.toString() };
  };
