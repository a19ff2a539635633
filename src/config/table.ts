/**
 * Lists every setting once, with its name, default, check and documentation. `docs/configuration.md` is generated from it. A file of
 * `table/` holds the settings of one subject.
 */
import type * as z from 'zod';
import type { Setting } from './setting.ts';
import { begunSignIns } from './table/begun-sign-ins.ts';
import { clientCertificates } from './table/client-certificates.ts';
import { clients } from './table/clients.ts';
import { signingKeys } from './table/keys.ts';
import { lifetimes } from './table/lifetimes.ts';
import { mail } from './table/mail.ts';
import { passkeys } from './table/passkeys.ts';
import { passwords } from './table/passwords.ts';
import { push } from './table/push.ts';
import { secondSteps } from './table/second-steps.ts';
import { server } from './table/server.ts';
import { signIns } from './table/sign-ins.ts';
import { stores } from './table/stores.ts';
import { telemetry } from './table/telemetry.ts';
import { telephone } from './table/telephone.ts';

/** All settings, in the order of the reference page. */
export const table = {
  ...server,
  ...stores,
  ...signIns,
  ...passkeys,
  ...push,
  ...telephone,
  ...mail,
  ...clients,
  ...clientCertificates,
  ...passwords,
  ...begunSignIns,
  ...lifetimes,
  ...secondSteps,
  ...signingKeys,
  ...telemetry,
};

export type Table = typeof table;
/** Checked values by their key in the table; undefined where an optional setting is unset. */
export type Values = {
  readonly [K in keyof Table]: Table[K] extends { readonly fallback: string }
    ? z.output<Table[K]['check']>
    : z.output<Table[K]['check']> | undefined;
};

export type SettingKey = keyof Table;
const isKey = (name: string): name is SettingKey => name in table;
/** Keys of the table, in its order. */
export const keys: readonly SettingKey[] = Object.keys(table).filter(isKey);
/** Entry of one key, with the type of its value erased. */
export const entryOf = (key: SettingKey): Setting => table[key];
