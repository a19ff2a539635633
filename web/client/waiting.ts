/** Keeps the waiting page true: hears how far the call or the text is, redraws by attribute and text, goes on when it has passed. */
import type { WaitingEvent } from '../pages/props.ts';

const steps: readonly string[] = ['dialled', 'ringing', 'answered'];
const everyPoll = 3000;
// A sign-in lasts ten minutes; a page left open all night must not ask all night.
const mostPolls = 240;

const isEvent = (value: unknown): value is WaitingEvent =>
  typeof value === 'object' && value !== null && 'phase' in value && 'version' in value;

const watch = (root: HTMLElement, address: string): void => {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const status = root.querySelector('[data-status]');
  const left = root.querySelector<HTMLElement>('[data-left]');
  const rim = root.querySelector('.rim .left');
  const form = root.querySelector<HTMLFormElement>('form[data-onward]');
  const total = Number(root.dataset['until']) - Number(root.dataset['since']);
  let deadline = performance.now() + Number(root.dataset['until']) - Number(root.dataset['now']);
  let version = '';
  let finished = false;

  /** The button of the page without script: where nothing can be heard, the person asks. */
  const offer = (): void => form?.querySelector('button[hidden]')?.removeAttribute('hidden');

  const tick = (): void => {
    const milliseconds = Math.max(0, deadline - performance.now());
    const seconds = Math.ceil(milliseconds / 1000);
    const words = left?.dataset['left'];
    if (left && words) left.textContent = words.replace('{n}', String(seconds));
    if (still.matches && seconds % 10 !== 0) return;
    rim?.setAttribute('stroke-dasharray', `${Math.min(100, (100 * milliseconds) / total).toFixed(1)} 100`);
  };

  const draw = (event: WaitingEvent): void => {
    const reached = event.progress === 'over' ? steps.length : steps.indexOf(event.progress);
    root.dataset['progress'] = event.progress;
    const heading = document.querySelector('h1');
    const afterwards = root.dataset['afterwards'];
    if (heading && afterwards && event.progress === 'over') heading.textContent = afterwards;
    if (status) status.textContent = event.status;
    root.querySelectorAll<HTMLElement>('[data-state]').forEach((step, i) => {
      step.dataset['state'] = i < reached ? 'done' : i === Math.max(0, reached) ? 'now' : 'ahead';
    });
    tick();
  };

  // An undelivered text is said above the field: drawn anew, unless that would take away what is being typed.
  const isNews = (event: WaitingEvent): boolean =>
    event.progress === 'undelivered' &&
    root.dataset['progress'] !== 'undelivered' &&
    document.querySelector<HTMLInputElement>('input[data-digits]')?.value === '';

  const hear = (text: string): void => {
    const event: unknown = JSON.parse(text);
    if (!isEvent(event)) return;
    deadline = performance.now() + event.until - event.now;
    if (finished || event.version === version) return;
    version = event.version;
    if (event.phase === 'pending' && !isNews(event)) {
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
      if (response.ok) hear(await response.text());
      else offer();
    } catch {
      // No network for a moment: the next round asks again.
    }
    if (polls < mostPolls) setTimeout(() => void poll(polls + 1), everyPoll);
    else offer();
  };

  const source = new EventSource(address);
  source.addEventListener('message', ({ data }: MessageEvent<string>) => hear(data));
  source.addEventListener('error', () => {
    // It reconnects by itself unless it was refused for good.
    if (source.readyState === EventSource.CLOSED) void poll(0);
  });
  // Whoever leaves by a button of this page ("Not you?") ends the call: hearing of that must not turn them round.
  document.addEventListener('submit', () => {
    finished = true;
    source.close();
  });
  setInterval(tick, 1000);
};

// A page that comes back by Back may show a call that is long over.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

const root = document.querySelector<HTMLElement>('[data-waiting]');
if (root?.dataset['waiting']) watch(root, root.dataset['waiting']);
