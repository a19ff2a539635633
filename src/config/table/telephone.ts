/** Settings of calls and texts: how a call is answered, which numbers are reached, and the carrier. */
import { origin } from '../checks/addresses.ts';
import { secrets } from '../checks/credentials.ts';
import { countries, numberPrefixes, telephoneNumber, voices } from '../checks/telephone.ts';
import { matching, oneOf } from '../checks/values.ts';
import { optional, withDefault } from '../setting.ts';

export const telephone = {
  callAnswer: withDefault({
    name: 'SALLYPORT_CALL_ANSWER',
    check: oneOf('key', 'number'),
    expected: 'key or number',
    example: 'number',
    doc: 'How a call is answered. `key`: press #. `number`: type the six digits that the page shows, then #; this prevents approval from habit.',
    fallback: 'key',
  }),
  unknownAnswerer: withDefault({
    name: 'SALLYPORT_UNKNOWN_ANSWERER',
    check: oneOf('accept', 'refuse'),
    expected: 'accept or refuse',
    example: 'refuse',
    doc: 'When the carrier cannot tell whether a person or a machine answered: `accept` continues the call, `refuse` ends it. A detected machine always ends it.',
    fallback: 'accept',
  }),
  machineDetection: withDefault({
    name: 'SALLYPORT_MACHINE_DETECTION',
    check: oneOf('before', 'during'),
    expected: 'before or during',
    example: 'during',
    doc: 'When the carrier tells a person from an answering machine, on calls without an extension. `before`: before our first words, so that a person hears nothing for 2 to 10 seconds. `during`: we speak at once (AsyncAmd at Twilio). A # pressed before the verdict is held until it comes, at most 15 seconds from the pick-up; without a verdict by then `SALLYPORT_UNKNOWN_ANSWERER` decides. Keep `before` until you have tried `during` with a real account: it has been tested with the simulator only.',
    fallback: 'before',
  }),
  twilioVoices: withDefault({
    name: 'SALLYPORT_TWILIO_VOICES',
    check: voices(),
    expected: 'pairs of a language with its region and a voice, such as en-GB=Polly.Amy, separated by commas',
    example: 'en-US=Polly.Joanna,de-DE=Polly.Vicki',
    doc: 'The voice that speaks each language on calls. Calls speak `en-US` and `fr-CA` to numbers of North America, elsewhere `en-AU` (+61), `en-IN` (+91), `en-GB` and `fr-FR`; German is `de-DE`. A language that is not named here gets the default voice of the account.',
    fallback:
      'en-US=Polly.Joanna,en-GB=Polly.Amy,en-AU=Polly.Nicole,en-IN=Polly.Raveena,de-DE=Polly.Vicki,fr-FR=Polly.Lea,fr-CA=Polly.Chantal',
  }),
  countries: optional({
    name: 'SALLYPORT_COUNTRIES',
    check: countries(),
    expected: 'two-letter codes of countries (ISO 3166-1) in capitals, separated by commas',
    example: 'US,CA,DE',
    doc: 'Countries to which calls and texts may go. Unset: all countries. The code of a country does not include its territories: Guernsey (GG), Puerto Rico (PR), Svalbard (SJ) and Réunion (RE) have their own. Premium, shared-cost, toll-free, pager, personal and voicemail numbers, hotlines, and numbers of satellites and other networks of no country are refused, unless `SALLYPORT_ALLOWED_PREFIXES` names them.',
  }),
  blockedCountries: optional({
    name: 'SALLYPORT_BLOCKED_COUNTRIES',
    check: countries(),
    expected: 'two-letter codes of countries (ISO 3166-1) in capitals, separated by commas',
    example: 'CU,SO',
    doc: 'Countries to which no calls and texts go, also where `SALLYPORT_COUNTRIES` names them. People cannot add numbers of these countries. Unset: none.',
  }),
  allowedPrefixes: optional({
    name: 'SALLYPORT_ALLOWED_PREFIXES',
    check: numberPrefixes(),
    expected: '+ and the first 3 to 14 digits of numbers, several separated by commas',
    example: '+8816,+870',
    doc: 'First digits, with the country code, of numbers that are called and texted whatever their type or country: a satellite network, or the range of your own offices. A call to a satellite costs several euros a minute.',
  }),
  twilioAccountSid: optional({
    name: 'SALLYPORT_TWILIO_ACCOUNT_SID',
    check: matching(/^AC[0-9a-f]{32}$/),
    expected: 'AC and 32 hexadecimal digits',
    example: 'AC00112233445566778899aabbccddeeff',
    doc: 'The Twilio account that places the calls and sends the texts.',
  }),
  twilioAuthTokens: optional({
    name: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    check: secrets(/^[0-9a-zA-Z]{32,64}$/),
    expected: 'one token of 32 to 64 letters and digits, or two separated by a comma',
    example: '"$(cat auth-token)"',
    doc: 'The first authenticates our requests. A callback signed with either is accepted, so that tokens can be rotated.',
    secret: true,
  }),
  twilioFrom: optional({
    name: 'SALLYPORT_TWILIO_FROM',
    check: telephoneNumber(),
    expected: 'a number in E.164: + and 7 to 15 digits',
    example: '+12025550100',
    doc: 'The number from which people are called and texted.',
  }),
  twilioMessagingServiceSid: optional({
    name: 'SALLYPORT_TWILIO_MESSAGING_SERVICE_SID',
    check: matching(/^MG[0-9a-f]{32}$/),
    expected: 'MG and 32 hexadecimal digits',
    example: 'MG00112233445566778899aabbccddeeff',
    doc: 'Messaging service that selects the sender of a text, such as a registered sender or a local number. Unset: the number that calls.',
  }),
  twilioApiBase: withDefault({
    name: 'SALLYPORT_TWILIO_API_BASE',
    check: origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://api.twilio.com',
    doc: "Base address of the carrier's API. Development points it at the telephone simulator.",
    fallback: 'https://api.twilio.com',
  }),
  callbackBase: optional({
    name: 'SALLYPORT_CALLBACK_BASE',
    check: origin(),
    expected: 'an https origin; in development also http on loopback',
    example: 'https://login.example.com',
    doc: 'Public origin to which carriers send callbacks. Their signatures are checked against it. Unset: the issuer.',
  }),
};
