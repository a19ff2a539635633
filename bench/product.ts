/** Opens the product as it is served, over one store, with accounts and clients in it. */
import { createApp } from '../server/app.ts';
import { createOverloaded } from '../server/endpoints/overloaded.ts';
import { guardOverload } from '../server/overload.ts';
import { servicesOver } from '../cli/services.ts';
import { loadSettings, type Settings } from '../src/config.ts';
import { openResources } from '../server/resources.ts';
import { populate } from './population.ts';
import { issuer } from './requests.ts';
import type { OpenedServer, ProductSpec } from './server-spec.ts';

/** The account of the product at the simulated carrier. */
export const carrierAccount = { sid: `AC${'5'.repeat(32)}`, token: 'c0ffee'.repeat(6), number: '+12025550100' };

/** Calls go to the simulator, and it calls back at `port`. All numbers of the bench are of a few blocks. */
const carrierSettings = (carrierUrl: string, port: number): Record<string, string> => ({
  SALLYPORT_TWILIO_ACCOUNT_SID: carrierAccount.sid,
  SALLYPORT_TWILIO_AUTH_TOKENS: carrierAccount.token,
  SALLYPORT_TWILIO_FROM: carrierAccount.number,
  SALLYPORT_TWILIO_API_BASE: carrierUrl,
  SALLYPORT_CALLBACK_BASE: `http://127.0.0.1:${port}`,
  SALLYPORT_SENDS_PER_PREFIX_AND_HOUR: '10000',
  SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY: '10000',
});

const factorsOf = ({ withPhones, carrierUrl }: Pick<ProductSpec, 'withPhones' | 'carrierUrl'>): string =>
  ['totp', ...(withPhones === true ? ['push'] : []), ...(carrierUrl === undefined ? [] : ['call'])].join(',');

/**
 * Settings of the environment. Limits are lifted: thousands of sign-ins come from one address and few browsers here. `port`: where
 * a carrier calls back.
 */
export const environmentOf = (spec: Omit<ProductSpec, 'kind' | 'population'>, port = 0): Record<string, string> => ({
  SALLYPORT_ISSUER: issuer.href.slice(0, -1),
  SALLYPORT_DATABASE_URL: spec.database,
  SALLYPORT_FACTORS: factorsOf(spec),
  ...(spec.carrierUrl !== undefined && carrierSettings(spec.carrierUrl, port)),
  SALLYPORT_INVITATIONS: 'off',
  SALLYPORT_SEALING_KEYS: spec.sealingKeys,
  SALLYPORT_PASSWORD_MEMORY_KIB: `${spec.memoryKiB}`,
  SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '100000',
  // Thousands of wrong passwords come from one address here, and each must be compared.
  SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR: '1000',
  SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE: '100000',
  ...(spec.redisUrl !== undefined && { REDIS_URL: spec.redisUrl }),
});

const settingsOf = (spec: ProductSpec, port?: number): Settings => loadSettings(environmentOf(spec, port));

/** Fills the store of a product that is not opened yet. @throws Error if something cannot be added */
export const fillStore = async (spec: ProductSpec): Promise<void> => {
  const resources = await openResources(settingsOf(spec));
  try {
    await populate(await servicesOver(resources), spec.population ?? {});
  } finally {
    await resources.close();
  }
};

/** Opens it, for a server that listens at `port`. @throws Error if an account cannot be added */
export const openProduct = async (spec: ProductSpec, port: number): Promise<OpenedServer> => {
  const { stoppedAt, population } = spec;
  const resources = await openResources(
    settingsOf(spec, port),
    stoppedAt === undefined ? {} : { clock: () => stoppedAt },
  );
  if (population !== undefined) await populate(await servicesOver(resources), population);
  const app = await createApp(resources);
  const refuse = createOverloaded({ ...resources.settings, clock: resources.clock, log: resources.log });
  return {
    answer: guardOverload({ answer: app.callback, refuse }),
    async close() {
      app.drain();
      await app.close();
      await resources.close();
    },
  };
};
