/** Selects the language of an answer, and stores the choice of a browser in a cookie. */
import type { Context } from 'koa';
import { cookieName } from './cookie-name.ts';
import { chosenLanguage, languages, wording, type Words } from '../locales/wording.ts';

type LanguageContext = Pick<Context, 'cookies' | 'secure' | 'get' | 'acceptsLanguages'>;

const year = 31_536_000_000;
const languageCookie = ({ secure }: Pick<Context, 'secure'>): string => cookieName('language', { isHttps: secure });

/** Language that was chosen in this browser; undefined where the cookie is absent or has another value. */
const browsersLanguage = (ctx: LanguageContext): string | undefined => {
  const chosen = ctx.cookies.get(languageCookie(ctx), { signed: false });
  return languages.find(language => language === chosen);
};

/** Stores the choice in this browser for a year. False, without a cookie, where the language is not available. */
export const keepLanguage = (ctx: Pick<Context, 'cookies' | 'secure'>, wanted: string | undefined): boolean => {
  const language = languages.find(each => each === wanted);
  if (language === undefined) return false;
  ctx.cookies.set(languageCookie(ctx), language, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.secure,
    signed: false,
    overwrite: true,
    maxAge: year,
  });
  return true;
};

/** Preferences besides those of the browser. */
export interface LanguagePreferences {
  /** `ui_locales` of the request (OIDC Core §3.1.2.1), in order of preference. */
  readonly asked?: readonly string[];
  /** The person's own language, once the person is known. */
  readonly person?: string | undefined;
}

/** Characters. Headers of browsers are shorter; a longer one is ignored, so that parsing takes little time. */
const maxHeaderLength = 1000;

/** Tags of `Accept-Language` (RFC 9110 §12.5.4) by descending weight, without those refused by `q=0`. */
export const acceptedLanguages = (ctx: Pick<Context, 'get' | 'acceptsLanguages'>): readonly string[] =>
  ctx.get('accept-language').length > maxHeaderLength ? [] : ctx.acceptsLanguages();

/** Tags in order of preference: chosen in this browser, asked for by the client, the person's own, the browser's. */
export const wantedLanguages = (
  ctx: LanguageContext,
  { asked = [], person }: LanguagePreferences = {},
): readonly string[] => {
  const chosen = browsersLanguage(ctx);
  return [
    ...(chosen === undefined ? [] : [chosen]),
    ...asked.slice(0, 10),
    ...(person === undefined ? [] : [person]),
    ...acceptedLanguages(ctx),
  ];
};

/** Catalogue in which this request is answered. */
export const wordsFor = (ctx: LanguageContext, preferences?: LanguagePreferences): Words =>
  wording(chosenLanguage(wantedLanguages(ctx, preferences)));
