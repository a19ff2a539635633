/** Settings: notifications, accounts, history, language. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { appLanguages } from '../state.ts';
import { languageNames } from '../words.ts';
import { Button, Screen, Tile } from './frame.tsx';
import { Icon } from './icons.tsx';
import { NotificationLine } from './notification-line.tsx';
import type { View } from './view.ts';

export const Settings = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const language = useId();
  const said = words.settingsPage;
  return (
    <Screen view={view} heading={words.settings}>
      <section aria-labelledby="notifications">
        <h2 id="notifications">{words.notifications.heading}</h2>
        <NotificationLine view={view} inFull />
      </section>
      {state.entries.length > 0 && (
        <section aria-labelledby="accounts">
          <h2 id="accounts">{words.home.accounts}</h2>
          <ul class="entries">
            {state.entries.map(({ id, title, account }) => (
              <li key={id}>
                <button type="button" class="row" onClick={() => actions.go({ at: 'entry', entry: id })}>
                  <Tile name={title} />
                  <span class="texts">
                    <b>
                      <bdi>{title}</bdi>
                    </b>
                    <small>
                      <bdi>{account}</bdi>
                    </small>
                  </span>
                  <Icon name="chevron" />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <button type="button" class="row" onClick={() => actions.go({ at: 'history' })}>
        <Icon name="clock" />
        <span class="texts">
          <b>{said.history}</b>
        </span>
        <Icon name="chevron" />
      </button>
      <div class="field">
        <label for={language}>{said.language}</label>
        <select
          id={language}
          value={state.language}
          onChange={({ currentTarget }) => {
            const chosen = appLanguages.find(each => each === currentTarget.value);
            if (chosen !== undefined) actions.setLanguage(chosen);
          }}
        >
          {appLanguages.map(each => (
            <option key={each} value={each} lang={each}>
              {languageNames[each]}
            </option>
          ))}
        </select>
      </div>
      {state.canInstall && (
        <div class="follow">
          <Button icon="phone" onClick={actions.install}>
            {words.home.install}
          </Button>
        </div>
      )}
      <p class="hint">{said.about}</p>
    </Screen>
  );
};
