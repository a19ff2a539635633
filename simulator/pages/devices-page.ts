/** Draws the devices that subscribed at the push service, what was pushed to each, and the setting of the service. */
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';
import { pushBehaviours, type PushBehaviourName } from '../push/behaviours.ts';
import type { DeviceView, PushView } from '../push/push-service.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { secondsClock } from './format.ts';
import type { ServerUrls } from './header.ts';
import { icons } from './icons.ts';

const maxShown = 20;

/** The notification of a declarative push (`web_push: 8030`), as far as the payload is one. */
interface Notification {
  readonly title?: unknown;
  readonly body?: unknown;
  readonly navigate?: unknown;
}

const notificationOf = ({ payload }: PushView): Notification => {
  try {
    const value: unknown = JSON.parse(payload);
    const shown =
      typeof value === 'object' && value !== null && 'notification' in value ? value.notification : undefined;
    return typeof shown === 'object' && shown !== null ? shown : {};
  } catch {
    return {};
  }
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const link = (value: unknown): string | undefined => {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
};

const notification = (push: PushView, device: DeviceView): Html => {
  const { title, body, navigate } = notificationOf(push);
  const target = link(navigate);
  return html`<li class="mail" id="push-${push.id}">
    <h3>${text(title) ?? 'A push without a notification'}</h3>
    <p class="when">To ${device.name}, ${secondsClock(push.arrivedAt)}, urgency ${push.urgency ?? 'normal'}</p>
    <p class="words" dir="auto">${text(body) ?? push.payload}</p>
    ${
      target !== undefined &&
      html`<p class="mail-actions">
        <a href="${target}" target="_blank" rel="noopener">Tap<span class="visually-hidden"> this notification</span></a>
      </p>`
    }
  </li>`;
};

const serviceSelect = (chosen: PushBehaviourName | undefined): Html =>
  html`<form class="carrier-api" method="post" action="/push-service" data-submits>
    <div class="chooser">
      <label for="push-service">Push service</label>
      <select id="push-service" name="behaviour">
        ${Object.entries(pushBehaviours).map(
          ([name, { label }]) =>
            html`<option value="${name}" selected="${name === (chosen ?? 'delivers')}">${label}</option>`,
        )}
      </select>
      ${icons.chevron}
    </div>
    <button class="small" type="submit" data-scriptless>Set</button>
  </form>`;

/** The link to the real app, and the notifications of all devices, newest first. */
export const devicesPage = ({ push }: Simulation, { issuer }: ServerUrls): Html => {
  const devices = push.devices();
  const shown = devices
    .flatMap(device => device.pushes.map(each => ({ device, each })))
    .toSorted((a, b) => b.each.id - a.each.id);
  return html`<section class="panel mailbox" aria-labelledby="devices-title">
    <div class="title">
      <h2 id="devices-title">Notifications</h2>
      <p>Pushes to devices that subscribed here, newest first</p>
      ${serviceSelect(push.override)}
    </div>
    ${
      issuer !== undefined &&
      html`<p class="hint">
        <a href="${new URL('/authenticator/', issuer).href}" target="_blank" rel="noopener">Open the authenticator</a>: this
        browser is then the phone. Requests appear there while it is open.
      </p>`
    }
    ${
      shown.length === 0
        ? html`<p class="hint">No notifications yet. ${devices.length === 0 && 'No device has subscribed.'}</p>`
        : html`<ol class="mails">
            ${shown.slice(0, maxShown).map(({ device, each }) => notification(each, device))}
          </ol>`
    }
  </section>`;
};
