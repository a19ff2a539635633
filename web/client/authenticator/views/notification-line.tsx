/** Says whether requests reach this phone while the app is closed, and offers what helps. */
import type { JSX } from 'preact';
import type { Notifications } from '../state.ts';
import { Button } from './frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { View } from './view.ts';

const icons: Readonly<Record<Notifications, IconName>> = {
  checking: 'bell',
  works: 'tick',
  ask: 'bell',
  blocked: 'alert',
  unsupported: 'bell',
  failed: 'alert',
  gone: 'alert',
};
/** States in which asking the browser again can help. */
const canTurnOn: ReadonlySet<Notifications> = new Set(['ask', 'failed', 'gone']);

/** `inFull`: with the advice for a browser that blocks notifications. */
export const NotificationLine = ({
  view,
  inFull = false,
}: {
  readonly view: View;
  readonly inFull?: boolean;
}): JSX.Element => {
  const { state, actions, words } = view;
  const { notifications, test } = state;
  const said = words.notifications;
  return (
    <div class="reach">
      <div class={`reach-line ${notifications}`}>
        <Icon name={icons[notifications]} />
        <p>{said.states[notifications]}</p>
        {notifications === 'works' && (
          <Button look="quiet" onClick={actions.sendTest}>
            {said.test}
          </Button>
        )}
        {canTurnOn.has(notifications) && (
          <Button look="quiet" onClick={actions.allowNotifications}>
            {said.turnOn}
          </Button>
        )}
      </div>
      {inFull && notifications === 'blocked' && <p class="hint">{said.unblock}</p>}
      <p class="hint" role="status">
        {test !== undefined && said.tests[test]}
      </p>
    </div>
  );
};
