/**
 * Adds what works only with script, on every page: the button Show in each password field, the button Copy beside the reference,
 * a reload without a second submission, times in the time zone of the browser, and a menu of languages that closes.
 */
document.querySelectorAll<HTMLButtonElement>('button[data-show]').forEach(show => {
  const password = show.parentElement?.querySelector('input');
  if (!password) return;
  show.hidden = false;
  show.addEventListener('click', () => {
    const shown = password.type === 'text';
    password.type = shown ? 'password' : 'text';
    show.textContent = (shown ? show.dataset['show'] : show.dataset['hide']) ?? '';
    show.setAttribute('aria-pressed', String(!shown));
  });
  // Password managers save the value of a field that is a password field when the form is submitted.
  password.form?.addEventListener('submit', () => {
    password.type = 'password';
  });
});

document.querySelectorAll<HTMLButtonElement>('button[data-copy]').forEach(button => {
  button.hidden = false;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(button.dataset['copy'] ?? '');
    button.textContent = button.dataset['copied'] ?? '';
  };
  button.addEventListener('click', () => void copy());
});

// Scrolls to the open menu of languages, which may be below the end of a short window. Closes it on Escape and on a press elsewhere.
const menu = document.querySelector<HTMLDetailsElement>('.languages');
if (menu) {
  menu.addEventListener('toggle', () => {
    if (menu.open) menu.querySelector('form')?.scrollIntoView({ block: 'nearest' });
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  });
}

// A page that answers a POST would be posted again by Reload or Back: one more guess, or an error page of the browser.
// The address of the sign-in shows the current state with a GET.
const answered = /^(?<here>\/interaction\/[^/]+)\/(?:password|passkey|factor|resend|enroll\/[a-z]+)$/u.exec(
  location.pathname,
);
if (answered?.groups?.['here']) history.replaceState(undefined, '', answered.groups['here']);

const { lang } = document.documentElement;
// Prefers the region of the browser where it has the language of the page: 14:32 or 2:32 PM.
const regions = [...navigator.languages.filter(each => each.startsWith(lang)), lang];
const now = new Date();
/** After that a weekday alone could mean several days. */
const week = 6 * 86_400_000;
/** Parts of a date, with the year where it is not this one. */
const dateOf = (at: Date): Intl.DateTimeFormatOptions => ({
  day: 'numeric',
  month: 'long',
  ...(at.getFullYear() !== now.getFullYear() && { year: 'numeric' }),
});
/** The day of a moment, in as few words as tell it. */
const dayOf = (at: Date): Intl.DateTimeFormatOptions => {
  if (at.toDateString() === now.toDateString()) return {};
  return Math.abs(now.getTime() - at.getTime()) < week ? { weekday: 'long' } : dateOf(at);
};
document.querySelectorAll<HTMLTimeElement>('time[data-local]').forEach(time => {
  const at = new Date(time.dateTime);
  const isDay = time.dataset['local'] === 'day';
  // Without a digit it is today or yesterday.
  if (isDay && !/\d/u.test(time.textContent)) return;
  const parts = isDay ? dateOf(at) : ({ ...dayOf(at), hour: 'numeric', minute: '2-digit' } as const);
  time.textContent = new Intl.DateTimeFormat(regions, parts).format(at);
});
