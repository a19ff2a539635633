/** Reads the authenticators of a person for the pages of the security page. */
import type { Context } from 'koa';
import { isRecoveryCodeSet, type RecoveryCodeSet } from '../../src/mfa/factors/recovery-code.ts';
import type { Authenticator, Factor } from '../../src/mfa/factor.ts';
import { nameOf, preferred, type Method } from '../../src/mfa/assurance.ts';
import type { StoredAuthenticator } from '../../src/mfa/sealed-authenticators.ts';
import { mayBeDefault } from '../../src/mfa/independence.ts';
import { isMethod } from '../../src/mfa/recovery-types.ts';
import { hasPasskeys, isPasskey } from '../../src/mfa/passkeys/data.ts';
import { noticedMethod } from '../../src/mfa/methods.ts';
import { fewRecoveryCodes } from '../../src/mfa/recovery-codes.ts';
import { waysOf } from '../../src/mfa/removal.ts';
import type { User } from '../../src/records.ts';
import type { FirstChoice, OwnAuthenticator, RecoveryCodesShown } from '../../web/pages/account-props.ts';
import type { AccountDeps } from './deps.ts';
import { shownDevice } from './shown-device.ts';
import { shownPasskey } from './shown-passkey.ts';

/** The authenticators of a person, and the methods that they make possible. */
export interface Owned {
  readonly stored: readonly StoredAuthenticator[];
  /** Those that the person can use now. */
  readonly usable: readonly Method[];
  /** The set of recovery codes. */
  readonly codes?: Authenticator<RecoveryCodeSet>;
}

export const readOwned = async (
  { authenticators, methods, factors }: Pick<AccountDeps, 'authenticators' | 'methods' | 'factors'>,
  user: User,
): Promise<Owned> => {
  const [all, usable] = await Promise.all([authenticators.of(user), methods.usableBy(user)]);
  // One of a factor that is not in use here cannot be used, and is not shown. A passkey or phone that is refused now can be removed.
  const isShown = (each: StoredAuthenticator): boolean =>
    waysOf(each, factors).length > 0 ||
    (isPasskey(each) && hasPasskeys(factors)) ||
    shownDevice(each, factors) !== undefined;
  const stored = all.filter(each => isMethod(each) && isShown(each));
  const codes = (all as readonly Authenticator[]).find(isRecoveryCodeSet);
  return { stored, usable, ...(codes !== undefined && { codes }) };
};

/** The id in an address such as `/account/methods/:id/name`. */
export const addressedId = (ctx: Context): string | undefined => {
  const params: unknown = ctx['params'];
  const id: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
};

/** Whether a method asks for this authenticator, alone or with others of its type. */
const asksFor = (method: Method, authenticator: StoredAuthenticator, factors: readonly Factor[]): boolean =>
  method.chosen === undefined
    ? waysOf(authenticator, factors).includes(method.factor)
    : method.chosen === authenticator.id;

/** The methods of one authenticator that the person can use now. */
export const methodsWith = (
  { usable }: Owned,
  authenticator: StoredAuthenticator,
  factors: readonly Factor[],
): readonly Method[] => usable.filter(method => asksFor(method, authenticator, factors));

/** What is left without this authenticator and what was bound with it. A method that asks for others of its type is left with them. */
export const ownedWithout = (owned: Owned, removed: StoredAuthenticator, factors: readonly Factor[]): Owned => {
  const stored = owned.stored.filter(({ id, boundWith }) => id !== removed.id && boundWith !== removed.id);
  const usable = owned.usable.filter(method => stored.some(each => asksFor(method, each, factors)));
  return { ...owned, stored, usable };
};

/** The recovery codes as pages show them. */
export const shownCodes = ({ codes }: Owned): RecoveryCodesShown => {
  if (codes === undefined) return { isLow: false };
  const { unused, used } = codes.data;
  const isLow = unused.length <= fewRecoveryCodes;
  return { left: unused.length, total: unused.length + used.length, madeAt: codes.createdAt, isLow };
};

/** An authenticator as pages show it. */
export const shownAuthenticator = (
  owned: Owned,
  authenticator: StoredAuthenticator,
  { defaultMethod }: User,
  factors: readonly Factor[],
): OwnAuthenticator => {
  const { id, type, label, createdAt, lastUsedAt } = authenticator;
  const { masked } = noticedMethod(authenticator, factors);
  const passkey = shownPasskey(authenticator, factors);
  const device = shownDevice(authenticator, factors);
  return {
    id,
    type,
    label,
    ways: waysOf(authenticator, factors),
    isDefault: defaultMethod?.authenticator === id,
    isDisabled: methodsWith(owned, authenticator, factors).length === 0,
    addedAt: createdAt,
    ...(masked !== undefined && { masked }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(passkey !== undefined && { passkey }),
    ...(device !== undefined && { device }),
  };
};

/** The methods of which a person chooses the default. `isDefault`: the one that is asked for first now, chosen or not. */
export const firstChoices = ({ usable, stored }: Owned): readonly FirstChoice[] => {
  const first = preferred(usable, 'sfa');
  const mayBeFirst = ({ chosen }: Method): boolean => {
    const own = stored.find(({ id }) => id === chosen);
    return own === undefined || mayBeDefault(own, stored);
  };
  return usable.filter(mayBeFirst).map(method => ({
    method: nameOf(method),
    factor: method.factor,
    label: method.label,
    isDefault: method === first,
    ...(method.masked !== undefined && { masked: method.masked }),
  }));
};

/** The factor and authenticator behind a posted choice; undefined: no method of this person. */
export const chosenMethod = (
  { usable, stored }: Owned,
  posted: string | undefined,
  factors: readonly Factor[],
): { readonly factor: string; readonly authenticator: string } | undefined => {
  const method = usable.find(each => nameOf(each) === posted);
  if (method === undefined) return undefined;
  const authenticator = stored.find(each => asksFor(method, each, factors))?.id;
  return authenticator === undefined ? undefined : { factor: method.factor, authenticator };
};
