/** The settings of the profile: those of a production server, with its own store, and a few that are weaker than their defaults. */
import { join } from 'node:path';

/**
 * Weaker than the defaults: the suite signs one person in hundreds of times an hour, from one address, by a browser that can
 * do no second step.
 */
export const relaxed: Readonly<Record<string, string>> = {
  SALLYPORT_REQUIRED_METHODS: '0',
  SALLYPORT_INVITATIONS: 'off',
  SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '1000000',
  SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '100000',
};

/** How the proxy in front of an issuer with https sends the certificates of clients, as docs/certification.md has it. */
export const certificatesByProxy: Readonly<Record<string, string>> = {
  SALLYPORT_PROXY_HOPS: '1',
  SALLYPORT_CLIENT_CERTIFICATE_HEADER: 'X-Client-Certificate',
  SALLYPORT_CLIENT_CERTIFICATE_FORMAT: 'url-encoded-pem',
};

/** Where a profile runs. */
export interface ProfileAddress {
  /** Origin of the server as the suite reaches it. */
  readonly issuer: string;
  /** Port on loopback. A proxy ends TLS in front of it. */
  readonly port: number;
  /** Origin of the suite. */
  readonly suite: string;
}

/** The whole environment of the server. No variable of the process is read, so that no store of another server is opened. */
export const profileEnvironment = (
  { issuer, port, suite }: ProfileAddress,
  at: { readonly folder: string; readonly sealingKey: string },
): Record<string, string> => ({
  ...relaxed,
  SALLYPORT_MODE: new URL(issuer).protocol === 'https:' ? 'production' : 'development',
  SALLYPORT_ISSUER: issuer,
  SALLYPORT_LISTEN: `127.0.0.1:${port}`,
  ...(new URL(issuer).protocol === 'https:' ? certificatesByProxy : { SALLYPORT_PROXY_HOPS: '0' }),
  SALLYPORT_DATABASE_URL: `sqlite:${join(at.folder, 'certification.db')}`,
  SALLYPORT_SEALING_KEYS: at.sealingKey,
  // No carrier, no mail and no phone: the person has a password alone.
  SALLYPORT_FACTORS: 'totp',
  // The suite registers clients, with a token that each start makes.
  SALLYPORT_REGISTRATION: 'tokens',
  // A suite in containers is at a private address.
  SALLYPORT_OUTBOUND_ORIGINS: suite,
});
