/**
 * Counts a wait down. At its end removes the sentence, makes its buttons ready and tells screen readers once. Until then their
 * forms are not submitted, because the server would refuse them.
 */
const wait = document.querySelector<HTMLElement>('[data-wait]');

/**
 * Milliseconds since this call. Takes the larger of two clocks: one stands still while the computer sleeps, the other may be set
 * back.
 */
const stopwatch = (): (() => number) => {
  const [steady, dated] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - dated);
};

const refuse = (event: Event): void => event.preventDefault();

/** Stops what the button does: the submission of its form, or following a link. Gives a function that makes it ready. */
const holdBack = (button: HTMLElement): (() => void) => {
  const form = button.closest('form');
  const [target, event] = form ? [form, 'submit'] : [button, 'click'];
  target.addEventListener(event, refuse);
  button.setAttribute('aria-disabled', 'true');
  return () => {
    target.removeEventListener(event, refuse);
    button.removeAttribute('aria-disabled');
    // A page has at most one primary button.
    button.classList.replace('later', document.querySelector('.primary') ? 'secondary' : 'primary');
  };
};

const countDown = (sentence: HTMLElement): void => {
  const { id, dataset } = sentence;
  const seconds = sentence.querySelector<HTMLElement>('[data-many]');
  const buttons = document.querySelectorAll<HTMLElement>(`[data-after="${id}"]`);
  const elapsed = stopwatch();
  const releases = Array.from(buttons, holdBack);
  // Screen readers announce only what changes in a region that was there before.
  const speaker = document.createElement('p');
  speaker.setAttribute('role', 'status');
  speaker.className = 'visually-hidden';
  document.querySelector('main')?.append(speaker);

  const finish = (): void => {
    // Its place stays: a button that moves at the moment it becomes ready is missed.
    sentence.style.minBlockSize = `${sentence.getBoundingClientRect().height}px`;
    if (dataset['reload'] !== undefined) {
      location.reload();
      return;
    }
    sentence.replaceChildren();
    delete dataset['wait'];
    releases.forEach(release => release());
    speaker.textContent = dataset['over'] ?? '';
    document.dispatchEvent(new Event('wait-over'));
  };

  const tick = (): void => {
    const left = Number(dataset['wait']) - elapsed();
    if (left <= 0) {
      finish();
      return;
    }
    const count = Math.ceil(left / 1000);
    const words = seconds?.dataset[count === 1 ? 'one' : 'many'];
    if (seconds && words) seconds.textContent = words.replace('{n}', String(count));
    setTimeout(tick, left % 1000 || 1000);
  };
  tick();
};

if (wait) countDown(wait);
