/** Checks the members of an account that people and clients see, beside its name and address (claims of OIDC Core §5.1). */
import { trimInvisible } from './names/trim.ts';

/** Members as they are kept. */
export interface Profile {
  /** 1 to 200 characters on one line. */
  readonly displayName: string;
  /** BCP 47: the language of calls, texts and pages where neither browser nor client asks for another. Claim `locale`. */
  readonly language?: string;
  /** Time zone by its IANA name, such as Europe/Berlin. Claim `zoneinfo`. */
  readonly zoneinfo?: string;
  /** Names of the groups that clients may decide by, sorted and each once. Claim `groups`. */
  readonly groups?: readonly string[];
}

/** A member that cannot be kept as it was given. */
export type ProfileMistake = 'display-name' | 'language' | 'zoneinfo' | 'groups';

/** Characters, but the last: groups. Each ID token or userinfo answer may hold all groups. */
export const longest = { displayName: 200, group: 200, groups: 200 } as const;

/** The name trimmed; undefined where it cannot be shown. */
export const shownName = (typed: string): string | undefined => oneLine(typed, longest.displayName);

/** Changes of a profile: a member that is present and undefined is removed. */
export type ProfileChanges = { readonly [Member in keyof Profile]?: Profile[Member] | undefined };

/** The members of `given` that are not undefined, trimmed and in one spelling; or the first mistake. */
export const checkProfile = (
  given: ProfileChanges,
):
  | { readonly ok: true; readonly profile: Partial<Profile> }
  | { readonly ok: false; readonly mistake: ProfileMistake } => {
  const displayName = given.displayName === undefined ? undefined : shownName(given.displayName);
  const language = given.language === undefined ? undefined : languageTag(given.language);
  const zoneinfo = given.zoneinfo === undefined ? undefined : timeZone(given.zoneinfo);
  const groups = given.groups === undefined ? undefined : groupNames(given.groups);
  if (given.displayName !== displayName && displayName === undefined) return { ok: false, mistake: 'display-name' };
  if (given.language !== language && language === undefined) return { ok: false, mistake: 'language' };
  if (given.zoneinfo !== zoneinfo && zoneinfo === undefined) return { ok: false, mistake: 'zoneinfo' };
  if (given.groups !== groups && groups === undefined) return { ok: false, mistake: 'groups' };
  const profile = {
    ...(displayName !== undefined && { displayName }),
    ...(language !== undefined && { language }),
    ...(zoneinfo !== undefined && { zoneinfo }),
    ...(groups !== undefined && { groups }),
  };
  return { ok: true, profile };
};

/** The text trimmed; undefined where it breaks a page, a list or a terminal. Joiners are kept: some scripts need them. */
const oneLine = (typed: string, characters: number): string | undefined => {
  const text = trimInvisible(typed);
  const isShort = text !== '' && Array.from(text).length <= characters;
  return isShort && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? text : undefined;
};

const languageTag = (typed: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(typed.trim())[0];
  } catch {
    return undefined;
  }
};

/** Offsets such as +01:00 are refused: they are no IANA names, and know no summer time. */
const timeZone = (typed: string): string | undefined => {
  const wanted = typed.trim();
  if (!/^[a-z]/i.test(wanted)) return undefined;
  try {
    Intl.DateTimeFormat('en', { timeZone: wanted });
  } catch {
    return undefined;
  }
  // Clients compare case, this check does not. Old names such as Asia/Calcutta are kept as typed.
  const known = Intl.supportedValuesOf('timeZone').find(name => name.toLowerCase() === wanted.toLowerCase());
  return known ?? wanted;
};

const groupNames = (typed: readonly string[]): readonly string[] | undefined => {
  const names = typed.map(name => oneLine(name.normalize('NFC'), longest.group));
  const once = [...new Set(names)].filter(name => name !== undefined).toSorted();
  return names.includes(undefined) || once.length > longest.groups ? undefined : once;
};
