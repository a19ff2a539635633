/** Changes the language of a person: for pages in this browser at once, and for pages, calls, texts and mails everywhere. */
import { keepLanguage } from '../../src/http/language.ts';
import { Problem } from '../../src/errors.ts';
import { languages } from '../../src/locales/wording.ts';
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import { accountLinks, fields } from '../../web/pages/links.ts';
import type { AccountDeps } from './deps.ts';
import { redirectAfterChange, type Portal } from '../admission/portal.ts';

/** Adds the route of the language. */
export const accountLanguageRoutes = (portal: Portal, deps: AccountDeps): void => {
  portal.onWrite(
    accountLinks.language,
    { form: { [fields.language]: 64 }, page: accountPath, needs: 'own-highest' },
    async (ctx, { user, by }, form) => {
      const language = languages.find(each => each === form.get(fields.language));
      if (language === undefined) throw new Problem('bad-request', 'got another language, expected one of ours');
      await deps.users.setProfile(user.id, { language }, by.actor);
      keepLanguage(ctx, language);
      redirectAfterChange(deps, ctx, accountPath, 'language-set');
    },
  );
};
