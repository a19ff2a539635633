/** Chooses the words of the app. All languages are in its bundle, so that it can change offline. */
import { authenticator as de } from '../../../src/locales/de/authenticator.ts';
import { authenticator as en } from '../../../src/locales/en/authenticator.ts';
import { authenticator as fr } from '../../../src/locales/fr/authenticator.ts';
import type { AppLanguage } from './state.ts';

/** All sentences of the app in one language. */
export type AppWords = typeof en;

const catalogues: Readonly<Record<AppLanguage, AppWords>> = { en, de, fr };

/** Each language with its own name for itself. */
export const languageNames: Readonly<Record<AppLanguage, string>> = { en: 'English', de: 'Deutsch', fr: 'Français' };

export const wordsIn = (language: AppLanguage): AppWords => catalogues[language];
