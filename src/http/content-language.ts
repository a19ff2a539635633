/** Sets `Content-Language` (RFC 9110 §8.5) to the language that each HTML document declares. */
import type { Middleware } from 'koa';

const langAttribute = /^<!DOCTYPE html>\s*<html lang="([A-Za-z-]{2,35})"/u;

/** Reads the `lang` attribute of the document. Other answers get no header. */
export const nameLanguage: Middleware = async (ctx, next) => {
  await next();
  const body: unknown = ctx.body;
  const language = ctx.type === 'text/html' && typeof body === 'string' ? langAttribute.exec(body)?.[1] : undefined;
  if (language !== undefined) ctx.set('content-language', language);
};
