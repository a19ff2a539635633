/** In which language a request is answered, and how a browser keeps the one that was chosen in it. */
import type { Context, Middleware } from 'koa';
import { acceptedLanguages, chosenLanguage, languages, wording, type Words } from '../locales/wording.ts';

type Asked = Pick<Context, 'cookies' | 'secure' | 'get'>;

const year = 31_536_000_000;
// As our other cookies: with https no other host and no plain http can set it.
const cookieName = ({ secure }: Pick<Context, 'secure'>): string => (secure ? '__Host-language' : 'language');

/** What was chosen in this browser; anything that is no language of ours is as if nothing was. */
export const browsersLanguage = (ctx: Asked): string | undefined => {
  const kept = ctx.cookies.get(cookieName(ctx), { signed: false });
  return languages.find(language => language === kept);
};

/** Keeps a language of ours in this browser for a year. False, and nothing is kept: it is none. */
export const keepLanguage = (ctx: Pick<Context, 'cookies' | 'secure'>, wanted: string | undefined): boolean => {
  const language = languages.find(each => each === wanted);
  if (language === undefined) return false;
  ctx.cookies.set(cookieName(ctx), language, {
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

export interface Wishes {
  /** `ui_locales` of the request, the most wanted first. */
  readonly asked?: readonly string[];
  /** Of the person, once somebody is known. */
  readonly person?: string | undefined;
}

/** Tags, the most wanted first: chosen here, asked for by the client, the person's own, the browser's. */
export const wantedLanguages = (ctx: Asked, { asked = [], person }: Wishes = {}): readonly string[] => {
  const chosen = browsersLanguage(ctx);
  return [
    ...(chosen === undefined ? [] : [chosen]),
    ...asked.slice(0, 10),
    ...(person === undefined ? [] : [person]),
    ...acceptedLanguages(ctx.get('accept-language')),
  ];
};

/** The words in which this request is answered. */
export const wordsFor = (ctx: Asked, wishes?: Wishes): Words => wording(chosenLanguage(wantedLanguages(ctx, wishes)));

const ownWord = /^<!DOCTYPE html>\s*<html lang="([A-Za-z-]{2,35})"/u;

/** `Content-Language` (RFC 9110 §8.5) as each document says it of itself, whoever drew it. */
export const nameLanguage: Middleware = async (ctx, next) => {
  await next();
  const body: unknown = ctx.body;
  const language = ctx.type === 'text/html' && typeof body === 'string' ? ownWord.exec(body)?.[1] : undefined;
  if (language !== undefined) ctx.set('content-language', language);
};
