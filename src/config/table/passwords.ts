/** Settings of passwords: what a hash costs, which ones are refused, and how many may be wrong. */
import { baseAddress } from '../checks/addresses.ts';
import { count, optional } from '../setting.ts';

export const passwords = {
  passwordMemory: count(
    'SALLYPORT_PASSWORD_MEMORY_KIB',
    19_456,
    8,
    1_048_576,
    'Argon2id memory for one password, in KiB; at least 7168 in production. After an increase each password is hashed again at its next use.',
  ),
  passwordPasses: count('SALLYPORT_PASSWORD_PASSES', 2, 1, 16, 'Argon2id passes (iterations).'),
  passwordLanes: count('SALLYPORT_PASSWORD_LANES', 1, 1, 8, 'Argon2id lanes (threads) for one password.'),
  passwordQueue: count(
    'SALLYPORT_PASSWORD_QUEUE',
    64,
    1,
    4096,
    'Passwords that may wait to be checked. A request beyond that gets 503 with Retry-After.',
  ),
  breachedPasswordsUrl: optional({
    name: 'SALLYPORT_BREACHED_PASSWORDS_URL',
    check: baseAddress(),
    expected: 'an https address without query; in development also http on loopback',
    example: 'https://api.pwnedpasswords.com/range',
    doc: 'A list of leaked passwords that every new password is looked up in, by the range query of “Have I Been Pwned”: the list learns the first 5 of the 40 hexadecimal digits of its SHA-1. It may be a mirror in your own network. Without an answer within 1.5 s the password is accepted, and the log has a line (`breached-passwords.unchecked`). Unset: new passwords are compared with the built-in list of common ones alone.',
  }),
  wrongPasswordsPerAccount: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR',
    20,
    1,
    1000,
    'Wrong passwords for one account in an hour, by its name and e-mail address together, from all browsers in which its owner has not signed in before.',
  ),
  wrongPasswordsPerDevice: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_KNOWN_DEVICE',
    10,
    1,
    1000,
    'Wrong passwords for one account in 15 minutes from one browser in which its owner has signed in before. No other limit applies there, so that an attacker elsewhere cannot lock the owner out.',
  ),
  wrongPasswordsPerAddress: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE',
    20,
    1,
    100_000,
    'Names whose passwords were wrong from one address (IPv6: one /64) in a minute. Further attempts with the same name in that minute are limited by its account alone, so that they stop nobody else behind the address. Behind a proxy, `SALLYPORT_PROXY_HOPS` must be right for this.',
  ),
  wrongPasswordsPerNetwork: count(
    'SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE',
    100,
    1,
    100_000,
    'The same for one network (IPv4: /24, IPv6: /48): names in a minute, each counted once for each address.',
  ),
  sprayedNames: count(
    'SALLYPORT_WRONG_PASSWORDS_ALARM_PER_MINUTE',
    50,
    5,
    100_000,
    'From so many wrong passwords in a minute there is an alarm (`passwords.sprayed` in the log, a metric, and a mail to administrators at most once an hour), where more passwords were wrong than right. Counted on each node, over all addresses; a name counts once in ten seconds. Nobody is refused by it.',
  ),
};
