/** Limits of second steps: attempts, waits, calls and texts. */
import { countsByCountry } from '../checks/telephone.ts';
import { whole } from '../checks/values.ts';
import { count, duration, optional } from '../setting.ts';

export const secondSteps = {
  attemptsPerChallenge: count(
    'SALLYPORT_ATTEMPTS_PER_CHALLENGE',
    5,
    1,
    10,
    'Answers that one challenge accepts before it ends.',
  ),
  failedAttemptsBeforeWait: count(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
    3,
    1,
    10,
    'Wrong answers in a row, for one account and authenticator, from which on each further attempt must wait. Texted and spoken codes to one phone count together.',
  ),
  firstWait: duration(
    'SALLYPORT_FIRST_WAIT',
    '2s',
    '1s',
    '60s',
    'The first of these waits. Each further wait is twice as long.',
  ),
  longestWait: duration('SALLYPORT_LONGEST_WAIT', '1h', '1m', '24h', 'The longest of these waits.'),
  failedAttemptsBeforeDisabled: count(
    'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED',
    50,
    5,
    100,
    'Wrong answers in a row after which codes of this authenticator are disabled until it is bound again (NIST SP 800-63B-4 allows at most 100). A disabled phone can still be called and answered with `#`, which is no guess.',
  ),
  sendsPerNumberAndHour: count(
    'SALLYPORT_SENDS_PER_NUMBER_AND_HOUR',
    5,
    1,
    100,
    'Unanswered calls and texts to one number (with its extension) in an hour. One of them is kept for browsers in which the owner has signed in before. Here and below, messages that bind a new number are counted separately.',
  ),
  sendsPerNumberAndDay: count(
    'SALLYPORT_SENDS_PER_NUMBER_AND_DAY',
    10,
    1,
    1000,
    'Unanswered calls and texts to one number (with its extension) in a day. One of them is kept for browsers in which the owner has signed in before.',
  ),
  allSendsPerNumberAndDay: count(
    'SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY',
    100,
    1,
    10_000,
    'All calls and texts to one number (with its extension) in a day, answered or not, because the owner of a number may earn money from each of them.',
  ),
  sendsPerAccountAndHour: count(
    'SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR',
    10,
    1,
    100,
    'Unanswered calls and texts for one account in an hour. One of them is kept for browsers in which the owner has signed in before.',
  ),
  sendsPerPrefixAndHour: count(
    'SALLYPORT_SENDS_PER_PREFIX_AND_HOUR',
    10,
    1,
    10_000,
    'Unanswered calls and texts in an hour to all numbers that differ only in their last four digits. Message pumping uses whole blocks of numbers. Raise it where many of your people share one block.',
  ),
  sendsPerSwitchboardAndHour: count(
    'SALLYPORT_SENDS_PER_SWITCHBOARD_AND_HOUR',
    60,
    1,
    10_000,
    'Unanswered calls in an hour to one number with extensions, all extensions together. It replaces the limit for the block.',
  ),
  sendsPerHour: optional({
    name: 'SALLYPORT_SENDS_PER_HOUR',
    check: whole(1, 1_000_000),
    expected: 'a whole number from 1 to 1000000',
    example: '500',
    doc: 'Ceiling on the unanswered calls and texts of everybody in an hour. Past it none is sent; codes from apps go on. At half of it there is an alarm in log and audit. Unset: no ceiling.',
  }),
  sendsPerCountryAndHour: optional({
    name: 'SALLYPORT_SENDS_PER_COUNTRY_AND_HOUR',
    check: countsByCountry(1, 1_000_000),
    expected:
      'COUNTRY:COUNT, separated by commas: two-letter codes (ISO 3166-1) in capitals, each once, or * for every other country',
    example: 'US:500,DE:200,*:50',
    doc: 'The same ceiling per country of the called number. `*` gives each country that is not named a ceiling of its own. Unset: no ceiling per country.',
  }),
  resends: count('SALLYPORT_RESENDS', 3, 0, 10, 'Times that a text can be sent again in one sign-in.'),
  resendGap: duration(
    'SALLYPORT_RESEND_GAP',
    '30s',
    '1s',
    '10m',
    'Shortest time after the first text before it can be sent again. It doubles with each resend.',
  ),
  pause: duration(
    'SALLYPORT_PAUSE',
    '24h',
    '1h',
    '7d',
    'Time without calls to an account after its owner reported "this was not me". Texts and codes still work. Pages and calls say how long it is.',
  ),
  send: duration(
    'SALLYPORT_SEND_WITHIN',
    '5s',
    '1s',
    '5s',
    'Time in which a carrier must accept a message. It includes a second attempt where the first was certainly not accepted.',
  ),
};
