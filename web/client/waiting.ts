/**
 * Keeps the waiting page up to date: receives the progress of the call, text or request, and shows it by changing attributes and text.
 * Submits the form when the challenge has passed. Uses server-sent events (WHATWG HTML), and polls where they are refused.
 */
import type { WaitingEvent } from '../pages/step-props.ts';

const steps: readonly string[] = ['dialled', 'ringing', 'answered'];
/** Milliseconds. */
const pollInterval = 3000;
// Twelve minutes, longer than a sign-in: a page that stays open must not poll forever.
const maxPolls = 240;

const isEvent = (value: unknown): value is WaitingEvent =>
  typeof value === 'object' && value !== null && 'phase' in value && 'version' in value;

const watch = (root: HTMLElement, address: string): void => {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  const status = root.querySelector('[data-status]');
  const left = root.querySelector<HTMLElement>('[data-left]');
  const countdown = root.querySelector('.countdown .left');
  const form = root.querySelector<HTMLFormElement>('form[data-autosubmit]');
  const hint = root.querySelector<HTMLElement>('[data-hint]');
  const hinted = hint?.querySelector('span');
  const total = Number(root.dataset['until']) - Number(root.dataset['since']);
  let deadline = performance.now() + Number(root.dataset['until']) - Number(root.dataset['now']);
  let version = '';
  let finished = false;

  /** Shows the button of the page without script, for when no event can be received: the person checks instead. */
  const showButton = (): void => form?.querySelector('button[hidden]')?.removeAttribute('hidden');

  const tick = (): void => {
    const milliseconds = Math.max(0, deadline - performance.now());
    const seconds = Math.ceil(milliseconds / 1000);
    const minutes = seconds > 90 ? left?.dataset['leftMinutes'] : undefined;
    const words = minutes ?? left?.dataset['left'];
    const count = minutes === undefined ? seconds : Math.ceil(seconds / 60);
    if (left && words) left.textContent = words.replace('{n}', String(count));
    if (reducedMotion.matches && seconds % 10 !== 0) return;
    countdown?.setAttribute('stroke-dasharray', `${Math.min(100, (100 * milliseconds) / total).toFixed(1)} 100`);
  };

  /** Tells where the request is, unless the device has fetched it. */
  const showHint = (): void => {
    if (hinted && root.dataset['progress'] !== 'delivered') hinted.hidden = false;
  };

  const draw = (event: WaitingEvent): void => {
    const reached = event.progress === 'over' ? steps.length : steps.indexOf(event.progress);
    root.dataset['progress'] = event.progress;
    const heading = document.querySelector('h1');
    const afterwards = root.dataset['afterwards'];
    if (heading && afterwards && event.progress === 'over') {
      document.title = document.title.replace(heading.textContent, afterwards);
      heading.textContent = afterwards;
      document.querySelector('[data-instruction]')?.remove();
    }
    // Now there is a code to type.
    if (event.progress === 'answered' && document.activeElement === document.body)
      document.querySelector<HTMLInputElement>('input[data-digits]')?.focus();
    if (status) status.textContent = event.status;
    root.querySelectorAll<HTMLElement>('[data-state]').forEach((step, i) => {
      const isNow = i === Math.max(0, reached);
      step.dataset['state'] = i < reached ? 'done' : isNow ? 'now' : 'ahead';
      if (isNow) step.setAttribute('aria-current', 'step');
      else step.removeAttribute('aria-current');
    });
    if (hinted && event.progress === 'delivered') hinted.hidden = true;
    if (event.progress === 'undelivered') showHint();
    tick();
  };

  // The server draws the message about an undelivered text. A reload would discard typed digits, so only an empty field allows it.
  const needsReload = (event: WaitingEvent): boolean =>
    event.progress === 'undelivered' &&
    root.dataset['progress'] !== 'undelivered' &&
    document.querySelector<HTMLInputElement>('input[data-digits]')?.value === '';

  const receive = (text: string): void => {
    const event: unknown = JSON.parse(text);
    if (!isEvent(event)) return;
    deadline = performance.now() + event.until - event.now;
    if (finished || event.version === version) return;
    version = event.version;
    if (event.phase === 'pending' && !needsReload(event)) {
      draw(event);
      return;
    }
    finished = true;
    source.close();
    if (event.phase === 'passed' && form) form.requestSubmit();
    else location.reload();
  };

  const poll = async (polls: number): Promise<void> => {
    if (finished) return;
    try {
      const response = await fetch(address, { headers: { accept: 'application/json' } });
      if (response.ok) receive(await response.text());
      else showButton();
    } catch {
      // The network failed for a moment. The next poll tries again.
    }
    if (polls < maxPolls) setTimeout(() => void poll(polls + 1), pollInterval);
    else showButton();
  };

  const source = new EventSource(address);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => receive(data));
  source.addEventListener('error', () => {
    // The browser reconnects after a lost connection, but not after a refusal.
    if (source.readyState === EventSource.CLOSED) void poll(0);
  });
  // "Not you?" ends the call, and the event about that end would reload this page and stop the submission.
  document.addEventListener('submit', ({ defaultPrevented }) => {
    if (defaultPrevented) return;
    finished = true;
    source.close();
  });
  setInterval(tick, 1000);
  if (hint) setTimeout(showHint, Number(hint.dataset['hint']));
  const { late, lateAfter } = root.dataset;
  // Without a report of the delivery the page must not look as if all were well.
  const showLate = (): void => {
    if (status && late && ['starting', 'sent'].includes(root.dataset['progress'] ?? '')) status.textContent = late;
  };
  if (late) setTimeout(showLate, Number(lateAfter));
};

// A page that Back restores may show a call that has ended.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

const root = document.querySelector<HTMLElement>('[data-waiting]');
if (root?.dataset['waiting']) watch(root, root.dataset['waiting']);
