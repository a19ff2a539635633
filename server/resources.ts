/** Opens the stores and carriers that the settings name. Only this file and the command line import adapters. */
import { existsSync } from 'node:fs';
import type { Settings, SmtpSettings } from '../src/config.ts';
import type { Resources } from './services.ts';
import { createLog, type Log } from '../src/log.ts';
import { createOutbound } from '../src/http/outbound.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { factorsFor } from '../src/mfa/factors/index.ts';
import type { Carrier } from '../src/ports/carriers.ts';
import type { MailTransport } from '../src/ports/mail.ts';
import type { OpenPush } from '../src/ports/push.ts';
import type { Clock, Schedule } from '../src/ports/time.ts';
import type { DurableStore, ShortLivedStore } from '../src/ports/stores.ts';
import { createPasswordHasher } from '../src/users/passwords/password-hasher.ts';
import { openWebPush } from '../adapters/web-push.ts';
import { timers } from './timers.ts';

/** Open resources, with the function that closes them. */
export interface OpenResources extends Resources {
  /** Ends the hashing process and closes both stores. */
  close(): Promise<void>;
}

/**
 * The path of the database that `openResources` is going to create; undefined where there is one already. A mistyped path looks
 * like an installation without accounts, so that its operator must be told.
 */
export const newDatabase = ({ database }: Settings): string | undefined =>
  database.store === 'sqlite' && !existsSync(database.path) ? database.path : undefined;

/** Opens all resources. @throws Problem 'unavailable' that names the failed resource and the reason. */
export const openResources = async (
  settings: Settings,
  given: { readonly clock?: Clock; readonly log?: Log } = {},
): Promise<OpenResources> => {
  const { clock = Date.now, log = createLog({ level: settings.logLevel }) } = given;
  const { durable, shortLived } = await openStores(settings, clock, log);
  const passwords = createPasswordHasher(settings.password);
  const factors = factorsFor(settings).filter(factor => settings.factors.includes(factor.type));
  return {
    settings,
    clock,
    log,
    durable,
    shortLived,
    carriers: await openCarriers(settings, factors),
    ...(settings.smtp !== undefined && { mailTransport: await openMail(settings.smtp) }),
    openPush: pushOver(settings, clock),
    factors,
    passwords,
    async close() {
      await Promise.all([passwords.close(), shortLived.close(), durable.close()]);
    },
  };
};

interface Stores {
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
}

const openStores = async (settings: Settings, clock: Clock, log: Log): Promise<Stores> => {
  const { database, redis } = settings;
  if (database.store === 'sqlite' && redis === undefined) {
    return (await import('../adapters/sqlite.ts')).openSqlite({ file: database.path, clock, log });
  }
  const durable = await openDurable(settings, clock, log);
  try {
    return { durable, shortLived: await openShortLived(settings, clock, log) };
  } catch (error) {
    await durable.close();
    throw error;
  }
};

/**
 * Opens the durable store. Drivers are imported only if a setting needs them, because each import slows the start.
 * @throws Problem 'unavailable' with the reason
 */
export const openDurable = async ({ database, issuer }: Settings, clock: Clock, log: Log): Promise<DurableStore> => {
  if (database.store === 'mongodb') {
    const { openMongoDurable } = await import('../adapters/mongodb.ts');
    return openMongoDurable({ url: database.url, clock, realm: issuer.host, log });
  }
  if (database.store === 'memory') return (await import('../adapters/memory.ts')).openMemoryDurable({ clock });
  return (await import('../adapters/sqlite.ts')).openSqliteDurable({ file: database.path, clock, log });
};

const openShortLived = async ({ redis, issuer }: Settings, clock: Clock, log: Log): Promise<ShortLivedStore> => {
  if (redis !== undefined) {
    const { openRedis } = await import('../adapters/redis.ts');
    return openRedis({ redis, clock, realm: issuer.host, log });
  }
  // Never with MongoDB: its settings demand Redis.
  return (await import('../adapters/memory.ts')).openMemoryShortLived({ clock });
};

/** Opens the carriers that the factors in use need. */
const openCarriers = async ({ twilio }: Settings, factors: readonly Factor[]): Promise<readonly Carrier[]> => {
  const needed = [...new Set(factors.flatMap(({ via }) => via ?? []))];
  if (twilio === undefined || needed.length === 0) return [];
  const { openTwilio } = await import('../adapters/twilio.ts');
  return [openTwilio(twilio, needed)];
};

const openMail = async (settings: SmtpSettings): Promise<MailTransport> =>
  (await import('../adapters/smtp.ts')).openSmtp(settings);

/** Pushes of this process. Only origins that the operator named may have special addresses. */
export const pushOver = (
  { push: { services, contact } }: Pick<Settings, 'push'>,
  clock: Clock,
  schedule: Schedule = timers,
): OpenPush => {
  const post = createOutbound({ allowed: services, schedule });
  return key => openWebPush({ key, contact, post, clock });
};
