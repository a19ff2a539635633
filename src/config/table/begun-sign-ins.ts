/** Limits of sign-ins that begin, before a password is proven. */
import { count } from '../setting.ts';

export const begunSignIns = {
  begunPerAddress: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE',
    60,
    1,
    100_000,
    'Sign-ins that may begin in a minute from one address (IPv6: one /64), in browsers where nobody has signed in before. Requests with `prompt=none` count too. Counted apart are requests that a page loads as an image or frame, pushed requests of public clients and, for each client, devices that ask for a code. Behind a proxy, `SALLYPORT_PROXY_HOPS` must be right for this.',
  ),
  begunPerNetwork: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE',
    600,
    1,
    1_000_000,
    'The same from one network (IPv4: /24, IPv6: /48).',
  ),
  begunPerDevice: count(
    'SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE',
    60,
    1,
    100_000,
    'Sign-ins that may begin in a minute in one browser in which somebody has signed in before. No other limit applies there, so that strangers at the same address cannot stop it.',
  ),
  storedSignIns: count(
    'SALLYPORT_STORED_SIGN_INS_WITHOUT_PASSWORD',
    5000,
    0,
    1_000_000,
    'Sign-ins without a proven password that the short-lived store takes within `SALLYPORT_INTERACTION_LIFETIME`, from browsers where nobody has signed in before; at most 16 KiB each. A begun sign-in is usually kept in a cookie of its browser and does not count: only a request that is too long for a cookie (parameters above about 1 KiB) does, and the fourth that is open in one browser. Devices that wait for a person (RFC 8628) have a limit of the same size.',
  ),
};
