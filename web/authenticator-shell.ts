/**
 * Draws the page of the web app at /authenticator: it is empty until its script has started. The service worker keeps a copy, so
 * it tells no fact of a person or a request.
 */
import type { AuthenticatorApp } from './authenticator-bundle.ts';
import { html } from './html.ts';

/** The page as HTML. `noScript`: what to say where scripts are off. */
export const authenticatorShell = (
  { script, style, appleTouchIcon }: AuthenticatorApp,
  { language, noScript }: { readonly language: string; readonly noScript: string },
): string =>
  html`<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="color-scheme" content="light dark"><title>Sallyport Authenticator</title><link rel="manifest" href="/authenticator/manifest.webmanifest"><link rel="apple-touch-icon" href="${appleTouchIcon}"><link rel="icon" href="${appleTouchIcon}"><link rel="stylesheet" href="${style}"><script type="module" src="${script}"></script></head><body><div id="app"></div><noscript><p>${noScript}</p></noscript></body></html>`
    .text;
